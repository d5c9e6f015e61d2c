"""Reads about organisations and who belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.accounts.models import Identity, Person
from webapp.accounts.queries import named_like
from webapp.kit.db import db
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer, allowed
from webapp.organisations.models import Guardianship, Organisation
from webapp.organisations.policy import ADULTS, Rule

SIZE = 40


@dataclass(frozen=True)
class Relative:
    """A guardian of a pupil, or a pupil of a guardian; `relation` is the guardian's ("mother")."""

    identity: Identity
    relation: str


def organisations_of(person_id: int) -> Sequence[Organisation]:
    """Where this person is somebody, whatever the identity in use."""
    mine = sa.select(Identity.organisation_id).where(Identity.person_id == person_id, Identity.ended_at.is_(None))
    return db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(mine)).order_by(Organisation.id)).all()


def organisations(viewer: Viewer, after: int | None) -> Page[Organisation]:
    """Those the viewer may see: an administrator of the server all, others their own."""
    query = sa.select(Organisation).where(allowed(Rule.ORGANISATION_READ, viewer))
    if after is not None:
        query = query.where(Organisation.id < after)
    return page(db.session.scalars(query.order_by(Organisation.id.desc()).limit(SIZE + 1)).all(), SIZE)


def colleagues(viewer: Viewer, organisation_id: int, q: str = "", after: int | None = None) -> Page[Identity]:
    """The others in the organisation whom the viewer may know of, for pickers; nobody of another
    organisation."""
    return _people(viewer, organisation_id, q, after, Identity.id != viewer.identity_id)


def people(
    viewer: Viewer, organisation_id: int, q: str = "", after: int | None = None, kind: str = ""
) -> Page[Identity]:
    """Everybody in the organisation whom the viewer may know of, the viewer too; of one kind, if it is
    named."""
    return _people(viewer, organisation_id, q, after, *((Identity.kind == kind,) if kind else ()))


def _people(
    viewer: Viewer, organisation_id: int, q: str, after: int | None, *more: sa.ColumnElement[bool]
) -> Page[Identity]:
    query = sa.select(Identity).join(Person, Person.id == Identity.person_id)
    query = query.where(allowed(Rule.IDENTITY_READ, viewer), Identity.organisation_id == organisation_id, *more)
    if q:
        query = query.where(named_like(q))
    if after is not None:
        query = query.where(Identity.id > after)
    return page(db.session.scalars(query.order_by(Identity.id).limit(SIZE + 1)).all(), SIZE)


def guardians_of(pupil_ids: Iterable[int]) -> dict[int, list[Relative]]:
    """The living guardians of these pupils, by pupil."""
    return _relatives(Guardianship.pupil_id, Guardianship.guardian_id, pupil_ids)


def pupils_of(guardian_ids: Iterable[int]) -> dict[int, list[Relative]]:
    """The living pupils of these guardians, by guardian."""
    return _relatives(Guardianship.guardian_id, Guardianship.pupil_id, guardian_ids)


def _relatives(of: object, whom: object, ids: Iterable[int]) -> dict[int, list[Relative]]:
    rows = db.session.execute(
        sa.select(of, Identity, Guardianship.relation)  # type: ignore[call-overload]
        .join(Identity, Identity.id == whom)
        .where(of.in_(list(ids)), Identity.ended_at.is_(None))  # type: ignore[attr-defined]
        .order_by(Identity.id)
    )
    found: dict[int, list[Relative]] = {}
    for key, identity, relation in rows:
        found.setdefault(key, []).append(Relative(identity, relation))
    return found


def identity_in(person_id: int, organisation_id: int, kind: str, *, ended: bool = False) -> Identity | None:
    """The person's identity of this kind there; with `ended` also one that has ended."""
    own = aliased(Identity)
    query = sa.select(own).where(own.person_id == person_id, own.organisation_id == organisation_id, own.kind == kind)
    return db.session.scalar(query if ended else query.where(own.ended_at.is_(None)))


__all__ = [
    "ADULTS", "Relative", "colleagues", "guardians_of", "identity_in", "organisations", "organisations_of",
    "people", "pupils_of",
]  # fmt: skip
