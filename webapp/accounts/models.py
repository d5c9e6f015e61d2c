"""People, the identities they act in, their sessions and codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.kit import clock, text
from webapp.kit.db import Base, BigId

KINDS = ("private", "teacher", "pupil", "guardian", "staff")
POWERS = ("owner", "admin", "member")


class Person(Base):
    """One account. `username`, `phone` (E.164) and `email` (lower case) each sign it in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    username: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    phone: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password: Mapped[str | None] = mapped_column(sa.String(200))  # argon2id; None: no way in but a code
    about: Mapped[str] = mapped_column(sa.String(300), default="")
    lang: Mapped[str] = mapped_column(sa.String(5), default="")  # "": as the browser says
    zone: Mapped[str] = mapped_column(sa.String(40), default="")  # "": the organisation's
    theme: Mapped[str] = mapped_column(sa.String(5), default="")  # "": as the system says
    platform_admin: Mapped[bool] = mapped_column(default=False)
    demo_key: Mapped[str | None] = mapped_column(sa.String(20), unique=True)  # a door of the demo leads here
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Identity(Base):
    """Who a person is when they act: memberships, posts and messages belong to an identity, not a person, so
    that the rights of two identities never add up. Every person has one of kind `private`."""

    __tablename__ = "identity"
    __table_args__ = (sa.UniqueConstraint("person_id", "organisation_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10))
    power: Mapped[str] = mapped_column(sa.String(8), default="member")  # in the organisation
    title: Mapped[str] = mapped_column(sa.String(60), default="")  # 语文老师, 子墨妈妈
    verified_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def initials(self) -> str:
        return text.initials(self.person.name)

    @property
    def teaches(self) -> bool:
        return self.kind == "teacher"


class SignIn(Base):
    """A session: a random cookie's hash, the person, and the identity in use."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(sa.String(200), default="")
    stay: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    hard_until: Mapped[datetime]
    proved_at: Mapped[datetime | None]  # when the password was given last
    ended_at: Mapped[datetime | None]


class PasswordCode(Base):
    """A one-time code with which a person sets a password; handed over by an administrator."""

    __tablename__ = "password_code"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class KnownDevice(Base):
    """A browser that signed in as this person before; it has its own count of failed tries."""

    __tablename__ = "known_device"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)


class Naming(Base):
    """One row: how often anybody was given another name, title or company. What is drawn with names and kept goes by
    it."""

    __tablename__ = "naming"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=0)


def names_people(model: type[Base], *attributes: str) -> None:
    """These attributes stand beside what somebody wrote: whoever changes one is counted in Naming."""

    @sa.event.listens_for(model, "after_update")
    def count(_mapper: object, connection: sa.Connection, row: Any) -> None:
        if any(sa.inspect(row).attrs[name].history.has_changes() for name in attributes):
            connection.execute(sa.update(Naming).values(version=Naming.version + 1))


names_people(Person, "name")
names_people(Identity, "title", "kind")
