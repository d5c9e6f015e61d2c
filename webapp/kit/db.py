"""The database: every transaction is a read until `write()` says otherwise.

    with write():                  # one access() and one action; waits its turn, commits, or rolls back
        ...
    load(Model, key)               # inside write(): locked, so that no two actions build on one old value
    with unit(app): ...            # what a request has, for jobs, the relay and bookkeeping

Read transactions cannot write, on either database. A session forgets nothing at commit, so an answer is drawn from
what the action left. Only this module knows engines: SQLite has one for reading and one for writing, with a single
connection, since a connection that changes its mode forgets every statement it had prepared (that was a third of the
cost of a page).
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

CONVENTION = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an answered hand-in outlives a power cut
    "foreign_keys=ON",
    "busy_timeout=5000",
    "cache_size=-16000",
    "mmap_size=67108864",
    "temp_store=MEMORY",
)
BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)


class TwoModes(BoundSession):
    """A session that writes on the engine for writing, where there is one of its own."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        if self.info.get("write") and WRITER in db.engines:
            return db.engines[WRITER]
        return super().get_bind(*args, **kwargs)


Row = TypeVar("Row")
WRITER = "writer"
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": TwoModes})


class QueuedConnection(sqlite3.Connection):
    """Writers queue on a file lock instead of SQLite's sleeping retries; the kernel frees it after a crash."""

    def __init__(self, path: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(path, *args, **kwargs)
        self._turn = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._writes: bool | None = None

    def begin(self, write: bool) -> None:
        if write:
            fcntl.flock(self._turn, fcntl.LOCK_EX)
        if write is not self._writes:
            self.execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
            self._writes = write
        self.execute("BEGIN IMMEDIATE" if write else "BEGIN")

    def commit(self) -> None:
        super().commit()  # a commit that fails keeps its turn; the rollback after it gives it back
        fcntl.flock(self._turn, fcntl.LOCK_UN)

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        super().close()
        if self._turn >= 0:
            os.close(self._turn)
            self._turn = -1


def init_database(app: Flask, url: str) -> None:
    """Bind the application to its database. Opens no connection: the workers do, after the fork."""
    options: dict[str, Any] = {"pool_size": 12, "max_overflow": 4}
    if url.startswith("sqlite"):
        options["connect_args"] = {"factory": QueuedConnection}
        one_by_one = {**options, "url": url, "pool_size": 1, "max_overflow": 0, "pool_timeout": 60}
        app.config["SQLALCHEMY_BINDS"] = {WRITER: one_by_one}
    else:
        options["pool_pre_ping"] = True
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)
        if WRITER in db.engines:
            writer = db.engines[WRITER]
            event.listen(db.engine, "engine_disposed", lambda _engine: writer.dispose())


def prepare(engine: Engine) -> None:
    """Teach an engine the two modes."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.isolation_level = None  # BEGIN is said below, never by the driver
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        driver = connection.connection.driver_connection
        if isinstance(driver, QueuedConnection):
            driver.begin(write)
        elif driver is not None:
            driver.read_only = not write  # psycopg says BEGIN READ ONLY with the first statement


def is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def writing() -> bool:
    """Whether this thread is inside `write()`."""
    return bool(db.session().info.get("write"))


_last_steps: list[Callable[[Session], None]] = []


def before_commit(step: Callable[[Session], None]) -> Callable[[Session], None]:
    """Declare what belongs at the end of every `write()`, in its transaction."""
    _last_steps.append(step)
    return step


@contextmanager
def write() -> Iterator[Session]:
    """One transaction that may write. On SQLite nobody else writes meanwhile: nothing slow belongs inside.

    What was loaded before is read again inside, so that `row.n += 1` builds on no old value; on PostgreSQL only
    `load()` locks the row as well, which is why access() is asked in here. Raises RuntimeError in a GET and when
    nested.
    """
    session = db.session()
    if session.info.get("write"):
        raise RuntimeError("write() inside write(): an action does not commit")
    if has_request_context() and request.method in ("GET", "HEAD", "OPTIONS"):
        raise RuntimeError(f"{request.method} {request.path} may not write")
    session.commit()  # ends the read transaction
    session.expire_all()
    session.info["write"] = True
    try:
        session.connection(execution_options={"write": True})
        yield session
        for step in _last_steps:
            step(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.clear()


def load(model: type[Row], key: object) -> Row | None:
    """A row by its key; inside write() it is locked until the commit.

    SQLite's one writer needs no more than write(). PostgreSQL has many, and two that read 4 would both store 5.
    NO KEY UPDATE: rows that refer to this one can still be added.
    """
    session = db.session()
    return session.get(model, key, with_for_update={"key_share": True} if writing() else None)


def lock(row: Row) -> Row:
    """Lock a row that a query brought, and read it again. Only inside write()."""
    db.session.refresh(row, with_for_update={"key_share": True})
    return row


def put(row: Row) -> Row:
    """Add a row and give it its id."""
    db.session.add(row)
    db.session.flush()
    return row


@contextmanager
def unit(app: Flask) -> Iterator[Session]:
    """One piece of work outside a request: its own application context, its own session, closed at the end."""
    with app.app_context():
        yield db.session()


def later(app: Flask, response: Any, work: Callable[[], None]) -> None:
    """A GET's bookkeeping: one short write of its own, when the answer is out."""
    later_if(app, response, lambda: True, lambda _found: work())


def later_if(app: Flask, response: Any, look: Callable[[], Row], work: Callable[[Row], None]) -> None:
    """The same, where a look at the database says first whether there is anything to write."""

    def run() -> None:
        with unit(app):
            if found := look():
                with write():
                    work(found)

    response.call_on_close(run)
