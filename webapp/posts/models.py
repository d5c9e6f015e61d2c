"""Posts: their earlier texts, their topics, drafts, further circles, polls and who has read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Identity
from webapp.kit import clock
from webapp.kit.db import Base, BigId


class Post(Base):
    __tablename__ = "post"
    __table_args__ = (
        sa.UniqueConstraint("author_id", "client_id"),
        sa.UniqueConstraint("message_id", "circle_id"),
        sa.Index(None, "circle_id", "state"),
        sa.Index(
            "ix_post_must_read",
            "circle_id",
            "state",
            sqlite_where=sa.text("must_read = 1"),  # as the rules ask it
            postgresql_where=sa.text("must_read"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    body: Mapped[str] = mapped_column(sa.String(2000))
    mentions: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # [[name, identity id], …]
    state: Mapped[str] = mapped_column(
        sa.String(9), default="published"
    )  # in its first circle: scheduled, held, waiting, published, refused, hidden; deleted is everywhere
    reason: Mapped[str] = mapped_column(sa.String(200), default="")  # why it was refused or hidden
    notify: Mapped[bool] = mapped_column(default=False)  # its author sends it into the linked groups
    must_read: Mapped[bool] = mapped_column(default=False)
    publish_at: Mapped[datetime | None]  # for later; what could not be published then is `held`
    client_id: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[int] = mapped_column(default=1)
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id", ondelete="SET NULL"))  # kept from there
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="SET NULL"))
    kept_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    author: Mapped[Identity] = relationship(lazy="raise", foreign_keys=[author_id])
    poll: Mapped[Poll | None] = relationship(lazy="raise", viewonly=True)


class PostEdit(Base):
    """The text a post had before an edit."""

    __tablename__ = "post_edit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(sa.String(2000))
    at: Mapped[datetime] = mapped_column(default=clock.now)  # when it was replaced


class PostTopic(Base):
    __tablename__ = "post_topic"
    __table_args__ = (sa.Index(None, "circle_id", "key", "post_id"),)

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)  # text.folded(name)
    name: Mapped[str] = mapped_column(sa.String(40))
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))


class PostDraft(Base):
    """What somebody has begun to write in a circle: one for each identity and circle."""

    __tablename__ = "post_draft"
    __table_args__ = (sa.UniqueConstraint("identity_id", "circle_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(sa.String(8000))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class PostPlace(Base):
    """A further circle that a post goes to, and what became of it there."""

    __tablename__ = "post_place"
    __table_args__ = (sa.Index(None, "circle_id", "state"),)

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(9))  # scheduled, held, waiting, published, refused, hidden
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))


class PostReceipt(Base):
    """A person says that they have read a must-read post."""

    __tablename__ = "post_receipt"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Poll(Base):
    """The question is the post's text. `veiled`: results only for those who have voted, until it closes."""

    __tablename__ = "poll"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    options: Mapped[list[str]] = mapped_column(sa.JSON)  # their numbers are 1, 2, …
    multiple: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    veiled: Mapped[bool] = mapped_column(default=False)
    closes_at: Mapped[datetime | None]

    @property
    def closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= clock.now()


class PollVote(Base):
    """One tick of one person."""

    __tablename__ = "poll_vote"

    post_id: Mapped[int] = mapped_column(sa.ForeignKey("poll.post_id", ondelete="CASCADE"), primary_key=True)
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    option: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
