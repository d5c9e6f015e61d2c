"""The page of specimens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from webapp.kit import gallery, i18n
from webapp.kit.db import write
from webapp.kit.gallery import Specimen
from webapp.kit.policy import Viewer, rules
from webapp.kit.web import Answer, done, draw, partial, personal, viewer
from webapp.style.actions import leave_mark
from webapp.style.gate import is_open
from webapp.style.queries import TOPIC, ask_rule, pushes, show_cards
from webapp.style.still import still

bp = Blueprint("style", __name__, url_prefix="/-/style")
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Shown:
    """A fragment or macro with all its states: (what is special, the call of a macro, the HTML)."""

    name: str
    anchor: str
    needs: str
    states: list[tuple[str, str, Markup]]


@bp.get("")
@personal
def style_show() -> str:
    """Everything, or what one folder of templates holds (`?of=feed`); `?lang=en&theme=dark` choose the look."""
    who = _as_asked(_admitted())
    with i18n.speaking(who.lang, who.zone):
        of = request.args.get("of", "")
        drawn = {folder: list(_shown(folder)) for folder in _folders() if of in ("", folder)}
        mechanisms = {"rule": ask_rule(who, request.args.get("rule", "circle.read")), "cards": show_cards(who)}
        page = {"of": of, "folders": _folders(), "drawn": drawn, "icons": _icons(), "rules": sorted(rules())}
        told = {"topics": [TOPIC], "pushes": pushes(who), "viewer": who, "still": still}
        return render_template("style/show.html", tab="", **page, **mechanisms, **told)


@bp.post("/marks")
@personal
def marks_create() -> Answer:
    """Leave a mark: the page that asked gets the row as its reply, every open one by the push."""
    _admitted()
    with write():
        mark = leave_mark(viewer())
    row = partial("#marks", draw("style/_mark.html", mark=mark), "afterbegin")
    return done("/-/style#live-push", "style/_mark_form.html", also=(row,), viewer=viewer())


def _admitted() -> Viewer:
    if not is_open(viewer()):
        raise NotFound
    return viewer()


def _as_asked(who: Viewer) -> Viewer:
    """The viewer, in the language and theme that the address names."""
    lang, theme = request.args.get("lang", who.lang), request.args.get("theme", who.theme)
    return replace(who, lang=lang if lang in i18n.LANGUAGES else who.lang, theme=theme if theme in THEMES else "")


def _folders() -> list[str]:
    return sorted({each.template.partition("/")[0] for each in gallery.specimens()})


def _shown(folder: str) -> Iterator[Shown]:
    states: dict[str, list[Specimen]] = {}
    for each in gallery.specimens():
        if each.template.startswith(f"{folder}/"):
            states.setdefault(each.name, []).append(each)
    for number, (name, found) in enumerate(states.items()):
        anchor = f"{folder}-{number}"
        drawn = [(each.state, each.call, _drawn(each, f"{anchor}-{n}")) for n, each in enumerate(found)]
        yield Shown(name, anchor, _needs(found[0]), drawn)


def _drawn(specimen: Specimen, anchor: str) -> Markup:
    html = still(specimen.draw(current_app.jinja_env), anchor)
    if not html.startswith("<li"):
        return html
    role = Markup(' role="listbox" aria-label="%s"') % specimen.template if 'role="option"' in html else ""
    return Markup('<ul class="%s"%s>%s</ul>') % (specimen.within, role, html)


def _needs(specimen: Specimen) -> str:
    source, _name, _fresh = current_app.jinja_env.loader.get_source(current_app.jinja_env, specimen.template)  # type: ignore[union-attr]
    return gallery.signatures(source)[specimen.macro] if specimen.macro else gallery.needs(source)


@lru_cache(maxsize=1)
def _icons() -> list[str]:
    """The names in the sprite."""
    sprite = Path(current_app.root_path) / "static" / "icons.svg"
    return re.findall(r'<symbol id="([\w-]+)"', sprite.read_text("utf-8"))
