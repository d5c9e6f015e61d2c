"""links that open without an account"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHARING = {"members": ("community", "interest"), "admins": ("business",)}  # the others begin closed


def upgrade() -> None:
    with op.batch_alter_table("circle") as batch_op:
        batch_op.add_column(sa.Column("sharing", sa.String(8), nullable=False, server_default="nobody"))
    circle = sa.table("circle", sa.column("kind"), sa.column("sharing"))
    for who, kinds in SHARING.items():
        op.execute(sa.update(circle).where(circle.c.kind.in_(kinds)).values(sharing=who))
    op.create_table(
        "shared_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("circle_id", ID, nullable=False),
        sa.Column("nonce", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_shared_link_circle_id_circle"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["identity.id"], name=op.f("fk_shared_link_made_by_identity")),
        sa.ForeignKeyConstraint(["revoked_by"], ["identity.id"], name=op.f("fk_shared_link_revoked_by_identity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shared_link_token_hash")),
        sa.UniqueConstraint("made_by", "client_id", name=op.f("uq_shared_link_made_by_client_id")),
    )
    op.create_index(op.f("ix_shared_link_circle_id_id"), "shared_link", ["circle_id", "id"])
    op.create_table(
        "link_use",
        sa.Column("link_id", ID, nullable=False),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["shared_link.id"], name=op.f("fk_link_use_link_id_shared_link"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", "what", "by", name=op.f("pk_link_use")),
    )


def downgrade() -> None:
    op.drop_table("link_use")
    op.drop_index(op.f("ix_shared_link_circle_id_id"), table_name="shared_link")
    op.drop_table("shared_link")
    with op.batch_alter_table("circle") as batch_op:
        batch_op.drop_column("sharing")
