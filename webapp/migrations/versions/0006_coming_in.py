"""coming into a circle: questions, rules that admit, what newcomers see, codes to type"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def columns() -> dict[str, tuple[sa.Column, ...]]:
    return {
        "circle": (
            sa.Column("questions", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("admits_verified", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("admits_linked", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("history", sa.String(5), nullable=False, server_default="all"),
            sa.Column("history_since", sa.DateTime(), nullable=True),
            sa.Column("history_days", sa.Integer(), nullable=False, server_default="0"),
        ),
        "membership": (
            sa.Column("answers", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("sees_from", sa.DateTime(), nullable=True),
        ),
        "invitation": (
            sa.Column("purpose", sa.String(60), nullable=False, server_default=""),
            # the server's secret makes a code, so the invitations that there are have none
            sa.Column("code_hash", sa.String(64), nullable=True),
        ),
    }


def upgrade() -> None:
    for table, added in columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in added:
                batch_op.add_column(column)
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_invitation_code_hash"), ["code_hash"])


def downgrade() -> None:
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_invitation_code_hash"), type_="unique")
    for table, added in columns().items():
        with op.batch_alter_table(table) as batch_op:
            for column in added:
                batch_op.drop_column(column.name)
