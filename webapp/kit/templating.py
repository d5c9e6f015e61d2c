"""What every template may use. Neutral fragments get the globals only; pages also get who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g
from markupsafe import Markup

from webapp.kit import i18n, ids, text
from webapp.kit.dom import dom_id
from webapp.kit.web import viewer


def icon(name: str, extra: str = "") -> Markup:
    """One symbol of the sprite."""
    return _icon(current_app.jinja_env.globals["asset"]("icons.svg"), name, extra)  # type: ignore[operator]


@lru_cache(maxsize=500)
def _icon(sprite: str, name: str, extra: str) -> Markup:
    href = f"{sprite}#{name}"
    return Markup('<svg class="i{}" aria-hidden="true"><use href="{}"/></svg>').format(extra and f" {extra}", href)


GAP = Markup("<i hidden> · </i>")  # between what stands side by side, for browsers that lay nothing out (w3m)


@dataclass(frozen=True)
class Nav:
    """The counters of the navigation, and the topics every page follows so that they move."""

    circles: int = 0
    groups: int = 0
    inbox: int = 0
    elsewhere: int = 0
    topics: tuple[str, ...] = ()
    quiet: frozenset[str] = frozenset()
    unread: dict[str, int] = field(default_factory=dict)


def init_templating(app: Flask) -> None:
    app.jinja_env.globals.update(
        _=i18n.html,
        ngettext=i18n.html_n,
        client_id=ids.client_id,
        day=i18n.day,
        dom_id=dom_id,
        full=i18n.full,
        gap=GAP,
        hour=i18n.hour,
        icon=icon,
        iso=i18n.iso,
        nav=Nav,  # the home capability puts the real one here
        lang_tag=lambda: i18n.TAGS[i18n.lang()],
        number=i18n.number,
        when=i18n.when,
    )
    app.jinja_env.filters.update(initials=text.initials, short=text.short)

    @app.context_processor
    def page_context() -> dict[str, Any]:
        """Only in pages and replies; a pushed fragment that used one of these would fail."""
        return {"viewer": viewer(), "live_since": g.get("live_since", "")}
