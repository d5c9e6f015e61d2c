"""Messages that somebody would like to keep in a circle, and where they may be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from webapp.accounts.models import Identity, Person
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.groups.models import KeepRequest, Link, Message
from webapp.groups.policy import Rule
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed

RECENT = 30  # messages to choose from


@dataclass(frozen=True)
class Wish:
    """Somebody would like to keep a message in a circle."""

    request: KeepRequest
    message: Message
    circle: Circle
    by: str


def wishes(viewer: Viewer, group_id: int) -> list[Wish]:
    """What waits for the viewer's word in a group."""
    asker, person = aliased(Identity), aliased(Person)
    found: Any = db.session.execute(
        sa.select(KeepRequest, Message, Circle, person.name)
        .join(Message, Message.id == KeepRequest.message_id)
        .join(Circle, Circle.id == KeepRequest.circle_id)
        .join(asker, asker.id == KeepRequest.asked_by)
        .join(person, person.id == asker.person_id)
        .where(
            KeepRequest.author_id == viewer.identity_id,
            KeepRequest.state == "asked",
            Message.group_id == group_id,
        )
        .order_by(KeepRequest.id)
    ).all()
    return [Wish(*row) for row in found]


def keepable(viewer: Viewer, group_id: int) -> list[Message]:
    """The latest messages of a group that the viewer may keep, or ask to keep, newest first."""
    may = sa.or_(allowed(Rule.MESSAGE_KEEP, viewer), allowed(Rule.MESSAGE_ASK, viewer))
    found = sa.select(Message).where(Message.group_id == group_id, may).options(joinedload(Message.author))
    return list(db.session.scalars(found.order_by(Message.id.desc()).limit(RECENT)))


@dataclass(frozen=True)
class Shelf:
    """A linked circle in which a message may be kept, and whether it was asked or done."""

    circle: Circle
    state: str | None


def shelves(viewer: Viewer, message: Message) -> list[Shelf]:
    """Linked circles that the author is in: where the author may post, or that another viewer runs."""
    inside = sa.exists().where(
        Membership.circle_id == Circle.id,
        Membership.identity_id == message.author_id,
        Membership.state == "active",
    )
    own = message.author_id == viewer.identity_id
    may = allowed(CircleRule.CIRCLE_POST if own else CircleRule.CIRCLE_ADMINISTER, viewer)
    asked = sa.and_(KeepRequest.circle_id == Circle.id, KeepRequest.message_id == message.id)
    found = db.session.execute(
        sa.select(Circle, KeepRequest.state)
        .join(Link, Link.circle_id == Circle.id)
        .outerjoin(KeepRequest, asked)
        .where(Link.group_id == message.group_id, inside, may)
        .order_by(Link.id)
    ).all()
    return [Shelf(*row) for row in found]
