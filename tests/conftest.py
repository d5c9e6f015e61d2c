"""One application, one made world, a fresh copy of its database for each test.

`--database postgresql` runs the same tests there (QUANZI_TEST_PG names a server that may be filled and emptied).
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

from tests.cast import World, make_world
from webapp import schema
from webapp.app import create_app
from webapp.config import Settings
from webapp.feed import drawn
from webapp.kit.db import db

HOST = {"Host": "quanzi.test", "Origin": "http://quanzi.test", "Accept-Language": "en"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def environment(folder: Path, url: str = "") -> dict[str, str]:
    """The settings of a test instance."""
    return {
        "QUANZI_DATA": str(folder),
        "QUANZI_DATABASE_URL": url,
        "QUANZI_BASE_URL": "http://quanzi.test",
        "QUANZI_DEMO": "0",
        "QUANZI_SECRET": "only for the tests, no secret at all",
        "QUANZI_LOG": "error",
        "QUANZI_WRITES": "1000000",
    }


class Database:
    """A database that can be put back to how the world began."""

    def __init__(self, folder: Path, worker: str, server: str) -> None:
        self.folder, self.server, self.name = folder, server, f"quanzi_{worker}"
        url = sa.make_url(server).set(database=self.name).render_as_string(hide_password=False) if server else ""
        if server:
            self._admin(f"DROP DATABASE IF EXISTS {self.name}", f"CREATE DATABASE {self.name}")
        self.settings = Settings.read(environment(folder, url))
        schema.upgrade(self.settings)

    def keep(self, name: str = "kept") -> None:
        """From here on `restore(name)` comes back to this state. Nobody may be connected."""
        copy = f"{self.name}_{name}"
        if self.server:
            self._admin(
                f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)",
                f"CREATE DATABASE {copy} TEMPLATE {self.name}",
            )
        else:
            with sa.create_engine(self.settings.database_url).connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(self.folder / "quanzi.db", self.folder / f"{name}.db")

    def restore(self, name: str = "kept") -> None:
        if self.server:
            self._admin(
                f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
                f"CREATE DATABASE {self.name} TEMPLATE {self.name}_{name}",
            )
        else:
            for ending in ("", "-wal", "-shm"):
                (self.folder / f"quanzi.db{ending}").unlink(missing_ok=True)
            shutil.copy(self.folder / f"{name}.db", self.folder / "quanzi.db")

    def _admin(self, *statements: str) -> None:
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Database:
    server = ""
    if request.config.getoption("--database") == "postgresql":
        server = os.environ.get("QUANZI_TEST_PG", "")
        if not server:
            pytest.skip("QUANZI_TEST_PG names no server")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Database(tmp_path_factory.mktemp("data"), worker, server)


@pytest.fixture(scope="session")
def _app(database: Database) -> Flask:
    app = create_app(database.settings, TESTING=True)
    with app.app_context():
        world = make_world()
        db.engine.dispose()
    (database.folder / "world.pickle").write_bytes(pickle.dumps(world))
    database.keep()
    return app


@pytest.fixture
def app(_app: Flask, database: Database) -> Iterator[Flask]:
    """The application on a fresh world, inside an application context."""
    database.restore()
    drawn.forget()
    with _app.app_context():
        yield _app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    made: World = pickle.loads((database.folder / "world.pickle").read_bytes())
    return made


class Person:
    """A signed-in browser without JavaScript; `htmx=True` asks as htmx does."""

    def __init__(self, app: Flask, token: str = "", identity: int = 0) -> None:
        self.client: FlaskClient = app.test_client()
        self.identity = identity
        if token:
            self.client.set_cookie("sid_8000", token, domain="quanzi.test")

    def get(self, path: str, htmx: bool = False, **headers: str):  # type: ignore[no-untyped-def]
        return self._ask("GET", path, htmx, headers)

    def post(self, path: str, htmx: bool = False, headers: dict[str, str] | None = None, **form: object):  # type: ignore[no-untyped-def]
        return self._ask("POST", path, htmx, headers or {}, data={"_identity": self.identity, **form})

    def delete(self, path: str, htmx: bool = False):  # type: ignore[no-untyped-def]
        return self._ask("DELETE", path, htmx, {})

    def _ask(self, method: str, path: str, htmx: bool, headers: dict[str, str], **more: object):  # type: ignore[no-untyped-def]
        asked = {**HOST, **({"HX-Request": "true", "HX-Request-Type": "partial"} if htmx else {}), **headers}
        db.session.rollback()  # a request sees what is committed, like another process
        for name in list(g):  # the fixture's context is around every request; outside tests each has its own
            g.pop(name)
        return self.client.open(path, method=method, headers=asked, base_url="http://quanzi.test", **more)  # type: ignore[arg-type]


@pytest.fixture
def as_(app: Flask, world: World) -> Callable[[str], Person]:
    """`as_("tang")` is Teacher Tang's browser; `as_("nobody")` one that is not signed in."""

    def sign_in(who: str) -> Person:
        return Person(app) if who == "nobody" else Person(app, world.tokens[who], world.identities[who])

    return sign_in
