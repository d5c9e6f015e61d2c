"""drafts, scheduled and must-read posts, further circles, polls, collections"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FEW_LITE, FEW = sa.text("must_read = 1"), sa.text("must_read")


def upgrade() -> None:
    op.add_column("feed_row", sa.Column("also", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("post", sa.Column("must_read", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("post", sa.Column("publish_at", sa.DateTime(), nullable=True))
    columns = ["circle_id", "state"]
    op.create_index("ix_post_must_read", "post", columns, sqlite_where=FEW_LITE, postgresql_where=FEW)
    _posts()
    _polls()
    _collections()


def _posts() -> None:
    op.create_table(
        "post_draft",
        sa.Column("id", ID, nullable=False),
        _to("identity_id"),
        _to("circle_id"),
        sa.Column("body", sa.String(8000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("post_draft", "identity_id", "identity", cascade=True),
        _key("post_draft", "circle_id", "circle", cascade=True),
        sa.PrimaryKeyConstraint("id", name="pk_post_draft"),
        sa.UniqueConstraint("identity_id", "circle_id", name="uq_post_draft_identity_id_circle_id"),
    )
    op.create_table(
        "post_place",
        _to("post_id"),
        _to("circle_id"),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        _key("post_place", "post_id", "post", cascade=True),
        _key("post_place", "circle_id", "circle", cascade=True),
        _key("post_place", "decided_by", "identity"),
        sa.PrimaryKeyConstraint("post_id", "circle_id", name="pk_post_place"),
    )
    op.create_index("ix_post_place_circle_id_state", "post_place", ["circle_id", "state"])
    op.create_table(
        "post_receipt",
        _to("post_id"),
        _to("identity_id"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("post_receipt", "post_id", "post", cascade=True),
        _key("post_receipt", "identity_id", "identity", cascade=True),
        sa.PrimaryKeyConstraint("post_id", "identity_id", name="pk_post_receipt"),
    )


def _polls() -> None:
    op.create_table(
        "poll",
        _to("post_id"),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("multiple", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("veiled", sa.Boolean(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        _key("poll", "post_id", "post", cascade=True),
        sa.PrimaryKeyConstraint("post_id", name="pk_poll"),
    )
    op.create_table(
        "poll_vote",
        _to("post_id"),
        _to("identity_id"),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("poll_vote", "post_id", "poll", "post_id", cascade=True),
        _key("poll_vote", "identity_id", "identity", cascade=True),
        sa.PrimaryKeyConstraint("post_id", "identity_id", "option", name="pk_poll_vote"),
    )


def _collections() -> None:
    op.create_table(
        "collection",
        sa.Column("id", ID, nullable=False),
        _to("circle_id"),
        sa.Column("name", sa.String(60), nullable=False),
        _to("made_by"),
        sa.Column("at", sa.DateTime(), nullable=False),
        _key("collection", "circle_id", "circle", cascade=True),
        _key("collection", "made_by", "identity"),
        sa.PrimaryKeyConstraint("id", name="pk_collection"),
    )
    op.create_index("ix_collection_circle_id", "collection", ["circle_id"])
    op.create_table(
        "collection_item",
        sa.Column("id", ID, nullable=False),
        _to("collection_id"),
        _to("row_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        _key("collection_item", "collection_id", "collection", cascade=True),
        _key("collection_item", "row_id", "feed_row", cascade=True),
        sa.PrimaryKeyConstraint("id", name="pk_collection_item"),
        sa.UniqueConstraint("collection_id", "row_id", name="uq_collection_item_collection_id_row_id"),
    )
    op.create_index("ix_collection_item_row_id", "collection_item", ["row_id"])


def _to(column: str) -> sa.Column[int]:
    return sa.Column(column, ID, nullable=False)


def _key(table: str, column: str, other: str, key: str = "id", cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=name, ondelete="CASCADE" if cascade else None)


def downgrade() -> None:
    for table in ("collection_item", "collection", "poll_vote", "poll", "post_receipt", "post_place", "post_draft"):
        op.drop_table(table)
    op.drop_index("ix_post_must_read", "post")
    with op.batch_alter_table("post") as batch_op:
        batch_op.drop_column("publish_at")
        batch_op.drop_column("must_read")
    with op.batch_alter_table("feed_row") as batch_op:
        batch_op.drop_column("also")
