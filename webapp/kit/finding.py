"""What can be found: a capability registers in one place what of it stands in the search index.

    @findable("post", Post, Rule.POST_READ, N_("Posts"), texts=texts, place="circle", watched={Post: ("body", "state")})
    def load(viewer, ids): return {post.id: Hit(…), …}

`texts()` is a select of the rows that can be found at all, as columns id, text, at, place_id and author_id (an
identity); `watched` names the columns on which it depends. The index (webapp/search) follows these, asks the rule in
its query, and draws the hits. A row that is deleted leaves the index by a trigger (see the migration of the index).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from webapp.kit.policy import Viewer


@dataclass(frozen=True)
class Hit:
    """One thing that was found, as its line shows it."""

    address: str  # where it stands, with what is around it
    title: str
    text: str = ""  # where the words were found
    role: str = ""
    where: str = ""  # the circle or the group
    at: datetime | None = None
    ring: str = ""  # what stands in the ring
    look: str = ""  # classes of the ring
    mode: str = ""  # the kind of circle, for the ring's colour


Rows = Select[*tuple[Any, ...]]
Load = Callable[[Viewer, list[int]], dict[int, Hit]]


@dataclass(frozen=True, eq=False)
class Findable:
    kind: str
    model: type[Any]
    rule: StrEnum
    title: str  # marked for translation
    texts: Callable[[], Rows]
    watched: dict[type[Any], tuple[str, ...]]
    load: Load
    place: str = ""  # "circle" or "group": only who belongs there can read it
    rows_of: Callable[[Any], list[int]] = lambda row: [row.id]  # the ids that a watched row changes
    named: bool = False  # found by its name: stands above what was written
    tab: int = 9  # the place of its tab


@dataclass(frozen=True)
class Place:
    """A kind of place in which things stand: the ids and names of those in which this viewer may read anything."""

    kind: str
    title: str
    mine: Callable[[Viewer], Rows]  # id, name


_found: dict[str, Findable] = {}
_places: dict[str, Place] = {}


def findable(
    kind: str,
    model: type[Any],
    rule: StrEnum,
    title: str,
    *,
    texts: Callable[[], Rows],
    watched: dict[type[Any], tuple[str, ...]],
    place: str = "",
    rows_of: Callable[[Any], list[int]] | None = None,
    named: bool = False,
    tab: int = 9,
) -> Callable[[Load], Load]:
    """Register a kind; the decorated function loads the hits of these ids, and leaves out what is gone."""

    def declare(load: Load) -> Load:
        more = {"rows_of": rows_of} if rows_of is not None else {}
        _found[kind] = Findable(kind, model, rule, title, texts, watched, load, place, named=named, tab=tab, **more)
        return load

    return declare


def place(kind: str, title: str) -> Callable[[Callable[[Viewer], Rows]], Callable[[Viewer], Rows]]:
    """Register a kind of place. The select may name more than the viewer may read, never less."""

    def declare(mine: Callable[[Viewer], Rows]) -> Callable[[Viewer], Rows]:
        _places[kind] = Place(kind, title, mine)
        return mine

    return declare


def findables() -> dict[str, Findable]:
    """All kinds, in the order of their tabs."""
    return dict(sorted(_found.items(), key=lambda entry: (entry[1].tab, entry[0])))


def places() -> dict[str, Place]:
    return dict(_places)
