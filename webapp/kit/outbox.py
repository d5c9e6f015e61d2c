"""The outbox: what happened, written in the transaction in which it happened, and what happened since a cursor.

The table is the truth, everything else only wakes. A cursor is (epoch, xid, id): on PostgreSQL rows become visible
out of id order, so a reader stays below its snapshot's xmin; on SQLite one writes at a time and xid is 0. A restored
database begins a new epoch with an empty table, and pages with an older cursor are told to refresh.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.kit import clock, jobs
from webapp.kit.db import Base, BigId, before_commit, db, is_postgresql, writing

LIMIT = 500  # rows told at once; whoever missed more refreshes
KEPT = timedelta(hours=48)
CHANNEL = "quanzi_outbox"


class Outbox(Base):
    __tablename__ = "outbox"
    __table_args__ = (sa.Index(None, "xid", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    xid: Mapped[int] = mapped_column(sa.BigInteger)
    topic: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(index=True)


class Epoch(Base):
    """One row: this history's name, and the last position that was cleared away."""

    __tablename__ = "epoch"

    name: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    xid: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    id: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class Cursor(NamedTuple):
    epoch: str
    xid: int
    id: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.xid}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """The cursor that a page sent, or None when it is none."""
        epoch, _, position = text.partition(".")
        xid, _, number = position.partition(".")
        if not (xid.isascii() and xid.isdigit() and number.isascii() and number.isdigit() and len(position) < 38):
            return None
        return cls(epoch, int(xid), int(number))


@dataclass(frozen=True)
class Event:
    cursor: Cursor
    topic: str
    kind: str
    payload: dict[str, Any] = field(compare=False)  # not part of the hash: one cursor has one payload


def emit(topic: str, kind: str, **payload: Any) -> None:
    """Say something on a topic, in the action's own transaction: committed with it, or never said."""
    if not writing():
        raise RuntimeError("emit() belongs into an action, inside write()")
    said = {"topic": topic, "kind": kind, "payload": payload, "at": clock.now()}
    db.session().info.setdefault("said", []).append(said)


@before_commit
def _tell(session: Session) -> None:
    """Write down all that the action said, in one statement."""
    said = session.info.pop("said", [])
    if not said:
        return
    postgresql = is_postgresql(session.connection())
    session.execute(_insert(postgresql), said)
    if postgresql:
        session.execute(select(func.pg_notify(CHANNEL, "")))  # heard after the commit, once a transaction


@lru_cache(maxsize=2)
def _insert(postgresql: bool) -> sa.Insert:
    """Into the table itself: the rows are nobody's objects."""
    xid = _number(func.pg_current_xact_id()) if postgresql else sa.literal(0)
    return sa.insert(Outbox.__table__).values(xid=xid)  # type: ignore[arg-type]


def now(connection: Connection) -> Cursor:
    """The cursor of this moment."""
    cursor = Cursor.parse(connection.execute(select(position(is_postgresql(connection)))).scalar_one())
    assert cursor is not None
    return cursor


def position(postgresql: bool) -> ColumnElement[str]:
    """The cursor of this moment as text, for a column of a statement. A page reads it before its own queries:
    whatever they miss lies after it."""
    name = select(Epoch.name).scalar_subquery()
    if postgresql:
        return name + "." + sa.cast(_xmin(), sa.Text) + ".0"
    floor, newest = select(Epoch.id).scalar_subquery(), select(func.max(Outbox.id)).scalar_subquery()
    return name + ".0." + sa.cast(func.max(floor, func.coalesce(newest, 0)), sa.Text)


def since(cursor: Cursor, connection: Connection, topics: Iterable[str] | None = None) -> tuple[list[Event], bool]:
    """What happened after the cursor, oldest first, and whether more is known to be on its way."""
    settled = Outbox.xid < _xmin() if is_postgresql(connection) else sa.literal(True)
    rows: sa.Select[Any] = (
        select(Outbox.xid, Outbox.id, Outbox.topic, Outbox.kind, Outbox.payload, settled.label("settled"))
        .where(tuple_(Outbox.xid, Outbox.id) > tuple_(cursor.xid, cursor.id))
        .order_by(Outbox.xid, Outbox.id)
        .limit(LIMIT + 1)
    )
    if topics is not None:
        rows = rows.where(Outbox.topic.in_(tuple(topics)))
    found = connection.execute(rows).all()
    events = [
        Event(Cursor(cursor.epoch, row.xid, row.id), row.topic, row.kind, row.payload) for row in found if row.settled
    ]
    return events, len(events) < len(found)


def replay(text: str, topics: Iterable[str]) -> list[Event] | None:
    """What a returning page missed. None: nobody can say (another epoch, too old, too much); it refreshes."""
    connection, cursor = db.session.connection(), Cursor.parse(text)
    epoch = connection.execute(select(Epoch.name, Epoch.xid, Epoch.id)).one()
    if cursor is None or cursor.epoch != epoch.name or cursor[1:] < (epoch.xid, epoch.id):
        return None
    events, _ = since(cursor, connection, topics)
    return events if len(events) <= LIMIT else None


def clear(session: Session, before: datetime) -> None:
    """Forget what is older, and remember where forgetting ended. Inside write()."""
    old = select(Outbox.xid, Outbox.id).where(Outbox.at < before).order_by(Outbox.xid.desc(), Outbox.id.desc())
    if last := session.execute(old.limit(1)).one_or_none():
        session.execute(sa.delete(Outbox).where(tuple_(Outbox.xid, Outbox.id) <= tuple_(last.xid, last.id)))
        session.execute(sa.update(Epoch).values(xid=last.xid, id=last.id))


def new_epoch(session: Session) -> None:
    """For a new or a restored database, inside write()."""
    session.execute(sa.delete(Outbox))
    session.execute(sa.delete(Epoch))
    session.add(Epoch(name=secrets.token_hex(4), xid=0, id=0))


@jobs.schedule("kit.outbox.clear", "%Y-%m-%dT%H")
def clear_old(_payload: dict[str, Any]) -> None:
    clear(db.session(), clock.now() - KEPT)


def _number(xid8: ColumnElement[Any]) -> ColumnElement[int]:
    return sa.cast(sa.cast(xid8, sa.Text), sa.BigInteger)


def _xmin() -> ColumnElement[int]:
    return _number(func.pg_snapshot_xmin(func.pg_current_snapshot()))
