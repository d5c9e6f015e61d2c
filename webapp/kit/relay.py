"""The relay: one thread a worker that follows the outbox and tells the worker's hub.

A pushed row is drawn here, after the commit, once per variant (language and zone) that some stream uses; the same
cache serves replays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine

from webapp.kit import outbox
from webapp.kit.db import db, unit
from webapp.kit.hub import ANY, Chunks
from webapp.kit.outbox import CHANNEL, Event
from webapp.kit.push import DRAWN, END, draw, frame

POLL, NET = 0.02, 1.0  # seconds: SQLite's poll; PostgreSQL's look when no NOTIFY came
log = logging.getLogger(__name__)

Publish = Callable[[str, Chunks | None], object]


class Relay(threading.Thread):
    def __init__(self, app: Flask, variants: Callable[[str], set[str]], publish: Publish) -> None:
        """`publish` is called in this thread."""
        super().__init__(name="relay", daemon=True)
        self.app, self.variants, self.publish = app, variants, publish
        self.over = threading.Event()

    def start(self) -> None:
        """The first cursor is read before the worker serves anyone: what a view has not read, the relay tells."""
        with unit(self.app):
            self.engine = db.engine
            self.cursor = outbox.now(db.session.connection())
        super().start()

    def stop(self) -> None:
        self.over.set()
        self.join(2 * NET)

    def run(self) -> None:
        while not self.over.is_set():
            try:
                with waker(self.engine, self.over) as wait:
                    while not self.over.is_set():
                        wait(POLL if self.step() else NET)
            except Exception:  # the database went away; the cursor stays where it is
                log.exception("the relay begins again")
                self.over.wait(NET)

    def step(self) -> bool:
        """Tell what is new; True when more is known to be coming."""
        with self.engine.connect() as connection:
            events, more = outbox.since(self.cursor, connection)
        if events:
            with unit(self.app):
                for event in events:
                    self.publish(event.topic, self.chunks(event))
                    self.cursor = event.cursor
        return more

    def chunks(self, event: Event) -> Chunks | None:
        if event.kind == END:
            return None
        try:
            if event.kind in DRAWN:
                return {variant: draw(event, variant) for variant in self.variants(event.topic)}
            return {ANY: draw(event, "")}
        except Exception:  # one bad row must not stop the others
            log.exception("drawing %s", event)
            return {ANY: frame("reset", "", event.cursor)}


@contextmanager
def waker(engine: Engine, over: threading.Event) -> Iterator[Callable[[float], None]]:
    """Something to wait on, over a connection of its own: a NOTIFY, or SQLite's count of other people's commits."""
    borrowed = engine.raw_connection()
    listener = borrowed.driver_connection  # asked first: a detached connection has none to show
    assert listener is not None
    borrowed.detach()

    def notified(seconds: float) -> None:
        list(listener.notifies(timeout=seconds, stop_after=1))

    def changed(_seconds: float) -> None:
        while not over.wait(POLL):
            before, seen[0] = seen[0], listener.execute("PRAGMA data_version").fetchone()
            if seen[0] != before:
                return

    seen = [()]  # nothing yet: the first wait returns at once
    try:
        if engine.dialect.name == "postgresql":
            listener.autocommit = True
            listener.execute(f"LISTEN {CHANNEL}")
            yield notified
        else:
            yield changed
    finally:
        listener.close()
