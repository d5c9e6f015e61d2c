"""threads and names count their changes, so that drawn rows can be kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("thread", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    naming = op.create_table(
        "naming",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_naming")),
    )
    op.bulk_insert(naming, [{"id": 1, "version": 0}])


def downgrade() -> None:
    op.drop_table("naming")
    with op.batch_alter_table("thread") as batch_op:
        batch_op.drop_column("version")
