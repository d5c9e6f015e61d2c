"""Being named in a chat, coming into groups, who asks to come in, and the author's word on keeping a message."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.groups.events import (
    GroupDissolved,
    GroupJoined,
    GroupLeft,
    GroupModerated,
    GroupRequested,
    GroupRoleChanged,
    KeepAnswered,
    KeepAsked,
    MessageRecalled,
    MessageSent,
)
from webapp.groups.models import Group, GroupMember, Message
from webapp.groups.policy import RUN, Rule
from webapp.inbox.actions import Thing, keep_people, lines_of, tell, tell_again, withdraw
from webapp.inbox.audience import among
from webapp.inbox.kinds import in_group, kind, seen, to_group
from webapp.inbox.models import InboxLine
from webapp.kit.db import db
from webapp.kit.events import on
from webapp.kit.i18n import N_
from webapp.organisations.events import IdentityEnded

_message = sa.select(Message.body).where(Message.id == InboxLine.item_id).scalar_subquery()
_standing = seen(Message, InboxLine.item_id, Rule.MESSAGE_READ, Message.recalled_at.is_(None))

kind(
    "mention_message",
    words=N_("{who} mentioned you in {place}"),
    symbol="chat",
    chip="mention",
    address=to_group,
    see=_standing,
    quote=_message,
)
kind(
    "keep",
    words=N_("{who} would like to keep your message in the circle"),
    symbol="star",
    chip="other",
    address=to_group,
    see=_standing,
    quote=_message,
    waits=True,
)
kind(
    "group_request",
    words=N_("{who} would like to join {place}"),
    symbol="people",
    chip="other",
    address=lambda line: f"/groups/{line.group_id}/members",
    see=seen(Group, InboxLine.group_id, Rule.GROUP_ADMINISTER),
    waits=True,
)
kind(
    "group_admitted",
    words=N_("You are in {place} now"),
    symbol="check",
    chip="other",
    address=to_group,
    see=in_group,
)
kind(
    "group_declined",
    words=N_("Your request to join {place} was refused"),
    symbol="close",
    chip="other",
    address=lambda _line: "/groups",
    see=lambda _viewer: sa.true(),  # it says no more than what was asked
)
kind(
    "group_brought",
    words=N_("{who} brought you into {place}"),
    symbol="plus",
    chip="other",
    address=to_group,
    see=in_group,
)
kind(
    "group_appointed",
    words=N_("You administer {place} now"),
    symbol="shield",
    chip="other",
    address=to_group,
    see=in_group,
)
kind(
    "group_dismissed",
    words=N_("You no longer administer {place}"),
    symbol="shield",
    chip="other",
    address=to_group,
    see=in_group,
)
kind(
    "group_owner",
    words=N_("{place} is in your hands now"),
    symbol="shield",
    chip="other",
    address=to_group,
    see=in_group,
)
ANSWERS = {"admit": "group_admitted", "decline": "group_declined"}
ROLES = {"owner": "group_owner", "admin": "group_appointed", "member": "group_dismissed"}


@on(MessageSent)
def message_sent(fact: MessageSent) -> None:
    message = db.session.get_one(Message, fact.message_id)
    if not message.mentions:
        return
    inside = sa.select(GroupMember.identity_id).where(
        GroupMember.group_id == fact.group_id,
        GroupMember.state == "active",
        GroupMember.identity_id.in_([number for _name, number in message.mentions]),
    )
    subject = f"message-{message.id}"
    thing = Thing("mention_message", subject, subject, message.id, group_id=fact.group_id, people=[fact.author_id])
    tell(thing, among(inside, [fact.author_id]))


@on(MessageRecalled)
def message_recalled(fact: MessageRecalled) -> None:
    withdraw(InboxLine.about == f"message-{fact.message_id}")


@on(KeepAsked)
def keep_asked(fact: KeepAsked) -> None:
    thing = Thing(
        "keep",
        f"keep-{fact.message_id}-{fact.circle_id}",
        f"message-{fact.message_id}",
        fact.message_id,
        fact.circle_id,
        fact.group_id,
        [fact.by_id],
    )
    tell(thing, [fact.author_id])


@on(KeepAnswered)
def keep_answered(fact: KeepAnswered) -> None:
    withdraw(InboxLine.subject == f"keep-{fact.message_id}-{fact.circle_id}")


@on(GroupJoined)
def group_joined(fact: GroupJoined) -> None:
    withdraw(InboxLine.subject == f"group-{fact.group_id}-in", InboxLine.identity_id == fact.identity_id)
    _fewer(fact.group_id)
    if fact.by_id not in (0, fact.identity_id):
        thing = Thing("group_brought", f"group-{fact.group_id}-in", group_id=fact.group_id, people=[fact.by_id])
        tell(thing, [fact.identity_id])


@on(GroupLeft)
def group_left(fact: GroupLeft) -> None:
    """Who is not in the group any more has nothing of it in the inbox."""
    withdraw(InboxLine.identity_id == fact.identity_id, InboxLine.group_id == fact.group_id)


@on(GroupRoleChanged)
def role_changed(fact: GroupRoleChanged) -> None:
    if fact.by_id != fact.identity_id:
        subject, people = f"group-{fact.group_id}-role", [fact.by_id] if fact.by_id else []
        thing = Thing(ROLES[fact.role], subject, group_id=fact.group_id, people=people)
        tell_again(thing, [fact.identity_id])
    asking, deciding = _requests(fact.group_id), _deciding(fact.group_id)
    withdraw(InboxLine.subject == asking.subject, InboxLine.identity_id.not_in(deciding))
    if asking.people:
        tell(asking, among(deciding, ()))


# ---- who asks to come in -----------------------------------------------------------------------------------
@on(GroupRequested)
def group_requested(fact: GroupRequested) -> None:
    tell_again(_requests(fact.group_id), among(_deciding(fact.group_id), ()))


@on(GroupModerated)
def request_decided(fact: GroupModerated) -> None:
    """Those who decide have one fewer, and who asked hears the answer."""
    if fact.act not in ANSWERS or fact.whom_id is None:
        return
    _fewer(fact.group_id)
    tell_again(Thing(ANSWERS[fact.act], f"group-{fact.group_id}-in", group_id=fact.group_id), among([fact.whom_id], ()))


@on(IdentityEnded)
def asker_ended(fact: IdentityEnded) -> None:
    asked = (GroupMember.identity_id == fact.identity_id, GroupMember.state == "asked")
    groups = sa.select(GroupMember.group_id).where(*asked).order_by(GroupMember.group_id)
    for group_id in db.session.scalars(groups).all():
        _fewer(group_id)


@on(GroupDissolved)
def group_dissolved(fact: GroupDissolved) -> None:
    withdraw(InboxLine.group_id == fact.group_id)


def _fewer(group_id: int) -> None:
    """The lines of those who decide name whoever asks still."""
    if lines := lines_of(InboxLine.subject == f"group-requests-{group_id}"):
        people = _requests(group_id).people
        for line in lines:
            keep_people(line, people, 0)


def _deciding(group_id: int) -> sa.Select[Any]:
    """Identities that run the group, as a subquery."""
    there = (GroupMember.group_id == group_id, GroupMember.state == "active", GroupMember.role.in_(RUN))
    return sa.select(GroupMember.identity_id).where(*there)


def _requests(group_id: int) -> Thing:
    """Who asks to join the group, the latest last."""
    asking = (GroupMember.group_id == group_id, GroupMember.state == "asked", Identity.ended_at.is_(None))
    found = sa.select(GroupMember.identity_id).join(Identity, Identity.id == GroupMember.identity_id).where(*asking)
    people = db.session.scalars(found.order_by(GroupMember.joined_at, GroupMember.id)).all()
    return Thing("group_request", f"group-requests-{group_id}", group_id=group_id, people=people)
