"""What a circle's Groups page and its administrators' desk show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.accounts.models import Identity, Person
from webapp.circles.kinds import party_of
from webapp.circles.models import Circle, Membership, Partner
from webapp.groups import inviting, rows
from webapp.groups.models import Group, GroupInvitation, GroupMember, HeldCard, Link, Message
from webapp.groups.policy import Rule, belongs
from webapp.groups.rows import Row
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed

BOUND = 300  # groups of one circle
NAMES = 50  # people named at once
CARDS = 20  # cards listed


@dataclass(frozen=True)
class Linked:
    """A group of a circle, as this viewer stands to it."""

    link: Link
    group: Group
    members: int
    outside: int  # in the group, not in the circle
    asking: int  # to be let into the group
    held: int  # cards that wait for their hour
    cards: int  # that came from the circle
    opens: int  # by members, of all of them
    mine: bool
    may_join: bool


def linked(viewer: Viewer, circle_id: int) -> list[Linked]:
    """The circle's groups in the order they were linked, in one statement."""
    found = db.session.execute(
        sa.select(
            Link,
            Group,
            _members().label("members"),
            _members(outside=True).label("outside"),
            _asking().label("asking"),
            _held().label("held"),
            _cards(sa.func.count()).label("cards"),
            _cards(sa.func.coalesce(sa.func.sum(Message.opens), 0)).label("opens"),
            belongs(viewer, Group.id).label("mine"),
            allowed(Rule.GROUP_JOIN, viewer).label("may_join"),
        )
        .join(Group, Group.id == Link.group_id)
        .where(Link.circle_id == circle_id)
        .order_by(Link.id)
        .limit(BOUND)
    ).all()
    return [Linked(*row[:8], mine=bool(row.mine), may_join=bool(row.may_join)) for row in found]


def _members(outside: bool = False) -> sa.ScalarSelect[int]:
    """How many are in the link's group, or only those who are not in its circle."""
    count = sa.select(sa.func.count()).where(GroupMember.group_id == Link.group_id, GroupMember.state == "active")
    if outside:
        count = count.where(~_inside())
    return count.correlate(Link).scalar_subquery()


def _asking() -> sa.ScalarSelect[int]:
    asks = sa.select(sa.func.count()).where(GroupMember.group_id == Link.group_id, GroupMember.state == "asked")
    return asks.correlate(Link).scalar_subquery()


def _held() -> sa.ScalarSelect[int]:
    waits = sa.select(sa.func.count()).where(HeldCard.link_id == Link.id, HeldCard.summary_id.is_(None))
    return waits.correlate(Link).scalar_subquery()


def _inside() -> sa.ColumnElement[bool]:
    here = (Membership.circle_id == Link.circle_id, Membership.identity_id == GroupMember.identity_id)
    return sa.exists().where(*here, Membership.state == "active")


def _cards(figure: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    card = (Message.group_id == Link.group_id, Message.circle_id == Link.circle_id, Message.kind.is_not(None))
    return sa.select(figure).select_from(Message).where(*card).correlate(Link).scalar_subquery()


def linkable(viewer: Viewer, circle_id: int) -> list[Group]:
    """Groups that the viewer runs and that are not linked to this circle."""
    known = sa.select(Link.group_id).where(Link.circle_id == circle_id)
    mine = sa.select(Group).where(allowed(Rule.GROUP_ADMINISTER, viewer), Group.id.not_in(known))
    return list(db.session.scalars(mine.order_by(Group.name).limit(BOUND)))


# ---- one link ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Outsider:
    """In the group and not in the circle; `fits`: the circle can have them."""

    identity: Identity
    state: str  # of an earlier membership, or ""
    fits: bool


@dataclass(frozen=True)
class Desk:
    """One linked group, for the circle's administrators."""

    link: Link
    group: Group
    circle: Circle
    members: int
    outsiders: Sequence[Outsider]  # the first of them, by name
    cards: Sequence[Row]  # the newest
    asking: Sequence[tuple[GroupMember, Identity]]  # to be let into the group
    invitations: Sequence[tuple[GroupInvitation, Identity]]  # links into it that can still be used, and who made them
    held: int  # cards that wait for their hour


def open_desk(link: Link) -> Desk:
    """All that is known of one link."""
    group, circle = db.session.get_one(Group, link.group_id), db.session.get_one(Circle, link.circle_id)
    count = (GroupMember.group_id == group.id, GroupMember.state == "active")
    members = db.session.scalar(sa.select(sa.func.count()).select_from(GroupMember).where(*count)) or 0
    card = sa.and_(Message.group_id == group.id, Message.circle_id == circle.id, Message.kind.is_not(None))
    found = list(reversed(rows.fetch(card, CARDS)))
    waits = (HeldCard.link_id == link.id, HeldCard.summary_id.is_(None))
    return Desk(
        link=link,
        group=group,
        circle=circle,
        members=members,
        outsiders=outsiders(link, circle),
        cards=rows.rows(found, None, in_chat=False),
        asking=inviting.waiting(group.id),
        invitations=inviting.living_invitations(group.id),
        held=db.session.scalar(sa.select(sa.func.count()).select_from(HeldCard).where(*waits)) or 0,
    )


def outsiders(link: Link, circle: Circle) -> list[Outsider]:
    """Who is in the group and not yet in the circle, by name."""
    former = sa.and_(Membership.circle_id == circle.id, Membership.identity_id == Identity.id)
    found = db.session.execute(
        sa.select(Identity, sa.func.coalesce(Membership.state, ""))
        .join(GroupMember, GroupMember.identity_id == Identity.id)
        .join(Person, Person.id == Identity.person_id)
        .outerjoin(Membership, former)
        .where(
            GroupMember.group_id == link.group_id,
            GroupMember.state == "active",
            sa.func.coalesce(Membership.state, "") != "active",
        )
        .order_by(Person.name, Identity.id)
        .limit(NAMES)
    ).all()
    tags = _partners(circle)
    return [Outsider(identity, state, state != "banned" and _fits(circle, identity, tags)) for identity, state in found]


def is_outside(link: Link, identity_id: int) -> bool:
    """Whether this identity is in the group and not in the circle."""
    here = (GroupMember.group_id == link.group_id, GroupMember.state == "active")
    row = sa.select(GroupMember.id).join(Link, Link.group_id == GroupMember.group_id)
    mine = row.where(Link.id == link.id, *here, GroupMember.identity_id == identity_id, ~_inside())
    return db.session.scalar(mine) is not None


def _partners(circle: Circle) -> dict[int, str]:
    """The companies of a business circle and what they are to it."""
    if circle.kind != "business":
        return {}
    mine = sa.select(Partner.organisation_id, Partner.tag).where(Partner.circle_id == circle.id)
    return {organisation: tag for organisation, tag in db.session.execute(mine).all()}


def _fits(circle: Circle, identity: Identity, tags: dict[int, str]) -> bool:
    same = identity.organisation_id is not None and identity.organisation_id == circle.organisation_id
    return party_of(circle.kind, identity.kind, same, tags.get(identity.organisation_id or 0, "")) is not None
