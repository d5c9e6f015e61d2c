"""what is reported, what is decided about it, and what moderators did"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFERS = {"circle_id": "circle", "group_id": "chat_group", "organisation_id": "organisation"}


def _places(table: str) -> list[sa.Column | sa.ForeignKeyConstraint]:
    columns = [sa.Column(name, BigId, nullable=True) for name in REFERS]
    return [*columns, *(_key(table, name, other, "CASCADE") for name, other in REFERS.items())]


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "report_case",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("desk", sa.String(12), nullable=False),
        *_places("report_case"),
        sa.Column("identity_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("decided_by", BigId, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("report_case", "identity_id", "identity", "CASCADE"),
        _key("report_case", "person_id", "person", "CASCADE"),
        _key("report_case", "decided_by", "identity", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_case")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_report_case_open",
        "report_case",
        ["kind", "item_id", "desk"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(op.f("ix_report_case_identity_id"), "report_case", ["identity_id"])
    for name in REFERS:
        op.create_index(op.f(f"ix_report_case_{name}_state"), "report_case", [name, "state"])
    _report()
    _log()


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("reporter_id", BigId, nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("report", "case_id", "report_case", "CASCADE"),
        _key("report", "reporter_id", "identity", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("case_id", "reporter_id", name=op.f("uq_report_case_id_reporter_id")),
    )
    op.create_index(op.f("ix_report_reporter_id"), "report", ["reporter_id"])


def _log() -> None:
    op.create_table(
        "moderation_log",
        sa.Column("id", BigId, nullable=False),
        *_places("moderation_log"),
        sa.Column("by_id", BigId, nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("whom_id", BigId, nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("moderation_log", "by_id", "identity", "CASCADE"),
        _key("moderation_log", "whom_id", "identity", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_log")),
    )
    for name in REFERS:
        op.create_index(op.f(f"ix_moderation_log_{name}_id"), "moderation_log", [name, "id"])


def downgrade() -> None:
    for table in ("moderation_log", "report", "report_case"):
        op.drop_table(table)
