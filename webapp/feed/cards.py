"""Kinds of cards: a capability registers how many of its cards are loaded at once, and what draws one.

    @card_kind("post", line="posts/_line.html", body="posts/_body.html")
    def load(ids): return {post.id: {"post": post, …}}

`body` is drawn in feeds and on pages, `line` in a chat and wherever a card stands small. Both are neutral:
they know no viewer. Feed, chat, home and search draw the same card through this registry.

What a viewer did with a card (voted, read it) stands in its `foot`, drawn under the body where the context's
`foot` is something. `own(viewer, item_id)` is a column of the feed's statement for it: a short text or NULL, handed to
the fragment as `own` (beside `mine`: the viewer is its author, and `may`: they take part here), and part of what a
drawn row is kept by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from webapp.kit.policy import Viewer

Own = Callable[[Viewer, Any], ColumnElement[Any]]
Load = Callable[[list[int]], dict[int, dict[str, Any]]]


@dataclass(frozen=True)
class CardKind:
    name: str
    body: str
    line: str
    load: Load
    address: Callable[[int], str]  # the page of one card
    version: Callable[[dict[str, Any]], object]  # what the drawn body depends on, for caching
    foot: str = ""
    own: Own | None = None


_kinds: dict[str, CardKind] = {}


def card_kind(
    name: str,
    *,
    body: str,
    line: str,
    address: Callable[[int], str],
    version: Callable[[dict[str, Any]], object],
    foot: str = "",
    own: Own | None = None,
) -> Callable[[Load], Load]:
    """Register a kind. `load(ids)` answers the fragments' context by id; an id that is gone is left out."""

    def declare(load: Load) -> Load:
        _kinds[name] = CardKind(name, body, line, load, address, version, foot, own)
        return load

    return declare


def kind(name: str) -> CardKind:
    return _kinds[name]


def kinds() -> dict[str, CardKind]:
    return dict(_kinds)


def load_cards(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
    """The contexts of many cards, one query set a kind whatever their number."""
    wanted: dict[str, list[int]] = {}
    for name, number in keys:
        wanted.setdefault(name, []).append(number)
    return {
        (name, number): context
        for name, numbers in wanted.items()
        for number, context in _kinds[name].load(sorted(set(numbers))).items()
    }
