"""The lines of people's inboxes, and what they do not want to hear of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kit.db import Base, BigId


class InboxLine(Base):
    """One thing that concerns one identity. `subject` names the thing; whatever is told about it again moves the line
    to the top instead of adding another."""

    __tablename__ = "inbox_line"
    __table_args__ = (
        sa.UniqueConstraint("subject", "identity_id"),
        sa.Index(None, "identity_id", "turn"),
        sa.Index(None, "about"),
        sa.Index(
            "ix_inbox_line_unread",
            "identity_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(20))  # of inbox/kinds.py
    subject: Mapped[str] = mapped_column(sa.String(60))  # comments-7, message-12, circle-3-role
    about: Mapped[str] = mapped_column(sa.String(40), default="")  # post-81, message-12: what it leaves with
    item_id: Mapped[int] = mapped_column(sa.BigInteger, default=0)  # the row that its kind quotes
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"))
    people: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # identity ids, the latest last
    turn: Mapped[int] = mapped_column(sa.BigInteger)  # its order: the millisecond of its last move, each once
    read_at: Mapped[datetime | None]

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.turn / 1000, UTC).replace(tzinfo=None)


class Mute(Base):
    """An identity does not want to hear of a circle, a group, a card (`post-81`) or a person."""

    __tablename__ = "inbox_mute"

    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    target: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
