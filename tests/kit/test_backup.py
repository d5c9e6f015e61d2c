"""The drill: a backup is made, brought back elsewhere, and holds everything; a damaged one is refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.conftest import environment
from webapp.config import Settings
from webapp.kit import backup
from webapp.models import metadata


def rows(url: str) -> dict[str, int]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        counted = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return counted


@pytest.fixture
def taken(app, database, tmp_path):
    if database.server:
        pytest.skip("pg_dump brings its own drill")
    (database.folder / "pictures").mkdir(exist_ok=True)
    (database.folder / "pictures" / "one").write_bytes(b"a file")
    return backup.backup(database.settings, tmp_path / "taken")


def test_everything_is_there_again_and_open_pages_must_refresh(database, taken, tmp_path):
    elsewhere = Settings.read(environment(tmp_path / "elsewhere"))
    backup.restore(elsewhere, taken)
    assert rows(elsewhere.database_url) == {**rows(database.settings.database_url), "outbox": 0}
    assert (elsewhere.data / "pictures" / "one").read_bytes() == b"a file"
    names = []
    for settings in (database.settings, elsewhere):
        engine = sa.create_engine(settings.database_url)
        with engine.connect() as connection:
            names.append(connection.exec_driver_sql("SELECT name FROM epoch").scalar_one())
        engine.dispose()
    assert names[0] != names[1]


def test_a_damaged_backup_is_refused(taken, tmp_path):
    (taken / "pictures" / "one").write_bytes(b"another")
    with pytest.raises(SystemExit, match="damaged"):
        backup.restore(Settings.read(environment(tmp_path / "elsewhere")), taken)


def test_a_place_that_is_not_empty_is_refused(database, taken):
    with pytest.raises(SystemExit, match="exists"):
        backup.restore(database.settings, taken)
