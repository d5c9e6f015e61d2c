"""Links, and what was done through them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kit import clock
from webapp.kit.db import Base, BigId

READ = "read"  # the purpose of a link that shows its subject to whoever has it


class SharedLink(Base):
    """One subject (kind, item_id), one purpose, until `expires_at`. The token is derived from the server's secret and
    `nonce`, so that its maker can be shown it again; here stands its hash. Whether it opens is asked anew each time."""

    __tablename__ = "shared_link"
    __table_args__ = (
        sa.UniqueConstraint("made_by", "client_id"),
        sa.Index(None, "circle_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    purpose: Mapped[str] = mapped_column(sa.String(10), default=READ)
    kind: Mapped[str] = mapped_column(sa.String(12))
    item_id: Mapped[int] = mapped_column(sa.BigInteger)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(sa.String(40))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), default="")  # of the code asked first; empty: none
    opens: Mapped[int] = mapped_column(default=0)  # people and devices, each once
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    client_id: Mapped[str] = mapped_column(sa.String(40))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))


class LinkUse(Base):
    """The use log: what a person or device did through a link, once. `by` names them for this link only, so that the
    rows of two links cannot be joined."""

    __tablename__ = "link_use"

    link_id: Mapped[int] = mapped_column(sa.ForeignKey("shared_link.id", ondelete="CASCADE"), primary_key=True)
    what: Mapped[str] = mapped_column(sa.String(10), primary_key=True)  # opened; later signed, handed in
    by: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
