"""What stands in a circle, and what hangs on a card: comments and reactions, whatever its kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Identity
from webapp.kit import clock
from webapp.kit.db import Base, BigId


def _index_of_few(name: str, *columns: str, having: str) -> sa.Index:
    """Of the few rows that have something set: a feed of a million is not read for them."""
    few = sa.text(f"{having} IS NOT NULL")
    return sa.Index(name, *columns, sqlite_where=few, postgresql_where=few)


class FeedRow(Base):
    """A card of some kind in one circle. `number` counts up there, for unread marks; lists go by id."""

    __tablename__ = "feed_row"
    __table_args__ = (
        sa.UniqueConstraint("circle_id", "kind", "item_id"),
        sa.Index(None, "circle_id", "shown", "id"),
        sa.Index(None, "kind", "item_id"),
        _index_of_few("ix_feed_row_pinned", "circle_id", "pinned_at", having="pinned_at"),
        _index_of_few("ix_feed_row_featured", "circle_id", "id", having="featured_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    item_id: Mapped[int] = mapped_column(sa.BigInteger)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    number: Mapped[int]
    shown: Mapped[bool] = mapped_column(default=True)  # False: withdrawn
    pinned_at: Mapped[datetime | None]
    featured_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Thread(Base):
    """The counters of one card: how many comments and how many of each reaction. `version` counts whatever changes
    how the card is drawn in a feed, so that drawn rows can be kept."""

    __tablename__ = "thread"
    __table_args__ = (sa.UniqueConstraint("kind", "item_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    item_id: Mapped[int] = mapped_column(sa.BigInteger)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    teaching: Mapped[bool] = mapped_column(default=False)  # a teacher's card in a class circle: takes the signals too
    comments: Mapped[int] = mapped_column(default=0)
    reactions: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    version: Mapped[int] = mapped_column(default=0)


class Comment(Base):
    __tablename__ = "comment"
    __table_args__ = (
        sa.UniqueConstraint("author_id", "client_id"),
        sa.Index(None, "thread_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comment.id", ondelete="CASCADE"))  # one level deep
    body: Mapped[str] = mapped_column(sa.String(1000))
    client_id: Mapped[str] = mapped_column(sa.String(40))
    mentions: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # [[name, identity id], …]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))
    reason: Mapped[str] = mapped_column(sa.String(200), default="")  # why a moderator hid it
    author: Mapped[Identity] = relationship(lazy="raise", foreign_keys=[author_id])


class Reaction(Base):
    """One reaction a person and axis: a `mood` of five; a `signal` of three on a teacher's card."""

    __tablename__ = "reaction"

    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True)
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    axis: Mapped[str] = mapped_column(sa.String(6), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[datetime] = mapped_column(default=clock.now)
