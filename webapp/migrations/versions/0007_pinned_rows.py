"""what is pinned or featured is found without reading a whole feed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_feed_row_pinned", ["circle_id", "pinned_at"], "pinned_at IS NOT NULL"),
    ("ix_feed_row_featured", ["circle_id", "id"], "featured_at IS NOT NULL"),
)


def upgrade() -> None:
    for name, columns, where in INDEXES:
        few = sa.text(where)
        op.create_index(name, "feed_row", columns, sqlite_where=few, postgresql_where=few)


def downgrade() -> None:
    for name, _columns, _where in INDEXES:
        op.drop_index(name, "feed_row")
