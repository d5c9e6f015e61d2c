"""Drawn bodies, kept: a card's body is the same for everybody of one language, zone and day."""

from __future__ import annotations

import threading
from typing import Any

from markupsafe import Markup

from webapp.feed.cards import kind
from webapp.kit import clock, i18n
from webapp.kit.web import draw

BOUND = 2_000
_kept: dict[tuple[Any, ...], Markup] = {}
_turn = threading.Lock()


def body(name: str, item_id: int, context: dict[str, Any]) -> Markup:
    """The body of one card from its loaded context; drawn anew with another version, or at midnight."""
    card = kind(name)
    today = clock.local(clock.now(), i18n.zone()).date()
    key = (name, item_id, card.version(context), i18n.lang(), i18n.zone(), today)
    found = _kept.get(key)
    return found if found is not None else _keep(key, draw(card.body, **context))


def _keep(key: tuple[Any, ...], html: Markup) -> Markup:
    with _turn:
        while len(_kept) >= BOUND:
            del _kept[next(iter(_kept))]  # the oldest
        _kept[key] = html
    return html


def forget() -> None:
    """For tests: ids begin anew there."""
    _kept.clear()
