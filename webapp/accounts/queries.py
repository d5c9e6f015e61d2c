"""Reads about people, their identities and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.accounts import names
from webapp.accounts.models import Identity, KnownDevice, Person, SignIn
from webapp.accounts.policy import Rule
from webapp.accounts.sessions import HARD, IDLE, IDLE_STAY
from webapp.kit import clock
from webapp.kit.db import db
from webapp.kit.ids import digest
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer, allowed

SIZE = 40


@dataclass(frozen=True)
class Role:
    """An identity as its own person sees it; `where` is the organisation's name, "" for the private one."""

    identity: Identity
    where: str


def nobody_yet() -> bool:
    """Whether this server has no person at all."""
    return db.session.scalar(sa.select(Person.id).limit(1)) is None


def person_named(login: str) -> Person | None:
    """The person whom a user name, phone number or e-mail address signs in. A number may be either of two."""
    ways = {"username": names.username(login), "phone": names.phone(login), "email": names.email(login)}
    found = [
        db.session.scalar(sa.select(Person).where(getattr(Person, kind) == value))
        for kind, value in ways.items()
        if value
    ]
    return next(filter(None, found), None)


def taken(person_id: int, names: dict[str, str | None]) -> list[str]:
    """Which of these sign-in names somebody else has."""
    others = sa.select(Person.id).where(Person.id != person_id)
    return [
        kind
        for kind, value in names.items()
        if value and db.session.scalar(others.where(getattr(Person, kind) == value))
    ]


def private_identity(person_id: int) -> Identity:
    return db.session.scalars(
        sa.select(Identity).where(Identity.person_id == person_id, Identity.kind == "private")
    ).one()


def usual_identity(person_id: int) -> Identity:
    """Whom a person is after signing in: as whom they last acted, else their first in an organisation."""
    last = (
        sa.select(SignIn.identity_id, sa.func.max(SignIn.seen_at).label("at"))
        .where(SignIn.person_id == person_id)
        .group_by(SignIn.identity_id)
        .subquery()
    )
    return db.session.scalars(
        sa.select(Identity)
        .outerjoin(last, last.c.identity_id == Identity.id)
        .where(Identity.person_id == person_id, Identity.ended_at.is_(None))
        .order_by(last.c.at.is_(None), last.c.at.desc(), Identity.kind == "private", Identity.id)
        .limit(1)
    ).one()


def living_identity(person_id: int, identity_id: int | None) -> Identity | None:
    """That identity, if it is this person's and has not ended."""
    return db.session.scalar(
        sa.select(Identity).where(
            Identity.id == identity_id, Identity.person_id == person_id, Identity.ended_at.is_(None)
        )
    )


def roles(viewer: Viewer) -> list[Role]:
    """The viewer's identities, the one of no organisation last."""
    organisation = sa.table("organisation", sa.column("id"), sa.column("name"))
    rows = db.session.execute(
        sa.select(Identity, organisation.c.name)
        .outerjoin(organisation, organisation.c.id == Identity.organisation_id)
        .where(allowed(Rule.IDENTITY_USE, viewer))
        .order_by(Identity.kind == "private", Identity.id)
    )
    return [Role(identity, name or "") for identity, name in rows]


def sessions(viewer: Viewer) -> Sequence[SignIn]:
    """The sessions that would still be let in, the one used last first."""
    now = clock.now()
    idle = sa.case((SignIn.stay, now - IDLE_STAY), else_=now - IDLE)
    return db.session.scalars(
        sa.select(SignIn)
        .where(allowed(Rule.SESSION_END, viewer), SignIn.hard_until > now, SignIn.seen_at > idle)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        .limit(100)
    ).all()


def knows_device(person_id: int, token: str) -> bool:
    return bool(token) and db.session.get(KnownDevice, (digest(token), person_id)) is not None


def people(viewer: Viewer, begins: str, after: int | None) -> Page[Person]:
    """All people of the server, the newest first; `begins` is the beginning of a name, or a whole user
    name."""
    query = sa.select(Person).where(allowed(Rule.PERSON_ADMINISTER, viewer))
    if begins:
        query = query.where(named_like(begins))
    if after is not None:
        query = query.where(Person.id < after)
    return page(db.session.scalars(query.order_by(Person.id.desc()).limit(SIZE + 1)).all(), SIZE)


def named_like(begins: str) -> sa.ColumnElement[bool]:
    """The person's name begins so, or one of their three sign-in names is exactly this."""
    return sa.or_(
        sa.func.lower(Person.name).startswith(begins.lower(), autoescape=True),
        Person.username == (names.username(begins) or "-"),
        Person.phone == (names.phone(begins) or "-"),
        Person.email == (names.email(begins) or "-"),
    )


__all__ = [
    "HARD", "Role", "knows_device", "living_identity", "named_like", "nobody_yet", "people", "person_named",
    "private_identity", "roles", "sessions", "taken", "usual_identity",
]  # fmt: skip
