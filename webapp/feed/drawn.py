"""What is drawn of cards, kept: bodies are the same for everybody of one language, zone and day, rows in a feed for
everybody who reacted alike. Only an account's id differs in them, and is put in at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from markupsafe import Markup

from webapp.feed.cards import kind
from webapp.kit import clock, i18n
from webapp.kit.policy import Viewer
from webapp.kit.web import draw

BOUND = 4_000


class Stamped(Protocol):
    """A hashable tuple of all that one row is drawn from, as far as it can change."""

    @property
    def row_id(self) -> int: ...


S = TypeVar("S", bound=Stamped)


class Stamp(NamedTuple):
    """All that one row of a feed is drawn from, as far as it can change."""

    row_id: int
    pinned: bool
    version: int  # of its thread
    mood: str | None  # the viewer's own
    signal: str | None
    mine: bool
    names: int  # how often anybody was given another name
    archived: bool
    circle: str  # its name, which home shows
    own: str | None  # what the viewer did with the card, in its kind's own words
    may_react: bool = False


ME = Markup("<me>")  # stands where the viewer's id goes; no text of a person can hold it unescaped
NEUTRAL = Viewer(identity_id=ME)  # type: ignore[arg-type]
_kept: dict[tuple[Any, ...], Markup] = {}
_turn = threading.Lock()


def body(name: str, item_id: int, context: dict[str, Any]) -> Markup:
    """The body of one card from its loaded context; drawn anew with another version, or at midnight."""
    card = kind(name)
    key = (name, item_id, card.version(context), *_wall())
    found = _kept.get(key)
    return found if found is not None else _keep(key, draw(card.body, **context))


def foot(name: str, context: dict[str, Any], stamp: Stamp) -> Markup:
    """What stands under the body for whoever has this stamp; nothing where the card has no foot."""
    card = kind(name)
    if not card.foot or not context.get("foot"):
        return Markup()
    return draw(card.foot, **context, own=stamp.own, mine=stamp.mine, may=stamp.may_react, viewer=NEUTRAL)


def rows(
    viewer: Viewer,
    template: str,
    stamps: Sequence[Stamp],
    load: Callable[[list[Stamp]], dict[int, dict[str, Any]]],
) -> Markup:
    """The rows of these stamps, in their order, with the viewer's id put in."""
    found = pieces(template, stamps, load, viewer=NEUTRAL)
    return Markup("".join(found.values()).replace(ME, str(viewer.identity_id)))


def pieces(
    template: str, stamps: Sequence[S], load: Callable[[list[S]], dict[int, dict[str, Any]]], **shared: Any
) -> dict[int, Markup]:
    """What stands at these stamps, by row id and in their order. `load` answers the contexts of those that are drawn
    for the first time, by row id, and leaves out what is gone; `shared` stands in each of them."""
    wall = (template, *_wall())
    missing = [stamp for stamp in stamps if (stamp, wall) not in _kept]
    loaded = load(missing) if missing else {}
    found = {}
    for stamp in stamps:
        html = _kept.get((stamp, wall))
        if html is None and stamp.row_id in loaded:
            html = _keep((stamp, wall), draw(template, **shared, **loaded[stamp.row_id]))
        if html is not None:
            found[stamp.row_id] = html
    return found


def _wall() -> tuple[Any, ...]:
    """What else a moment is drawn from."""
    return i18n.lang(), i18n.zone(), clock.local(clock.now(), i18n.zone()).date()


def _keep(key: tuple[Any, ...], html: Markup) -> Markup:
    with _turn:
        while len(_kept) >= BOUND:
            del _kept[next(iter(_kept))]  # the oldest
        _kept[key] = html
    return html


def forget() -> None:
    """For tests: ids begin anew there."""
    _kept.clear()
