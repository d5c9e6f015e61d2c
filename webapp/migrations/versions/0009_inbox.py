"""what concerns a person, one line a thing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "inbox_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("circle_id", ID, nullable=True),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_inbox_line_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_inbox_line_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["chat_group.id"], name=op.f("fk_inbox_line_group_id_chat_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_line")),
        sa.UniqueConstraint("subject", "identity_id", name=op.f("uq_inbox_line_subject_identity_id")),
    )
    with op.batch_alter_table("inbox_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_line_identity_id_turn"), ["identity_id", "turn"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_line_about"), ["about"], unique=False)
        batch_op.create_index(
            "ix_inbox_line_unread", ["identity_id"], unique=False, sqlite_where=UNREAD, postgresql_where=UNREAD
        )
    op.create_table(
        "inbox_mute",
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_inbox_mute_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("identity_id", "target", name=op.f("pk_inbox_mute")),
    )


def downgrade() -> None:
    op.drop_table("inbox_mute")
    op.drop_table("inbox_line")
