"""What was reported to whom, what was decided, and what moderators did."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Identity
from webapp.kit import clock
from webapp.kit.db import Base, BigId

DESKS = ("circle", "group", "organisation", "server")  # to whose moderators a report goes
STATES = ("open", "dismissed", "hidden", "warned", "muted", "removed")


class Case(Base):
    """One thing, reported to one desk; whoever reports it too while it is open adds to the same case. The reported
    person (`person_id`) never decides about it, in whatever identity."""

    __tablename__ = "report_case"
    __table_args__ = (
        sa.Index(
            "uq_report_case_open",
            "kind",
            "item_id",
            "desk",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(None, "circle_id", "state"),
        sa.Index(None, "group_id", "state"),
        sa.Index(None, "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12))  # post, comment, message, member, group_member
    item_id: Mapped[int] = mapped_column(sa.BigInteger)
    desk: Mapped[str] = mapped_column(sa.String(12))
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))  # where it stands
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id", ondelete="CASCADE"))
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(sa.String(9), default="open")
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    identity: Mapped[Identity] = relationship(lazy="raise", foreign_keys=[identity_id])


class Report(Base):
    """Somebody reported the thing of a case. Only its moderators see who."""

    __tablename__ = "report"
    __table_args__ = (sa.UniqueConstraint("case_id", "reporter_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("report_case.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    cause: Mapped[str] = mapped_column(sa.String(10))
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    reporter: Mapped[Identity] = relationship(lazy="raise")


class LogEntry(Base):
    """What a moderator did in a circle, in a group, or at an organisation's desk."""

    __tablename__ = "moderation_log"
    __table_args__ = (
        sa.Index(None, "circle_id", "id"),
        sa.Index(None, "group_id", "id"),
        sa.Index(None, "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    circle_id: Mapped[int | None] = mapped_column(sa.ForeignKey("circle.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("chat_group.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    act: Mapped[str] = mapped_column(sa.String(16))
    whom_id: Mapped[int | None] = mapped_column(sa.ForeignKey("identity.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(sa.String(12), default="")
    item_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[Identity] = relationship(lazy="raise", foreign_keys=[by_id])
    whom: Mapped[Identity | None] = relationship(lazy="raise", foreign_keys=[whom_id])
