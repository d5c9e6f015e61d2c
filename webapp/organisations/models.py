"""Organisations, and which child a guardian stands for."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kit import clock
from webapp.kit.db import Base, BigId

KINDS = ("school", "company", "community")


class Organisation(Base):
    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(60))
    name_key: Mapped[str] = mapped_column(sa.String(60), unique=True)  # text.folded(name)
    zone: Mapped[str] = mapped_column(sa.String(40), default=clock.DEFAULT_ZONE)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Guardianship(Base):
    """A guardian's identity stands for this pupil's identity."""

    __tablename__ = "guardianship"

    guardian_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    relation: Mapped[str] = mapped_column(sa.String(20), default="")
