"""Posts, their earlier texts and their topics."""

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
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    body: Mapped[str] = mapped_column(sa.String(2000))
    mentions: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # [[name, identity id], …]
    state: Mapped[str] = mapped_column(
        sa.String(9), default="published"
    )  # waiting, published, refused, hidden, deleted
    reason: Mapped[str] = mapped_column(sa.String(200), default="")  # why it was refused or hidden
    notify: Mapped[bool] = mapped_column(default=False)  # its author sends it into the linked groups
    client_id: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[int] = mapped_column(default=1)
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id", ondelete="SET NULL"))  # kept from there
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="SET NULL"))
    kept_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    author: Mapped[Identity] = relationship(lazy="raise", foreign_keys=[author_id])


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
