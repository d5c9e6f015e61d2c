"""Who is here: the identities with an open stream on a topic, over all workers.

Each worker writes what its hub holds, at once when it changes and every few seconds; rows that were not renewed for
STALE seconds count as gone, so a worker that died is not believed for long. A line that breaks without a word is
noticed by the kernel (TCP_USER_TIMEOUT on the listening socket), within 25 s in all.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kit import clock
from webapp.kit.db import Base, db, unit, write
from webapp.kit.outbox import emit

EVERY, STALE, SETTLE = (
    8.0,
    timedelta(seconds=20),
    0.3,
)  # seconds between renewals; till disbelief; changes gathered
log = logging.getLogger(__name__)


class Present(Base):
    __tablename__ = "present"

    worker: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    topic: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    identity_id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


def here(topic: str) -> list[int]:
    """The identities that have the topic's page open now, each once."""
    rows = sa.select(Present.identity_id).where(Present.topic == topic, Present.seen_at > clock.now() - STALE)
    return sorted(set(db.session.scalars(rows)))


class Presence(threading.Thread):
    """The thread of one worker that writes who is here. `seen` answers (topic, identity) pairs, from any thread."""

    def __init__(self, app: Flask, seen: Callable[[], set[tuple[str, str]]]) -> None:
        super().__init__(name="presence", daemon=True)
        self._app, self._seen = app, seen
        self._over, self._changed = threading.Event(), threading.Event()
        self._worker = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._said: set[tuple[str, int]] = set()

    def changed(self) -> None:
        """A stream came or went."""
        self._changed.set()

    def stop(self) -> None:
        self._over.set()
        self._changed.set()
        self.join(3)
        try:
            self._write(set())
        except Exception:  # going anyway; STALE takes care of the rows
            log.info("presence was not taken back")

    def run(self) -> None:
        while not self._over.is_set():
            self._changed.wait(EVERY)
            self._changed.clear()
            if self._over.wait(SETTLE):
                return
            try:
                self._write({(topic, int(who)) for topic, who in self._seen()})
            except Exception:  # the database went away
                log.exception("presence is written again later")
                self._over.wait(EVERY)

    def _write(self, now_here: set[tuple[str, int]]) -> None:
        """One short write; topics whose people changed are told. Nobody here, before or now: no write at all."""
        moved = {topic for topic, _who in now_here ^ self._said}
        with unit(self._app) as session:
            stale = Present.seen_at < clock.now() - STALE
            lost = set(session.scalars(sa.select(Present.topic).where(stale, Present.worker != self._worker)))
            if not now_here and not self._said and not lost:
                return
            with write() as session:
                session.execute(sa.delete(Present).where(sa.or_(Present.worker == self._worker, stale)))
                rows = [
                    {"worker": self._worker, "topic": topic, "identity_id": who, "seen_at": clock.now()}
                    for topic, who in sorted(now_here)
                ]
                if rows:
                    session.execute(sa.insert(Present), rows)
                for topic in sorted(moved | lost):
                    emit(topic, "poke", data=f"here-{topic}")
        self._said = now_here
