"""Who is in a group, and who may be added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity, Person
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.groups.models import Group, GroupMember, Link
from webapp.kit.db import db
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer, allowed

PEOPLE = 100  # members a page
FOUND = 30  # people offered at once


@dataclass(frozen=True)
class Members:
    """Those who run the group (on the first page), and a stretch of the others."""

    running: Sequence[GroupMember]
    others: Page[GroupMember]


def members(group_id: int, after: int | None, name: str = "") -> Members:
    """The group's members, in the order they joined; `name` narrows them."""
    here = sa.select(GroupMember).where(GroupMember.group_id == group_id, GroupMember.state == "active")
    here = here.options(joinedload(GroupMember.identity))
    if name:
        here = here.join(Identity).join(Person).where(Person.name.icontains(name, autoescape=True))
    runs = here.where(GroupMember.role != "member").order_by(GroupMember.role.desc(), GroupMember.id)
    rest = here.where(GroupMember.role == "member", GroupMember.id > (after or 0))
    found = db.session.scalars(rest.order_by(GroupMember.id).limit(PEOPLE + 1)).all()
    return Members(db.session.scalars(runs).all() if after is None else (), page(found, PEOPLE))


def named(group_id: int, identity_ids: Sequence[int]) -> list[Identity]:
    """Those of these identities who are members, by name."""
    found = db.session.scalars(
        sa.select(Identity)
        .join(Person, Person.id == Identity.person_id)
        .join(GroupMember, GroupMember.identity_id == Identity.id)
        .where(GroupMember.group_id == group_id, GroupMember.state == "active", Identity.id.in_(identity_ids))
        .order_by(Person.name)
    )
    return list(found)


def candidates(viewer: Viewer, group: Group, name: str = "") -> list[Identity]:
    """Whom the viewer may add: colleagues of the group's organisation, members of circles linked to it."""
    found = db.session.scalars(
        _candidates(viewer, group)
        .where(Person.name.icontains(name, autoescape=True))
        .order_by(Person.name, Identity.id)
        .limit(FOUND)
    )
    return list(found)


def candidate(viewer: Viewer, group: Group, identity_id: int) -> Identity | None:
    return db.session.scalar(_candidates(viewer, group).where(Identity.id == identity_id))


def _candidates(viewer: Viewer, group: Group) -> sa.Select[Identity]:
    inside = sa.select(GroupMember.identity_id).where(GroupMember.group_id == group.id, GroupMember.state == "active")
    read = sa.select(Circle.id).where(allowed(CircleRule.CIRCLE_READ, viewer))
    linked = sa.select(Link.circle_id).where(Link.group_id == group.id, Link.circle_id.in_(read))
    ways: list[sa.ColumnElement[bool]] = [
        Identity.id.in_(
            sa.select(Membership.identity_id).where(Membership.circle_id.in_(linked), Membership.state == "active")
        )
    ]
    # Guardians and pupils are no directory of the whole school
    if viewer.kind in ("teacher", "staff") and group.organisation_id == viewer.organisation_id:
        ways.append(Identity.organisation_id == viewer.organisation_id)
    return (
        sa.select(Identity)
        .join(Person, Person.id == Identity.person_id)
        .where(Identity.ended_at.is_(None), Identity.id.not_in(inside), sa.or_(*ways))
    )


def namesakes(group_id: int, begins: str) -> list[Identity]:
    """Members whose name begins so, for completing a mention."""
    found = db.session.scalars(
        sa.select(Identity)
        .join(Person, Person.id == Identity.person_id)
        .join(GroupMember, GroupMember.identity_id == Identity.id)
        .where(
            GroupMember.group_id == group_id,
            GroupMember.state == "active",
            Person.name.istartswith(begins, autoescape=True),
        )
        .order_by(Person.name)
        .limit(8)
    )
    return list(found)


def links(group_id: int) -> list[tuple[Link, Circle]]:
    """The circles that a group is linked to."""
    mine = sa.select(Link, Circle).join(Circle, Circle.id == Link.circle_id).where(Link.group_id == group_id)
    return [(link, circle) for link, circle in db.session.execute(mine.order_by(Link.id)).all()]
