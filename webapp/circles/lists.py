"""Which circles and people a page lists; permission is in each query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity, Person
from webapp.circles.kinds import KINDS, party_of
from webapp.circles.models import Circle, Membership, Partner
from webapp.circles.policy import Rule
from webapp.kit.db import db
from webapp.kit.i18n import _
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer, allowed
from webapp.organisations.models import Organisation

PEOPLE = 60
WAITING = 20  # requests a page


@dataclass(frozen=True)
class Mine:
    circle: Circle
    unread: int
    role: str


def mine(viewer: Viewer) -> list[Mine]:
    """The circles of the identity in use, by name."""
    rows = db.session.execute(
        sa.select(Circle, (Circle.cards - Membership.read).label("unread"), Membership.role)
        .join(Membership, Membership.circle_id == Circle.id)
        .where(Membership.identity_id == viewer.identity_id, Membership.state == "active")
        .order_by(Circle.archived_at.is_not(None), Circle.name)
    )
    return [Mine(circle, max(0, unread), role) for circle, unread, role in rows]


def ownerless(viewer: Viewer) -> Sequence[Circle]:
    """Circles of the organisation that nobody owns, for who may take them over."""
    if not viewer.runs_organisation:
        return ()
    found = sa.select(Circle).where(allowed(Rule.CIRCLE_TAKE_OVER, viewer)).order_by(Circle.id.desc()).limit(PEOPLE)
    return db.session.scalars(found).all()


def kinds_for(viewer: Viewer) -> list[str]:
    """The kinds of circle that this identity can own, the likeliest first."""
    organisation = db.session.get(Organisation, viewer.organisation_id) if viewer.organisation_id else None
    own = organisation is not None and viewer.kind in ("teacher", "staff")
    usable = [kind for kind in KINDS if party_of(kind, viewer.kind, own and KINDS[kind].needs_organisation)]
    if organisation is None or organisation.kind != "company":
        usable = [kind for kind in usable if kind != "business"]
    return usable


def owners_for(viewer: Viewer) -> list[tuple[int, str]]:
    """The organisations for which this identity can make a circle; 0 is none."""
    none = [(0, _("None: my own circle"))]
    organisation = db.session.get(Organisation, viewer.organisation_id) if viewer.organisation_id else None
    if organisation is None or viewer.kind not in ("teacher", "staff"):
        return none
    return [(organisation.id, organisation.name), *none]


# ---- members ---------------------------------------------------------------------------------------------------
PARTY_ORDER = ("teacher", "staff", "student", "parent", "partner", "customer")


def members(circle_id: int, after: int | None, name: str = "", party: str = "") -> Page[Membership]:
    """Active members, in the order in which they came."""
    query = _people(circle_id, "active", name).where(Membership.id > (after or 0))
    if party in PARTY_ORDER:
        query = query.where(Membership.party == party)
    return page(db.session.scalars(query.limit(PEOPLE + 1)).all(), PEOPLE)


def waiting(circle_id: int, after: int | None = None) -> Page[Membership]:
    """A stretch of those who ask to join, oldest first."""
    query = _people(circle_id, "requested").where(Membership.id > (after or 0))
    return page(db.session.scalars(query.limit(WAITING + 1)).all(), WAITING)


def banned(circle_id: int) -> Sequence[Membership]:
    """Who is kept out, the first hundred."""
    return db.session.scalars(_people(circle_id, "banned").limit(100)).all()


def parties(circle_id: int) -> dict[str, int]:
    """How many members of each party."""
    rows = db.session.execute(
        sa.select(Membership.party, sa.func.count())
        .where(Membership.circle_id == circle_id, Membership.state == "active")
        .group_by(Membership.party)
    ).all()
    counted = {party: number for party, number in rows}
    return {party: counted[party] for party in PARTY_ORDER if party in counted}


def _people(circle_id: int, state: str, name: str = "") -> sa.Select[Membership]:
    query = (
        sa.select(Membership)
        .join(Identity, Identity.id == Membership.identity_id)
        .join(Person, Person.id == Identity.person_id)
        .where(Membership.circle_id == circle_id, Membership.state == state)
        .options(joinedload(Membership.identity))
        .order_by(Membership.id)
    )
    return query.where(Person.name.icontains(name, autoescape=True)) if name else query


def to_pick(viewer: Viewer, circle: Circle, name: str, after: int | None) -> Page[Identity]:
    """People whom this viewer can bring in: of the circle's organisation, or of the viewer's own partner company."""
    inside = sa.select(Membership.identity_id).where(
        Membership.circle_id == circle.id, Membership.state.in_(("active", "banned"))
    )
    kinds = [kind for kind in ("teacher", "pupil", "guardian", "staff") if party_of(circle.kind, kind, True)]
    query = (
        sa.select(Identity)
        .join(Person, Person.id == Identity.person_id)
        .where(
            Identity.organisation_id == brings_from(viewer, circle),
            Identity.kind.in_(kinds),
            Identity.ended_at.is_(None),
            Identity.id.not_in(inside),
            Identity.id > (after or 0),
        )
        .order_by(Identity.id)
        .limit(PEOPLE + 1)
    )
    if name:
        query = query.where(Person.name.icontains(name, autoescape=True))
    return page(db.session.scalars(query).all(), PEOPLE)


def brings_from(viewer: Viewer, circle: Circle) -> int | None:
    """The organisation whose people this viewer brings in: the circle's own; in a business circle a partner company's
    administrator brings in its people. Nobody else brings anybody in from elsewhere."""
    if viewer.kind not in ("teacher", "staff"):
        return None  # a guardian is not shown the other guardians
    if viewer.organisation_id == circle.organisation_id:
        return circle.organisation_id
    partner = KINDS[circle.kind].admits == "partners" and viewer.runs_organisation
    return viewer.organisation_id if partner else None


def may_pick(viewer: Viewer, circle: Circle, identity: Identity) -> bool:
    """Whether `to_pick` would have listed the identity. A community without organisation brings in by link only."""
    own = brings_from(viewer, circle)
    return own is not None and identity.organisation_id == own and identity.ended_at is None


def companies(circle_id: int) -> Sequence[tuple[int, str, str]]:
    """(id, name, tag) of the partner companies."""
    rows = db.session.execute(
        sa.select(Organisation.id, Organisation.name, Partner.tag)
        .join(Partner, Partner.organisation_id == Organisation.id)
        .where(Partner.circle_id == circle_id)
        .order_by(Organisation.name)
    )
    return [(number, name, tag) for number, name, tag in rows]


def company_people(circle_id: int, organisation_id: int | None, after: int | None) -> Page[Membership]:
    """The people of one company who are in the circle."""
    own = _people(circle_id, "active").where(Identity.organisation_id == organisation_id)
    rows = db.session.scalars(own.where(Membership.id > (after or 0)).limit(PEOPLE + 1)).all()
    return page(rows, PEOPLE)


def heirs(viewer: Viewer, circle: Circle, name: str, after: int | None) -> Page[Membership]:
    """Members to whom the circle may be handed over."""
    query = _people(circle.id, "active", name).where(
        Membership.party.in_(KINDS[circle.kind].leads),
        Membership.identity_id != viewer.identity_id,
        Membership.id > (after or 0),
    )
    return page(db.session.scalars(query.limit(PEOPLE + 1)).all(), PEOPLE)


def mentionable(circle_id: int, begins: str) -> Sequence[str]:
    """Names of members that contain these letters, a dozen at most."""
    rows = db.session.scalars(
        sa.select(Person.name)
        .distinct()
        .join(Identity, Identity.person_id == Person.id)
        .join(Membership, Membership.identity_id == Identity.id)
        .where(
            Membership.circle_id == circle_id,
            Membership.state == "active",
            Person.name.icontains(begins, autoescape=True),
        )
        .order_by(Person.name)
        .limit(12)
    )
    return rows.all()
