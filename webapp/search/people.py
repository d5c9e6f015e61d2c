"""How people are found: an identity by its name and title, opened in the list in which the viewer may see it."""

from __future__ import annotations

from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity, Person
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.labels import role_words
from webapp.groups.models import Group, GroupMember
from webapp.groups.policy import Rule as GroupRule
from webapp.kit.db import db
from webapp.kit.finding import Hit, Rows, findable
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer, allowed
from webapp.organisations.models import Organisation
from webapp.search.policy import Rule


def texts() -> Rows:
    text = Person.name + sa.literal("\n") + Identity.title
    columns = (Identity.id, text.label("text"), Identity.created_at.label("at"))
    rows = sa.select(*columns, sa.literal(None, sa.Integer).label("place_id"), Identity.id.label("author_id"))
    return rows.join(Person, Person.id == Identity.person_id).where(Identity.ended_at.is_(None))


def rows_of(row: Person | Identity) -> list[int]:
    """A person who is renamed is so in every identity."""
    if isinstance(row, Identity):
        return [row.id]
    return list(db.session.scalars(sa.select(Identity.id).where(Identity.person_id == row.id)))


@findable(
    "person",
    Identity,
    Rule.IDENTITY_FIND,
    N_("People"),
    texts=texts,
    tab=6,
    watched={Person: ("name",), Identity: ("title", "ended_at")},
    rows_of=rows_of,
    named=True,
)
def load(viewer: Viewer, ids: list[int]) -> dict[int, Hit]:
    places = _places(viewer, ids)
    rows = sa.select(Identity).where(Identity.id.in_(ids)).options(joinedload(Identity.person))
    return {one.id: _hit(one, *places[one.id]) for one in db.session.scalars(rows) if one.id in places}


def _hit(one: Identity, kind: str, number: int, where: str) -> Hit:
    pages = {"circle": "/circles/{}/members", "group": "/groups/{}/members", "organisation": "/organisations/{}"}
    address = f"{pages[kind].format(number)}?q={quote(one.name, safe='')}"
    look = "p t" if one.teaches else "p"
    return Hit(address, title=one.name, role=role_words(one), where=where, ring=one.initials, look=look)


def _places(viewer: Viewer, ids: list[int]) -> dict[int, tuple[str, int, str]]:
    """Where the viewer may see each of them: in a circle, else in the organisation, else in a group."""
    circles = (
        sa.select(Membership.identity_id, sa.literal(0).label("rank"), Circle.id, Circle.name)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(
            Membership.identity_id.in_(ids),
            Membership.state == "active",
            allowed(CircleRule.MEMBERSHIP_READ, viewer),
            allowed(CircleRule.CIRCLE_READ, viewer),
        )
    )
    organisations = (
        sa.select(Identity.id, sa.literal(1), Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == Identity.organisation_id)
        .where(Identity.id.in_(ids), Identity.organisation_id == viewer.organisation_id)
    )
    groups = (
        sa.select(GroupMember.identity_id, sa.literal(2), Group.id, Group.name)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.identity_id.in_(ids), allowed(GroupRule.MEMBER_READ, viewer))
    )
    kinds, found = ("circle", "organisation", "group"), dict[int, tuple[str, int, str]]()
    for identity, rank, number, name in sorted(db.session.execute(sa.union_all(circles, organisations, groups)).all()):
        found.setdefault(identity, (kinds[rank], number, name))
    return found
