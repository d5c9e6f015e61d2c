"""Buckets: how often something may be tried. One SQL upsert, atomic over all workers."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.exceptions import TooManyRequests

from webapp.kit import clock, jobs
from webapp.kit.db import Base, db, is_postgresql


class Bucket(Base):
    __tablename__ = "bucket"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime]


def take(key: str, limit: int, window: timedelta) -> bool:
    """Count one try; False when more than `limit` fell into the window. Inside write()."""
    now = clock.now()
    counted = _count(is_postgresql(db.session.connection()))
    return bool(db.session.execute(counted, {"name": key, "now": now, "end": now + window}).scalar_one() <= limit)


@lru_cache(maxsize=2)
def _count(on_postgresql: bool) -> sa.Executable:
    make: Any = postgresql.insert if on_postgresql else sqlite.insert
    name: Any = sa.bindparam("name")
    now, end = (sa.bindparam(moment, type_=sa.DateTime()) for moment in ("now", "end"))
    over = Bucket.until <= now
    statement = make(Bucket.__table__).values(key=name, count=1, until=end)
    kept = {"count": sa.case((over, 1), else_=Bucket.count + 1), "until": sa.case((over, end), else_=Bucket.until)}
    counted: sa.Executable = statement.on_conflict_do_update(index_elements=["key"], set_=kept).returning(Bucket.count)
    return counted


# How often a person may do a thing in a minute: more than a hand does, less than a script would.
_pace = {"writes": 100, "reactions": 60, "invitations": 10, "requests": 10, "picks": 60, "searches": 120}
MINUTE = timedelta(minutes=1)


def allow_writes(a_minute: int) -> None:
    """How many posts, comments and messages together a person may send in a minute (QUANZI_WRITES)."""
    _pace["writes"] = a_minute


def calm(person_id: int, what: str = "writes") -> None:
    """Count one of these by this person. Raises TooManyRequests past the pace; inside the action's own transaction."""
    if not note(person_id, what):
        raise TooManyRequests


def note(person_id: int, what: str) -> bool:
    """Count one; False past the pace. Inside write()."""
    return take(f"{what}:{person_id}", _pace[what], MINUTE)


def spent(person_id: int, what: str) -> bool:
    """Whether the pace is reached, without counting."""
    return full(f"{what}:{person_id}", _pace[what])


def full(key: str, limit: int) -> bool:
    """Whether the bucket is spent, without counting."""
    spent = sa.select(Bucket.count).where(Bucket.key == key, Bucket.until > clock.now())
    return (db.session.scalar(spent) or 0) >= limit


@jobs.schedule("kit.throttle.sweep", "%Y-%m-%dT%H")
def sweep(_payload: dict[str, Any]) -> None:
    db.session.execute(sa.delete(Bucket).where(Bucket.until < clock.now()))
