"""the search index"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects.postgresql import TSVECTOR

from webapp.kit import bigrams

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = {
    "post": "post",
    "comment": "comment",
    "message": "message",
    "circle": "circle",
    "group": "chat_group",
    "person": "identity",
}
FTS = (
    "CREATE VIRTUAL TABLE fts_search USING fts5"
    "(words, content='search_row', content_rowid='id', tokenize=\"ascii tokenchars '@'\")",
    "CREATE TRIGGER fts_search_insert AFTER INSERT ON search_row BEGIN"
    " INSERT INTO fts_search (rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER fts_search_delete AFTER DELETE ON search_row BEGIN"
    " INSERT INTO fts_search (fts_search, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER fts_search_update AFTER UPDATE ON search_row BEGIN"
    " INSERT INTO fts_search (fts_search, rowid, words) VALUES ('delete', old.id, old.words);"
    " INSERT INTO fts_search (rowid, words) VALUES (new.id, new.words); END",
)
# What stood there when this was written, oldest first: (kind, item_id, at, place, author, text).
EVERYTHING = """
SELECT 'post' AS kind, id AS item_id, at, '@circle' || circle_id AS place, author_id, body AS text FROM post
  WHERE state <> 'deleted'
UNION ALL SELECT 'comment', c.id, c.at, '@circle' || t.circle_id, c.author_id, c.body FROM comment c
  JOIN thread t ON t.id = c.thread_id WHERE c.deleted_at IS NULL
UNION ALL SELECT 'message', id, at, '@group' || group_id, author_id, body FROM message
  WHERE kind IS NULL AND recalled_at IS NULL
UNION ALL SELECT 'circle', id, created_at, '', NULL, name || ' ' || intro FROM circle
UNION ALL SELECT 'group', id, created_at, '', NULL, name FROM chat_group
UNION ALL SELECT 'person', i.id, i.created_at, '', i.id, p.name || ' ' || i.title FROM identity i
  JOIN person p ON p.id = i.person_id WHERE i.ended_at IS NULL
ORDER BY 3, 1, 2
"""


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    table = op.create_table(
        "search_row",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_row")),
        sa.UniqueConstraint("kind", "item_id", name=op.f("uq_search_row_kind_item_id")),
    )
    op.create_index(op.f("ix_search_row_at_id"), "search_row", ["at", "id"])
    if not postgresql:
        for statement in FTS:
            op.execute(statement)
    for rows in _rows(postgresql):
        op.bulk_insert(table, rows)
    if postgresql:
        op.execute("CREATE INDEX fts_search_words ON search_row USING gin (words)")
        op.execute(
            "CREATE FUNCTION fts_forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " DELETE FROM search_row WHERE kind = TG_ARGV[0] AND item_id = OLD.id; RETURN OLD; END $$"
        )
    for kind, name in TABLES.items():
        op.execute(_forget(kind, name, postgresql))


def _forget(kind: str, name: str, postgresql: bool) -> str:
    """A row that is erased, by whatever means, leaves the index with it."""
    head = f"CREATE TRIGGER fts_forget_{kind} AFTER DELETE ON {name}"
    if postgresql:
        return f"{head} FOR EACH ROW EXECUTE FUNCTION fts_forget('{kind}')"
    return f"{head} BEGIN DELETE FROM search_row WHERE kind = '{kind}' AND item_id = old.id; END"


def _rows(postgresql: bool) -> Iterator[list[dict[str, Any]]]:
    """Batches of what can be found."""
    found = op.get_bind().execute(sa.text(EVERYTHING).columns(at=sa.DateTime()))
    for batch in found.partitions(1000):
        yield [
            {"kind": row.kind, "item_id": row.item_id, "at": row.at, "words": _words(row, postgresql)} for row in batch
        ]


def _words(row: Any, postgresql: bool) -> str:
    author = f"@author{row.author_id}" if row.author_id is not None else ""
    return bigrams.document(row.text, [mark for mark in (f"@{row.kind}", row.place, author) if mark], postgresql)


def downgrade() -> None:
    names = [f"fts_forget_{kind}" for kind in TABLES]
    context.config.attributes["dropped_triggers"] = {*names, *(line.split()[2] for line in FTS)}
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in zip(names, TABLES.values(), strict=True):
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}" if postgresql else f"DROP TRIGGER IF EXISTS {name}")
    if postgresql:
        op.execute("DROP FUNCTION fts_forget()")
    else:
        op.execute("DROP TABLE fts_search")
    op.drop_table("search_row")
