"""Each server test runs on both servers; with `--database postgresql`, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cast import World
from tests.conftest import Database, environment
from tests.server.harness import SERVERS, Server


@pytest.fixture(params=list(SERVERS))
def server(request: pytest.FixtureRequest, app: object, world: World, database: Database) -> Iterator[Server]:
    url = database.settings.database_url
    running = Server(request.param, environment(database.folder, url), world)
    yield running
    running.stop()
