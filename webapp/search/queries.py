"""A page of what was found: filters are in the index, permission is in the query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import TSQUERY

from webapp.kit import bigrams, clock
from webapp.kit.bigrams import Phrase
from webapp.kit.db import db, is_postgresql
from webapp.kit.finding import Findable, Hit, findables, places
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer, allowed
from webapp.search.models import SearchRow

SIZE = 20
NAMES = 5  # circles, groups and people above what was written
NAMESAKES = 50  # people whom one name can mean
SCOPE = 500  # places that are named to the index; who is in more leaves all of it to the rules
SKEW = timedelta(hours=1)  # two machines' clocks, when a moment is turned into a place in the index
PERIODS = (7, 30, 365)

_fts = sa.table("fts_search", sa.column("rowid", sa.Integer), sa.column("fts_search", sa.Text))


@dataclass(frozen=True)
class Asked:
    """What a person looks for."""

    q: str = ""
    kind: str = ""  # "": everything
    place: str = ""  # circle-5, group-3; "": everywhere
    by: str = ""  # a name; "": of anybody
    days: int = 0  # 0: of any time

    @property
    def narrowed(self) -> bool:
        return bool(self.place or self.by or self.days)


@dataclass(frozen=True)
class Where:
    """A circle or a group to search in."""

    key: str
    name: str


@dataclass(frozen=True)
class Line:
    kind: str
    hit: Hit


@dataclass(frozen=True)
class Found:
    names: Sequence[Line] = ()
    texts: Sequence[Line] = ()
    older: int | None = None

    @property
    def nothing(self) -> bool:
        return not self.names and not self.texts


def wheres(viewer: Viewer) -> dict[str, list[Where]]:
    """The viewer's circles and groups by kind of place, each by name, in one statement."""
    kinds = []
    for each in places().values():
        mine = each.mine(viewer).subquery()
        kinds.append(sa.select(sa.literal(each.kind).label("kind"), mine.c.id, mine.c.name))
    rows = db.session.execute(sa.union_all(*kinds)).all()
    return {
        kind: sorted((Where(f"{kind}-{row.id}", row.name) for row in rows if row.kind == kind), key=lambda w: w.name)
        for kind in places()
    }


def find(viewer: Viewer, asked: Asked, mine: dict[str, list[Where]], before: int | None) -> Found:
    """A stretch of what was found, newest first. On its first page the names stand above what was written."""
    phrases = bigrams.phrases(asked.q)
    authors = _authors(viewer, asked.by) if asked.by else None
    if authors == [] or not (phrases or authors):
        return Found()
    narrowed = [f"@author{number}" for number in authors or ()]
    every = findables().values()
    texts = [each for each in every if asked.kind == each.kind or (not asked.kind and not each.named)]
    filters = [narrowed, _scope(texts, asked.place, mine)]
    found = _stretch(viewer, phrases, [each for each in filters if each], texts, _since(asked.days), before, SIZE)
    names: Sequence[Any] = ()
    if not asked.kind and not asked.narrowed and before is None:
        named = [each for each in every if each.named]
        names = _stretch(viewer, phrases, [], named, None, None, NAMES).items
    lines = _lines(viewer, [*names, *found.items])
    return Found(lines[: len(names)], lines[len(names) :], found.older)


def _authors(viewer: Viewer, name: str) -> list[int]:
    """The identities that a name can mean, of those whom the viewer may find."""
    phrases, people = bigrams.phrases(name), [findables()["person"]]
    if not phrases:
        return []
    return [row.item_id for row in _stretch(viewer, phrases, [], people, None, None, NAMESAKES).items]


def _scope(kinds: Iterable[Findable], place: str, mine: dict[str, list[Where]]) -> list[str]:
    """The marks of the places in which this can stand. It only spares the index: what may be read the rule says."""
    if place:
        return ["@" + place.replace("-", "")]
    if not all(each.place for each in kinds):
        return []
    marks = [f"@{where.key.replace('-', '')}" for each in dict.fromkeys(e.place for e in kinds) for where in mine[each]]
    return (marks or ["@nowhere"]) if len(marks) <= SCOPE else []


def _stretch(
    viewer: Viewer,
    phrases: Sequence[Phrase],
    filters: list[list[str]],
    kinds: Sequence[Findable],
    since: datetime | None,
    before: int | None,
    size: int,
) -> Page[Any]:
    """Rows of the index, newest first, that this viewer may open."""
    filters = [[f"@{each.kind}" for each in kinds], *filters]
    rows = sa.select(SearchRow.id, SearchRow.kind, SearchRow.item_id)
    if is_postgresql(db.session.connection()):
        here: Any = SearchRow.id
        query = sa.cast(sa.literal(_tsquery(phrases, filters), sa.Text), TSQUERY)
        rows = rows.where(SearchRow.words.op("@@")(query))
    else:
        here = _fts.c.rowid
        rows = rows.select_from(_fts.join(SearchRow, SearchRow.id == here))
        rows = rows.where(_fts.c.fts_search.op("MATCH")(_match(phrases, filters)))
    if before is not None:
        rows = rows.where(here < before)
    if since is not None:
        rows = rows.where(here >= _first(since), SearchRow.at >= since)
    rows = rows.where(sa.or_(*(_may_open(viewer, each) for each in kinds)))
    return page(db.session.execute(rows.order_by(here.desc()).limit(size + 1)).all(), size)


def _may_open(viewer: Viewer, each: Findable) -> ColumnElement[bool]:
    """Asked of each row that was found. OFFSET keeps PostgreSQL from listing everything that may be read instead."""
    there = sa.select(sa.literal(1)).where(each.model.id == SearchRow.item_id, allowed(each.rule, viewer))
    return sa.and_(SearchRow.kind == each.kind, there.offset(0).correlate(SearchRow).exists())


def _since(days: int) -> datetime | None:
    return clock.now() - timedelta(days=days) if days else None


def _first(since: datetime) -> Any:
    """The place in the index before which nothing is of this period: ids grow with time, so it is found at once."""
    first = sa.select(SearchRow.id).where(SearchRow.at >= since - SKEW).order_by(SearchRow.at, SearchRow.id).limit(1)
    return sa.func.coalesce(first.correlate(None).scalar_subquery(), 0)


def _match(phrases: Sequence[Phrase], filters: Sequence[Sequence[str]]) -> str:
    """For FTS5. Words hold letters and digits only, so nothing in them is an operator."""
    texts = [
        _any(" OR ", [f'"{" ".join(form)}"{" *" if each.begins else ""}' for form in each.forms]) for each in phrases
    ]
    marked = [_any(" OR ", [f'"{mark}"' for mark in marks]) for marks in filters]
    return " AND ".join([*texts, *marked])


def _tsquery(phrases: Sequence[Phrase], filters: Sequence[Sequence[str]]) -> str:
    """For PostgreSQL."""
    texts = [_any(" | ", [_follow(form, each.begins) for form in each.forms]) for each in phrases]
    marked = [_any(" | ", [f"'{mark}'" for mark in marks]) for marks in filters]
    return " & ".join([*texts, *marked])


def _follow(words: Sequence[str], begins: bool) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in words) + (":*" if begins else "") + ")"


def _any(word: str, ways: Sequence[str]) -> str:
    return "(" + word.join(ways) + ")"


def _lines(viewer: Viewer, rows: Sequence[Any]) -> list[Line]:
    """The hits of these rows, one statement a kind or so."""
    wanted: dict[str, list[int]] = {}
    for row in rows:
        wanted.setdefault(row.kind, []).append(row.item_id)
    hits = {kind: findables()[kind].load(viewer, ids) for kind, ids in wanted.items()}
    return [Line(row.kind, hit) for row in rows if (hit := hits[row.kind].get(row.item_id)) is not None]
