"""groups are dissolved and invited to; links keep quiet hours and make summaries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PACE = {"pace": ("5", "now"), "quiet_from": ("", "1320"), "quiet_to": ("", "420"), "daily_at": ("", "1020")}


def upgrade() -> None:
    op.add_column("chat_group", sa.Column("archived_at", sa.DateTime(), nullable=True))
    for name, (length, default) in PACE.items():
        kind = sa.String(int(length)) if length else sa.Integer()
        op.add_column("link", sa.Column(name, kind, server_default=default, nullable=False))
    _invitations()
    _summaries()


def _invitations() -> None:
    op.create_table(
        "group_invitation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("nonce", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["chat_group.id"], name=op.f("fk_group_invitation_group_id_chat_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["identity.id"], name=op.f("fk_group_invitation_made_by_identity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_group_invitation_token_hash")),
    )
    op.create_index(op.f("ix_group_invitation_group_id"), "group_invitation", ["group_id"])


def _summaries() -> None:
    op.create_table(
        "summary",
        sa.Column("id", BigId, nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("circle_id", BigId, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["chat_group.id"], name=op.f("fk_summary_group_id_chat_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_summary_circle_id_circle"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
    )
    op.create_index(op.f("ix_summary_group_id"), "summary", ["group_id"])
    op.create_table(
        "held_card",
        sa.Column("id", BigId, nullable=False),
        sa.Column("link_id", BigId, nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("summary_id", BigId, nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_held_card_link_id_link"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["summary_id"], ["summary.id"], name=op.f("fk_held_card_summary_id_summary"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_card")),
        sa.UniqueConstraint("link_id", "kind", "item_id", name=op.f("uq_held_card_link_id_kind_item_id")),
    )
    op.create_index(op.f("ix_held_card_kind_item_id"), "held_card", ["kind", "item_id"])
    op.create_index(op.f("ix_held_card_summary_id"), "held_card", ["summary_id"])


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE kind = 'summary'")
    op.drop_table("held_card")
    op.drop_table("summary")
    op.drop_table("group_invitation")
    with op.batch_alter_table("link") as batch_op:
        for name in PACE:
            batch_op.drop_column(name)
    with op.batch_alter_table("chat_group") as batch_op:
        batch_op.drop_column("archived_at")
