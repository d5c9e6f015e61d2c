"""The history of the schema: Alembic without an ini file, on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from webapp.config import Settings
from webapp.models import metadata

FOLDER = Path(__file__).parent / "migrations"


class SchemaError(RuntimeError):
    """The database was made by a newer Quanzi."""


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["url"] = url
    return made


def current(url: str) -> str | None:
    """The revision that the database is at, or None for an empty one."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str:
    """The newest revision there is."""
    newest = ScriptDirectory(str(FOLDER)).get_current_head()
    assert newest is not None
    return newest


def behind(settings: Settings) -> bool:
    return current(settings.database_url) != head()


def upgrade(settings: Settings, to: str = "head") -> None:
    """Bring the database to a revision. Raises SchemaError when it is newer than this code knows."""
    at = current(settings.database_url)
    known = {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}
    if at is not None and at not in known:
        raise SchemaError(f"The database is at {at}, which this version does not know: start the newer version.")
    command.upgrade(config(settings.database_url), to)


def downgrade(settings: Settings, to: str) -> None:
    command.downgrade(config(settings.database_url), to)


def revision(settings: Settings, message: str) -> None:
    """Write a new migration: what the models have and the database at head has not."""
    made = config(settings.database_url)
    made.attributes["metadata"] = metadata
    command.revision(made, message, autogenerate=True)
