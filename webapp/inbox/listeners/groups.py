"""Being named in a chat, coming into groups, and the author's word on keeping a message."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.groups.events import (
    GroupJoined,
    GroupLeft,
    GroupRoleChanged,
    KeepAnswered,
    KeepAsked,
    MessageRecalled,
    MessageSent,
)
from webapp.groups.models import GroupMember, Message
from webapp.groups.policy import Rule
from webapp.inbox.actions import Thing, tell, tell_again, withdraw
from webapp.inbox.audience import among
from webapp.inbox.kinds import in_group, kind, seen, to_group
from webapp.inbox.models import InboxLine
from webapp.kit.db import db
from webapp.kit.events import on
from webapp.kit.i18n import N_

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
