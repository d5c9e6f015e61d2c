"""The index: one row a thing that can be found.

`words` holds the bigrams of its text and, with an @ before them, what it is filtered by: kind, place, author. On
PostgreSQL it is a tsvector; on SQLite triggers carry it into the FTS5 table `fts_search` (see the migration). Ids
grow with time: what is newer stands behind what is older, so that a page of the newest is the end of the index.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kit.db import Base, BigId


class SearchRow(Base):
    __tablename__ = "search_row"
    __table_args__ = (sa.UniqueConstraint("kind", "item_id"), sa.Index(None, "at", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    item_id: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(sa.Text().with_variant(TSVECTOR(), "postgresql"), deferred=True)
