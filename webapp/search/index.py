"""The index follows its tables, in the transaction that changed them.

It hangs on the unit of work and not on facts: a fact that one action forgets would leave findable what was taken
back. What is written past it (a bulk statement on a watched column) is put right by `python -m webapp reindex`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from webapp.kit import bigrams
from webapp.kit.db import db, is_postgresql
from webapp.kit.finding import Findable, findables
from webapp.search.models import SearchRow

BATCH = 1_000
Key = tuple[str, int]
TABLE: Any = SearchRow.__table__


def marks(kind: str, place: str, place_id: int | None, author_id: int | None) -> list[str]:
    """What a row is filtered by; no text holds an @."""
    found = [f"@{kind}"]
    if place and place_id is not None:
        found.append(f"@{place}{place_id}")
    return [*found, f"@author{author_id}"] if author_id is not None else found


def indexed(each: Findable, row: Any, postgresql: bool) -> str:
    """What of a row of `texts()` stands in the column `words`."""
    return bigrams.document(row.text, marks(each.kind, each.place, row.place_id, row.author_id), postgresql)


# ---- following -----------------------------------------------------------------------------------
@event.listens_for(db.session, "after_flush")
def follow(session: Session, _context: object) -> None:
    """Every row that was made or changed is put into the index as it now is."""
    made, changed = dict[Findable, set[int]](), dict[Findable, set[int]]()
    for row in session.new:
        for each in _watching(row):
            (made if isinstance(row, each.model) else changed).setdefault(each, set()).update(each.rows_of(row))
    for row in session.dirty:
        for each in _watching(row):
            if _differs(row, each.watched[type(row)]):
                changed.setdefault(each, set()).update(each.rows_of(row))
    for each, ids in made.items():
        _insert(session.connection(), each, ids)
    for each, ids in changed.items():
        _update(session.connection(), each, ids - made.get(each, set()))


def _watching(row: object) -> Iterator[Findable]:
    return (each for each in findables().values() if type(row) in each.watched)


def _differs(row: Any, columns: tuple[str, ...]) -> bool:
    state = sa.inspect(row)
    return any(state.attrs[name].history.has_changes() for name in columns)


def _rows(connection: Connection, each: Findable, ids: Iterable[int]) -> Iterator[dict[str, Any]]:
    postgresql = is_postgresql(connection)
    wanted = each.texts().where(each.model.id.in_(sorted(ids))).order_by(each.model.id)
    for row in connection.execute(wanted):
        yield {"kind": each.kind, "item_id": row.id, "at": row.at, "words": indexed(each, row, postgresql)}


def _insert(connection: Connection, each: Findable, ids: Iterable[int]) -> None:
    if rows := list(_rows(connection, each, ids)):
        connection.execute(sa.insert(TABLE), rows)


def _update(connection: Connection, each: Findable, ids: set[int]) -> None:
    """A row keeps its place among the others while its time stays; what stands no more leaves."""
    if not ids:
        return
    here = (TABLE.c.kind == each.kind, TABLE.c.item_id.in_(sorted(ids)))
    known = {
        row.item_id: row for row in connection.execute(sa.select(TABLE.c.item_id, TABLE.c.id, TABLE.c.at).where(*here))
    }
    fresh = []
    for row in _rows(connection, each, ids):
        old = known.get(row["item_id"])
        if old is None or old.at != row["at"]:
            fresh.append(row)
            continue
        del known[row["item_id"]]
        connection.execute(sa.update(TABLE).where(TABLE.c.id == old.id).values(words=row["words"]))
    if known:
        connection.execute(sa.delete(TABLE).where(TABLE.c.id.in_([row.id for row in known.values()])))
    if fresh:
        connection.execute(sa.insert(TABLE), fresh)


# ---- the whole -----------------------------------------------------------------------------------
def reindex() -> int:
    """Make the index anew from the tables, oldest first; answers how many rows it has. Inside write()."""
    connection, count = db.session.connection(), 0
    connection.execute(sa.delete(TABLE))
    for batch in _batches(connection):
        rows = list[dict[str, Any]]()
        for kind in {kind for kind, _ in batch}:
            rows += _rows(connection, findables()[kind], [number for name, number in batch if name == kind])
        order = {key: place for place, key in enumerate(batch)}
        rows.sort(key=lambda row: order[row["kind"], row["item_id"]])
        connection.execute(sa.insert(TABLE), rows)
        count += len(rows)
    return count


def _batches(connection: Connection) -> Iterator[list[Key]]:
    kinds = []
    for each in findables().values():
        here = each.texts().subquery()
        kinds.append(sa.select(sa.literal(each.kind).label("kind"), here.c.id, here.c.at))
    everything = sa.union_all(*kinds).subquery()
    ordered = sa.select(everything).order_by(everything.c.at, everything.c.kind, everything.c.id)
    keys = [(row.kind, row.id) for row in connection.execute(ordered)]
    for begin in range(0, len(keys), BATCH):
        yield keys[begin : begin + BATCH]


def differences() -> dict[str, set[Key]]:
    """What the index has too much, too little or otherwise: for the test, and for whoever doubts it."""
    connection = db.session.connection()
    postgresql = is_postgresql(connection)
    words = sa.cast(SearchRow.words, sa.Text)
    have = {
        (row[0], row[1]): (row[2], row[3])
        for row in connection.execute(sa.select(SearchRow.kind, SearchRow.item_id, SearchRow.at, words))
    }
    want = {
        (each.kind, row.id): (row.at, indexed(each, row, postgresql))
        for each in findables().values()
        for row in connection.execute(each.texts())
    }
    if postgresql:
        want = {key: (at, _as_stored(connection, text)) for key, (at, text) in want.items()}
    return {
        "missing": want.keys() - have.keys(),
        "left over": have.keys() - want.keys(),
        "other": {key for key in want.keys() & have.keys() if want[key] != have[key]},
    }


def _as_stored(connection: Connection, text: str) -> str:
    return connection.execute(sa.text("SELECT CAST(CAST(:text AS tsvector) AS text)"), {"text": text}).scalar_one()
