"""Background work: one table, a row written in the same transaction as its cause.

A job is claimed with a lease, retried with growing pauses, and kept as `dead` for the administrator after the last
try. A schedule is a job whose key names its turn (`sweep:2026-11-24T10`), so it happens once over all machines.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kit import clock
from webapp.kit.db import Base, BigId, db, is_postgresql, unit, write

TRIES = 8  # the pauses double from two seconds: the last try comes about four minutes after the first
LEASE = timedelta(minutes=2)
IDLE = 1.0  # seconds between looks when there was nothing to do
log = logging.getLogger(__name__)

Work = Callable[[dict[str, Any]], None]
_kinds: dict[str, Work] = {}
_schedules: dict[str, str] = {}


class Job(Base):
    __tablename__ = "job"
    __table_args__ = (
        sa.Index(
            "ix_job_todo",
            "run_at",
            "id",
            sqlite_where=sa.text("state = 'todo'"),
            postgresql_where=sa.text("state = 'todo'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    key: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    state: Mapped[str] = mapped_column(sa.String(8), default="todo")  # todo, done, dead
    run_at: Mapped[Any] = mapped_column(sa.DateTime)
    lease: Mapped[Any | None] = mapped_column(sa.DateTime)
    owner: Mapped[str | None] = mapped_column(sa.String(40))
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(sa.Text)


def job(kind: str) -> Callable[[Work], Work]:
    """Declare what a kind of job does. It runs inside `write()`, and in one transaction with its own end."""

    def declare(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return declare


def schedule(kind: str, turn: str) -> Callable[[Work], Work]:
    """Declare work that happens once a turn; `turn` is a strftime pattern that names it ("%Y-%m-%dT%H")."""
    _schedules[kind] = turn
    return job(kind)


def enqueue(kind: str, payload: dict[str, Any], key: str | None = None, at: Any = None) -> None:
    """Put a job into the running write transaction; a key that exists already is left alone."""
    row = {
        "kind": kind,
        "payload": payload,
        "key": key,
        "run_at": at or clock.now(),
        "state": "todo",
        "tries": 0,
    }
    make = postgresql.insert if is_postgresql(db.session.connection()) else sqlite.insert
    db.session.execute(make(Job).values(row).on_conflict_do_nothing(index_elements=["key"]))


def _claim(owner: str) -> tuple[int, str, dict[str, Any], int] | None:
    now = clock.now()
    due = (
        sa.select(Job.id)
        .where(Job.state == "todo", Job.run_at <= now, sa.or_(Job.lease.is_(None), Job.lease < now))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claim = sa.update(Job).where(Job.id == due).values(owner=owner, lease=now + LEASE, tries=Job.tries + 1)
    row = db.session.execute(claim.returning(Job.id, Job.kind, Job.payload, Job.tries)).first()
    return tuple(row) if row else None


def run_one(app: Flask, owner: str) -> bool:
    """Do the next job that is due; False when there was none."""
    with unit(app) as session:
        waiting = sa.select(Job.id).where(Job.state == "todo", Job.run_at <= clock.now()).limit(1)
        if session.scalar(waiting) is None:
            return False
        with write():
            claimed = _claim(owner)
    if claimed is None:
        return False
    number, kind, payload, tries = claimed
    try:
        with unit(app), write() as session:
            mine = sa.update(Job).where(Job.id == number, Job.owner == owner, Job.state == "todo")
            if session.execute(mine.values(state="done", error=None)).rowcount:  # type: ignore[attr-defined]
                _kinds[kind](payload)
    except Exception as error:  # whatever it was, the job is tried again or shown as dead
        log.exception("job %s %s, try %s", number, kind, tries)
        with unit(app), write() as session:
            pause = timedelta(seconds=2**tries)
            session.execute(
                sa.update(Job)
                .where(Job.id == number, Job.owner == owner)
                .values(
                    state="dead" if tries >= TRIES else "todo",
                    run_at=clock.now() + pause,
                    lease=None,
                    error=f"{type(error).__name__}: {error}"[:2000],
                )
            )
    return True


def plan(app: Flask) -> None:
    """Write the row of every schedule's present turn."""
    with unit(app) as session:
        keys = {f"{kind}:{clock.now().strftime(turn)}": kind for kind, turn in _schedules.items()}
        known = set(session.scalars(sa.select(Job.key).where(Job.key.in_(keys))))
        if set(keys) - known:
            with write():
                for key in sorted(set(keys) - known):
                    enqueue(keys[key], {}, key)


class Runner(threading.Thread):
    """The thread of one worker that does jobs until it is stopped."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="jobs", daemon=True)
        self._app, self._over = app, threading.Event()
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"

    def stop(self) -> None:
        self._over.set()
        self.join(5)

    def run(self) -> None:
        planned = 0.0
        while not self._over.is_set():
            try:
                if planned <= 0:
                    plan(self._app)
                    planned = 30
                if not run_one(self._app, self._owner):
                    self._over.wait(IDLE)
                    planned -= IDLE
            except Exception:  # the database went away; the rows are still there
                log.exception("the job runner begins again")
                self._over.wait(5)


@schedule("kit.jobs.sweep", "%Y-%m-%d")
def sweep(_payload: dict[str, Any]) -> None:
    """Forget done jobs after a week; dead ones stay until somebody looked at them."""
    old = clock.now() - timedelta(days=7)
    db.session.execute(sa.delete(Job).where(Job.state == "done", Job.run_at < old))
