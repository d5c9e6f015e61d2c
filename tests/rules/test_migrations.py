"""The history of the tables goes up and down with data in, and ends where the models are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.cast import make_world
from webapp import schema
from webapp.app import create_app
from webapp.kit.db import db
from webapp.models import metadata


def test_the_models_are_what_the_history_makes(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = [change for change in compare_metadata(context, metadata) if not _is_the_databases_own(change)]
    assert difference == []


def _is_the_databases_own(change: object) -> bool:
    """The search index is made of what no model names: FTS5 tables, a GIN index."""
    return "sqlite_sequence" in str(change) or "fts_search" in str(change)


def test_down_and_up_again_with_data_in(app, database):
    settings = database.settings
    db.session.rollback()
    db.engine.dispose()
    schema.downgrade(settings, "base")
    assert schema.current(settings.database_url) is None
    schema.upgrade(settings)
    with create_app(settings, TESTING=True).app_context():
        world = make_world()
        assert world.circles["class"]
        db.engine.dispose()


def test_a_database_from_a_newer_version_is_refused(app, database):
    with sa.create_engine(database.settings.database_url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        schema.upgrade(database.settings)
    except schema.SchemaError as error:
        assert "newer" in str(error)
    else:
        raise AssertionError("it was not refused")
