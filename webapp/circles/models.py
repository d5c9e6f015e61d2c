"""Circles, who belongs to them, who was invited, and the partner companies of a business circle."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Identity, names_people
from webapp.circles.past import Past
from webapp.kit import clock, text
from webapp.kit.db import Base, BigId

JOININGS = ("open", "request", "invite", "hidden")
WHO = ("everyone", "members", "staff", "admins")  # who may post or comment; see circles/policy.py switched()
ROLES = ("owner", "admin", "member")
STATES = ("active", "requested", "refused", "left", "removed", "banned")


class Circle(Base):
    __tablename__ = "circle"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))  # internal, class, business, community, interest
    name: Mapped[str] = mapped_column(sa.String(60))
    name_key: Mapped[str] = mapped_column(sa.String(60))
    intro: Mapped[str] = mapped_column(sa.String(200), default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    joining: Mapped[str] = mapped_column(sa.String(8))
    posting: Mapped[str] = mapped_column(sa.String(8), default="members")
    commenting: Mapped[str] = mapped_column(sa.String(8), default="members")
    approval: Mapped[bool] = mapped_column(default=False)  # pupils' (and, where the table says r, others') posts wait
    sharing: Mapped[str] = mapped_column(sa.String(8), default="nobody")  # who makes links: nobody, admins, members
    questions: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # asked of whoever asks to join
    admits_verified: Mapped[bool] = mapped_column(default=False)  # the organisation's people come in without waiting
    admits_linked: Mapped[bool] = mapped_column(default=False)  # and so do members of linked groups
    history: Mapped[str] = mapped_column(sa.String(5), default="all")  # what newcomers see of before: all, since, days
    history_since: Mapped[datetime | None]
    history_days: Mapped[int] = mapped_column(default=0)
    cards: Mapped[int] = mapped_column(default=0)  # number of the newest feed row; unread = cards - membership.read
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    archived_at: Mapped[datetime | None]

    @property
    def short(self) -> str:
        return text.short(self.name)

    @property
    def past(self) -> Past:
        """What newcomers see of before."""
        return Past(self.history, self.history_since, self.history_days)


class Membership(Base):
    """An identity in a circle. `party` is its column in the table of circles/kinds.py."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("circle_id", "identity_id"),
        sa.Index(None, "identity_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(sa.String(8), default="member")
    party: Mapped[str] = mapped_column(sa.String(8))  # staff, teacher, student, parent, partner, customer
    tag: Mapped[str] = mapped_column(sa.String(10), default="")  # supplier, dealer, merchant, customer
    company: Mapped[str] = mapped_column(sa.String(60), default="")  # shown beside the name in a business circle
    state: Mapped[str] = mapped_column(sa.String(10), default="active")
    message: Mapped[str] = mapped_column(sa.String(200), default="")  # what the request said
    answers: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # [[question, answer], …] of the request
    via: Mapped[str] = mapped_column(sa.String(40), default="")  # invitation-3, group-5, picked
    sees_from: Mapped[datetime | None]  # what is older the circle does not show them; None: all of it
    read: Mapped[int] = mapped_column(default=0)  # circle.cards when this person last looked
    muted_until: Mapped[datetime | None]
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)
    identity: Mapped[Identity] = relationship(lazy="raise")


names_people(Membership, "company")


class Invitation(Base):
    """A link into a circle. The token is derived from the server's secret and `nonce`; here stands its hash.
    With a `tag` it invites a partner company: that company's administrator accepts it."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[str] = mapped_column(sa.String(40))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    role: Mapped[str] = mapped_column(sa.String(8), default="member")
    tag: Mapped[str] = mapped_column(sa.String(10), default="")
    purpose: Mapped[str] = mapped_column(sa.String(60), default="")  # "the door of the classroom"
    code_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)  # of the short code; None: has none
    limit: Mapped[int | None]  # number of uses; None: any
    uses: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Partner(Base):
    """A company that is in a business circle; its own administrators admit its people."""

    __tablename__ = "partner"

    circle_id: Mapped[int] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(10))
    joined_at: Mapped[datetime] = mapped_column(default=clock.now)
