"""Chat groups, their messages, and their links to circles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Identity
from webapp.kit import clock, text
from webapp.kit.db import Base, BigId

PUSHES = ("all", "chosen", "nothing")  # every card; those whose author ticked it; none
PACES = ("now", "quiet", "daily")  # at once; not in quiet hours; once a day


class Group(Base):
    __tablename__ = "chat_group"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    announcement: Mapped[str] = mapped_column(sa.String(300), default="")
    messages: Mapped[int] = mapped_column(default=0)  # number of the newest message; unread = messages - member.read
    muted_all: Mapped[bool] = mapped_column(default=False)  # only owner, administrators and teachers may speak
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    archived_at: Mapped[datetime | None]  # dissolved: its members read, nobody writes or joins

    @property
    def short(self) -> str:
        return text.short(self.name)


class GroupMember(Base):
    __tablename__ = "group_member"
    __table_args__ = (sa.UniqueConstraint("group_id", "identity_id"), sa.Index(None, "identity_id", "state"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"))
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(sa.String(8), default="member")  # owner, admin, member
    state: Mapped[str] = mapped_column(sa.String(8), default="active")  # active, left, removed, asked, refused
    read: Mapped[int] = mapped_column(default=0)
    muted_until: Mapped[datetime | None]
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)
    identity: Mapped[Identity] = relationship(lazy="raise")


class Message(Base):
    """Something said in a group: a member's words, or a card from a circle (then `kind` and `item_id`)."""

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("author_id", "client_id"),
        sa.Index(None, "group_id", "id"),
        sa.Index(None, "kind", "item_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    client_id: Mapped[str] = mapped_column(sa.String(40))
    body: Mapped[str] = mapped_column(sa.String(2000), default="")
    mentions: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    quote_id: Mapped[int | None] = mapped_column(sa.ForeignKey("message.id", ondelete="SET NULL"))
    kind: Mapped[str | None] = mapped_column(sa.String(12))  # of a card
    item_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circle.id", ondelete="SET NULL"))
    opens: Mapped[int] = mapped_column(default=0)  # members who opened the card from here
    at: Mapped[datetime] = mapped_column(default=clock.now)
    recalled_at: Mapped[datetime | None]
    recalled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id"))  # author or administrator
    author: Mapped[Identity] = relationship(lazy="raise", foreign_keys=[author_id])
    quote: Mapped[Message | None] = relationship(lazy="raise", remote_side=[id])


class CardOpen(Base):
    """A member opened this card from its group."""

    __tablename__ = "card_open"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Link(Base):
    """A group linked to a circle, with what it may carry."""

    __tablename__ = "link"
    __table_args__ = (sa.UniqueConstraint("group_id", "circle_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"))
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    push: Mapped[str] = mapped_column(sa.String(8), default="chosen")
    admits: Mapped[bool] = mapped_column(default=False)  # joining the group admits to the circle
    pace: Mapped[str] = mapped_column(sa.String(5), default="now")
    # minutes of the day, in the organisation's zone
    quiet_from: Mapped[int] = mapped_column(default=22 * 60)
    quiet_to: Mapped[int] = mapped_column(default=7 * 60)
    daily_at: Mapped[int] = mapped_column(default=17 * 60)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class KeepRequest(Base):
    """An administrator asks a message's author to let it be kept in a circle."""

    __tablename__ = "keep_request"
    __table_args__ = (sa.UniqueConstraint("message_id", "circle_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id", ondelete="CASCADE"))
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(sa.String(8), default="asked")  # asked, agreed, declined
    at: Mapped[datetime] = mapped_column(default=clock.now)


class GroupInvitation(Base):
    """A link into a group. The token is derived from the server's secret and `nonce`; here stands its hash."""

    __tablename__ = "group_invitation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[str] = mapped_column(sa.String(40))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    limit: Mapped[int | None]  # number of uses; None: any
    uses: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Summary(Base):
    """Several cards in one message: those of a quiet night, or of a day. `version` counts what changed in them."""

    __tablename__ = "summary"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"), index=True)
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circle.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class HeldCard(Base):
    """A card on its way into a group: it waits for its hour, then it stands in a summary."""

    __tablename__ = "held_card"
    __table_args__ = (sa.UniqueConstraint("link_id", "kind", "item_id"), sa.Index(None, "kind", "item_id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("link.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    item_id: Mapped[int] = mapped_column(sa.BigInteger)
    summary_id: Mapped[int | None] = mapped_column(sa.ForeignKey("summary.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
