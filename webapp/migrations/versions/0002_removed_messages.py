"""messages know who took them back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(sa.Column("recalled_by", ID, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_message_recalled_by_identity"), "identity", ["recalled_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_message_recalled_by_identity"), type_="foreignkey")
        batch_op.drop_column("recalled_by")
