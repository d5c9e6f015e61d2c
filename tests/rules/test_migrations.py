"""The history of the tables goes up and down with data in, and ends where the models are."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.cast import make_world
from webapp import schema
from webapp.app import create_app
from webapp.circles.models import Circle
from webapp.config import Settings
from webapp.feed.actions import add_comment
from webapp.feed.models import Thread
from webapp.groups.actions import send_message
from webapp.groups.models import Group
from webapp.kit.db import db, write
from webapp.models import metadata
from webapp.posts.actions import publish_post

FIRST = "0001"


def differing(models: sa.MetaData) -> list[object]:
    """What the models have and the database has not, or the other way round."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, models)
    return [change for change in found if not _is_the_databases_own(change)]


def _is_the_databases_own(change: object) -> bool:
    """The search index is made of what no model names: FTS5 tables, a GIN index."""
    return "sqlite_sequence" in str(change) or "fts_search" in str(change)


def counted(settings: Settings) -> dict[str, int]:
    """How many rows each table has."""
    engine = sa.create_engine(settings.database_url)
    with engine.connect() as connection:
        names = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
        rows = {name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in names}
    engine.dispose()
    return {name: number or 0 for name, number in rows.items()}


def lost(settings: Settings) -> dict[str, tuple[int, int]]:
    """Tables of the first migration whose rows are fewer after going down to it and up again."""
    before = counted(settings)
    schema.downgrade(settings, FIRST)
    oldest = counted(settings)
    schema.upgrade(settings)
    after = counted(settings)
    return {name: (before[name], after[name]) for name in oldest if before[name] != after[name]}


def down_and_up(settings: Settings) -> None:
    """All the way down and up. Raises what a migration raises that leaves something behind."""
    schema.downgrade(settings, "base")
    assert schema.current(settings.database_url) is None
    schema.upgrade(settings)


def knowing(files: Iterable[Path]) -> list[str]:
    """Migrations that import from the product: its models will be other ones when they run. How words are cut into
    bigrams may be asked: an index that was filled otherwise than it is searched finds nothing."""
    product = re.compile(r"^\s*(from|import) webapp(?!\.kit import bigrams$)", re.M)
    return [file.name for file in files if product.search(file.read_text("utf-8"))]


@pytest.fixture
def lived_in(app, world, database) -> Settings:
    """A database with parents and children in it, and nobody connected."""
    with write():
        tang, circle = world.viewer("tang"), db.session.get_one(Circle, world.circles["class"])
        post = publish_post(tang, circle, "A post #beans", "migrated-post")
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == post.id)).one()
        parent = add_comment(tang, thread, "A comment", "migrated-comment")
        add_comment(tang, thread, "A reply", "migrated-reply", parent=parent)
        send_message(tang, db.session.get_one(Group, world.groups["parents"]), "A message", "migrated-message")
    db.session.remove()
    db.engine.dispose()
    settings: Settings = database.settings
    return settings


def test_the_models_are_what_the_history_makes(app):
    assert differing(metadata) == []


def test_parents_keep_their_children_on_the_way_down_and_up(lived_in):
    assert lost(lived_in) == {}


def test_all_the_way_down_and_up_again_with_data_in(lived_in):
    down_and_up(lived_in)
    with create_app(lived_in, TESTING=True).app_context():
        assert make_world().circles["class"]
        db.engine.dispose()


def test_a_database_from_a_newer_version_is_refused(app, database):
    with sa.create_engine(database.settings.database_url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(schema.SchemaError, match="newer"):
        schema.upgrade(database.settings)


def test_no_migration_knows_the_models():
    assert knowing((schema.FOLDER / "versions").glob("*.py")) == []


# ---- each has been seen to fail ------------------------------------------------------------------
MIGRATION = '''"""planted"""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "planted", "{head}", None, None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''


@pytest.fixture
def history(tmp_path, monkeypatch):
    """A copy of the history, to which a migration may be added."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = schema.head()
    monkeypatch.setattr(schema, "FOLDER", folder)

    def plant(upgrade: str, downgrade: str = "pass") -> None:
        text = MIGRATION.format(head=head, upgrade=upgrade, downgrade=downgrade)
        (folder / "versions" / "planted.py").write_text(text)

    plant.folder = folder  # type: ignore[attr-defined]
    return plant


def test_a_model_without_a_migration_is_found(app):
    more = sa.MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(more)
    sa.Table("boat", more, sa.Column("id", sa.Integer, primary_key=True))
    more.tables["circle"].append_column(sa.Column("boats", sa.Integer))
    assert [change[0] for change in differing(more)] == ["add_table", "add_column"]


def test_a_migration_that_loses_rows_is_found(history, lived_in):
    history("pass", "op.execute('DELETE FROM comment WHERE parent_id IS NOT NULL')")
    schema.upgrade(lived_in)
    assert lost(lived_in) == {"comment": (2, 1)}


def test_a_batch_that_takes_the_children_along_is_found(history, lived_in):
    """What env.py is there for: without it SQLite drops the parents' table, and CASCADE the children with it."""
    if not lived_in.sqlite:
        pytest.skip("only SQLite makes a table anew to change it")
    anew = "with op.batch_alter_table('circle', recreate='always') as circle:\n        circle."
    history(f"{anew}add_column(sa.Column('boats', sa.Integer))", f"{anew}drop_column('boats')")
    schema.upgrade(lived_in)
    assert lost(lived_in) == {}
    env = history.folder / "env.py"
    env.write_text(env.read_text().replace("foreign_keys=OFF", "foreign_keys=ON"))
    with pytest.raises(sa.exc.OperationalError, match="locked"):  # the triggers of the children would have to run
        lost(lived_in)


def test_a_migration_that_leaves_something_behind_is_found(history, lived_in):
    history("op.create_table('boat', sa.Column('id', sa.Integer, primary_key=True))")
    schema.upgrade(lived_in)
    with pytest.raises(sa.exc.DBAPIError, match="boat"):
        down_and_up(lived_in)
    with sa.create_engine(lived_in.database_url).begin() as connection:
        connection.exec_driver_sql("DROP TABLE boat")


def test_a_migration_that_knows_the_models_is_found(tmp_path):
    knows, is_pure = tmp_path / "0009_knows.py", tmp_path / "0010_pure.py"
    knows.write_text("import sqlalchemy as sa\nfrom webapp.posts.models import Post\n")
    is_pure.write_text('"""as webapp was then"""\nimport sqlalchemy as sa\n')
    assert knowing([knows, is_pure]) == ["0009_knows.py"]
