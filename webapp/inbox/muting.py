"""What an identity muted, by its name; and what of it a line would mute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.accounts.models import Person
from webapp.circles.models import Circle, Membership
from webapp.feed import cards
from webapp.groups.models import Group, GroupMember
from webapp.inbox.audience import person_target
from webapp.inbox.kinds import of
from webapp.inbox.models import InboxLine, Mute
from webapp.kit.counters import QUIET, counter
from webapp.kit.db import db
from webapp.kit.policy import Viewer


@dataclass(frozen=True)
class Muted:
    """One thing that may be silent: `target` is how a mute names it."""

    target: str
    name: str
    address: str
    muted: bool


def targets(line: InboxLine) -> dict[str, str]:
    """What can be muted from a line, by what it is: circle, group, thread, person."""
    found = {}
    if line.circle_id:
        found["circle"] = f"circle-{line.circle_id}"
    if line.group_id:
        found["group"] = f"group-{line.group_id}"
    if line.about and not line.about.startswith("message-"):
        found["thread"] = line.about
    if len(line.people) == 1 and not of(line.kind).waits:
        found["person"] = person_target(line.people[0])
    return found


def places(viewer: Viewer) -> list[Muted]:
    """The circles and groups of the identity in use, and whether they are muted; in one statement."""
    mute = sa.exists().where(Mute.identity_id == viewer.identity_id)
    circles = (
        sa.select(sa.literal("circle").label("kind"), Circle.id, Circle.name, _muted(mute, "circle-", Circle.id))
        .join(Membership, Membership.circle_id == Circle.id)
        .where(Membership.identity_id == viewer.identity_id, Membership.state == "active")
    )
    groups = (
        sa.select(sa.literal("group"), Group.id, Group.name, _muted(mute, "group-", Group.id))
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.identity_id == viewer.identity_id, GroupMember.state == "active")
    )
    rows = db.session.execute(sa.union_all(circles, groups)).all()
    found = [Muted(f"{kind}-{number}", name, f"/{kind}s/{number}", bool(muted)) for kind, number, name, muted in rows]
    return sorted(found, key=lambda one: (not one.muted, one.target.partition("-")[0], one.name))


def _muted(mute: Any, prefix: str, column: Any) -> Any:
    return mute.where(Mute.target == sa.literal(prefix) + sa.cast(column, sa.String)).label("muted")


def others(viewer: Viewer) -> list[Muted]:
    """Muted people and cards."""
    mine = sa.select(Mute.target).where(Mute.identity_id == viewer.identity_id)
    rows = [(target, *_parted(target)) for target in db.session.scalars(mine.order_by(Mute.target))]
    people = {number for _target, kind, number in rows if kind == "person"}
    names = {person.id: person.name for person in db.session.scalars(sa.select(Person).where(Person.id.in_(people)))}
    found = []
    for target, kind, number in rows:
        if kind == "person":
            found.append(Muted(target, names.get(number, ""), "", True))
        elif kind in cards.kinds():
            found.append(Muted(target, "", cards.kind(kind).address(number), True))
    return found


def _parted(target: str) -> tuple[str, int]:
    kind, _dash, number = target.rpartition("-")
    return kind, int(number)


@counter
def quiet(viewer: Viewer) -> Any:
    """The circles and groups that the navigation's totals leave out."""
    muted = sa.or_(Mute.target.startswith("circle-"), Mute.target.startswith("group-"))
    none = sa.literal(0)
    named = sa.literal(QUIET) + Mute.target
    return sa.select(named, none, none).where(Mute.identity_id == viewer.identity_id, muted)
