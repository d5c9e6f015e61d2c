"""The rules of groups: who may know of one, read, speak and run it, and who links it to a circle."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle
from webapp.circles.policy import ADMINISTERS, Mine, membership
from webapp.circles.policy import Rule as CircleRule
from webapp.groups.models import Group, GroupInvitation, GroupMember, KeepRequest, Link, Message, Summary
from webapp.kit import clock
from webapp.kit.policy import NOW, Viewer, allowed, rule, widen

RECALL = timedelta(minutes=2)  # how long an author may take back what was said
RUN = ("owner", "admin")


ALIVE = Group.archived_at.is_(None)
LISTED = [kind for kind, table in KINDS.items() if table.listed]  # kinds that strangers may find


Here = aliased(GroupMember)  # the membership that a rule asks about; one alias for all, since making one is dear
Through, ThroughLink = aliased(GroupMember), aliased(Link)
YOUNG = sa.bindparam("young", callable_=lambda: clock.now() - RECALL, type_=sa.DateTime(), unique=True)


class Rule(StrEnum):
    GROUP_ADMINISTER = "group.administer"  # members, announcement, muting, links
    GROUP_FIND = "group.find"  # its name, and how to join
    GROUP_INVITE = "group.invite"
    GROUP_JOIN = "group.join"
    GROUP_OWN = "group.own"  # appoint, hand over, dissolve
    GROUP_READ = "group.read"  # what is said, and who is in it
    GROUP_REQUEST = "group.request"  # ask to be let in
    GROUP_SPEAK = "group.speak"
    INVITATION_REVOKE = "group_invitation.revoke"
    KEEP_ANSWER = "keep.answer"  # the author's word on being kept
    LINK_ADMINISTER = "link.administer"  # what it pushes, whom it admits; the group's announcement and muting
    LINK_READ = "link.read"
    LINK_REMOVE = "link.remove"
    MEMBER_ADMIT = "member.admit"  # who asked to be let in
    MEMBER_APPOINT = "member.appoint"
    MEMBER_DECIDE = "member.decide"  # mute, remove
    MEMBER_READ = "member.read"
    MESSAGE_ASK = "message.ask"  # ask its author whether it may be kept in a circle
    MESSAGE_KEEP = "message.keep"  # keep one's own in a circle
    MESSAGE_READ = "message.read"
    MESSAGE_RECALL = "message.recall"
    MESSAGE_REMOVE = "message.remove"
    MESSAGE_RESTORE = "message.restore"  # one that was removed, not one that its author took back
    SUMMARY_READ = "summary.read"


def belongs(viewer: Viewer, group_id: Any, *, roles: tuple[str, ...] = (), free: bool = False) -> ColumnElement[bool]:
    """The identity in use is an active member of that group, in one of these roles, (`free`) not muted."""
    mine = Here
    asked = [mine.group_id == group_id, mine.identity_id == viewer.identity_id, mine.state == "active"]
    if roles:
        asked.append(mine.role.in_(roles))
    if free:
        asked.append(sa.or_(mine.muted_until.is_(None), mine.muted_until <= NOW))
    return sa.exists().where(*asked).correlate_except(mine)


def _linked(viewer: Viewer, circle_rule: CircleRule) -> ColumnElement[bool]:
    """For Group rows: linked to a circle for which the rule holds."""
    circles = sa.select(Circle.id).where(allowed(circle_rule, viewer))
    linked: ColumnElement[bool] = Group.id.in_(sa.select(Link.group_id).where(Link.circle_id.in_(circles)))
    return linked


def of_group(group_rule: Rule, viewer: Viewer, column: Any) -> ColumnElement[bool]:
    """The row's group is one for which the rule holds."""
    found: ColumnElement[bool] = column.in_(sa.select(Group.id).where(allowed(group_rule, viewer)))
    return found


@widen(CircleRule.CIRCLE_FIND)
def find_circle(viewer: Viewer) -> ColumnElement[bool]:
    """Members of a linked group may find its circle; reading it is the circle's own affair."""
    mine, link = Through, ThroughLink
    through = [
        link.circle_id == Circle.id,
        mine.group_id == link.group_id,
        mine.identity_id == viewer.identity_id,
        mine.state == "active",
    ]
    return sa.exists().where(*through).correlate_except(mine, link)


# ---- groups --------------------------------------------------------------------------------------
@rule(Rule.GROUP_FIND, Group)
def find(viewer: Viewer) -> ColumnElement[bool]:
    """Members, and members of a circle that it is linked to."""
    return sa.or_(belongs(viewer, Group.id), _linked_to_mine(viewer))


def _linked_to_mine(viewer: Viewer) -> ColumnElement[bool]:
    link = ThroughLink
    through = [link.group_id == Group.id, membership(viewer, link.circle_id)]
    return sa.exists().where(*through).correlate_except(link)


@rule(Rule.GROUP_READ, Group, see=Rule.GROUP_FIND)
def read(viewer: Viewer) -> ColumnElement[bool]:
    return belongs(viewer, Group.id)


@rule(Rule.GROUP_JOIN, Group, see=Rule.GROUP_FIND)
def join(viewer: Viewer) -> ColumnElement[bool]:
    """By one's own decision: not a member yet, and not somebody who was removed. In circles of a school, an
    organisation or a company only its teachers and staff: a parents' chat is not for the pupils of its circle."""
    free = sa.or_(Circle.kind.in_(LISTED), Mine.party.in_(("teacher", "staff")), ADMINISTERS)
    circles = sa.select(Link.group_id).join(Circle, Circle.id == Link.circle_id)
    open_here = Group.id.in_(circles.where(membership(viewer, Circle.id, free)))
    return sa.and_(ALIVE, ~_settled(viewer, ("active", "removed")), open_here)


def _settled(viewer: Viewer, states: tuple[str, ...]) -> ColumnElement[bool]:
    """The identity in use has a row in the group in one of these states."""
    mine = Here
    row = [mine.group_id == Group.id, mine.identity_id == viewer.identity_id, mine.state.in_(states)]
    return sa.exists().where(*row).correlate_except(mine)


@rule(Rule.GROUP_REQUEST, Group, see=Rule.GROUP_FIND)
def request(viewer: Viewer) -> ColumnElement[bool]:
    """Who finds the group and is not in it; nobody asks again who was refused or removed."""
    return sa.and_(ALIVE, ~_settled(viewer, ("active", "removed", "refused")))


@rule(Rule.GROUP_SPEAK, Group, see=Rule.GROUP_FIND)
def speak(viewer: Viewer) -> ColumnElement[bool]:
    free = sa.and_(ALIVE, belongs(viewer, Group.id, free=True))
    if viewer.kind == "teacher":
        return free
    return sa.and_(free, sa.or_(Group.muted_all.is_(False), belongs(viewer, Group.id, roles=RUN)))


@rule(Rule.GROUP_ADMINISTER, Group, see=Rule.GROUP_FIND)
def administer(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(ALIVE, belongs(viewer, Group.id, roles=RUN))


@rule(Rule.GROUP_OWN, Group, see=Rule.GROUP_FIND)
def own(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(ALIVE, belongs(viewer, Group.id, roles=("owner",)))


@rule(Rule.GROUP_INVITE, Group, see=Rule.GROUP_FIND)
def invite(viewer: Viewer) -> ColumnElement[bool]:
    """Administrators; every member, where the group is of no organisation and of no circle but those that strangers
    may find."""
    closed = sa.select(Link.group_id).join(Circle, Circle.id == Link.circle_id).where(Circle.kind.not_in(LISTED))
    among_friends = sa.and_(Group.organisation_id.is_(None), Group.id.not_in(closed), belongs(viewer, Group.id))
    return sa.and_(ALIVE, sa.or_(belongs(viewer, Group.id, roles=RUN), among_friends))


@rule(Rule.INVITATION_REVOKE, GroupInvitation)
def revoke(viewer: Viewer) -> ColumnElement[bool]:
    """Who made it, the group's administrators, and those of its circles from their desk."""
    mine = sa.and_(GroupInvitation.made_by == viewer.identity_id, belongs(viewer, GroupInvitation.group_id))
    return sa.or_(mine, _runs(viewer, GroupInvitation.group_id))


def _runs(viewer: Viewer, group_id: Any) -> ColumnElement[bool]:
    """The group's administrators, and those of its circles from their desk."""
    circles = sa.select(Circle.id).where(allowed(CircleRule.CIRCLE_ADMINISTER, viewer))
    linked = group_id.in_(sa.select(Link.group_id).where(Link.circle_id.in_(circles)))
    return sa.or_(belongs(viewer, group_id, roles=RUN), linked)


# ---- members -------------------------------------------------------------------------------------
LIVING = GroupMember.group_id.in_(sa.select(Group.id).where(ALIVE))  # the group was not dissolved


@rule(Rule.MEMBER_ADMIT, GroupMember)
def member_admit(viewer: Viewer) -> ColumnElement[bool]:
    """Whatever became of the request: who comes second is told that it was decided."""
    return sa.and_(LIVING, GroupMember.state.in_(("asked", "refused")), _runs(viewer, GroupMember.group_id))


@rule(Rule.MEMBER_READ, GroupMember)
def member_read(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(GroupMember.state == "active", belongs(viewer, GroupMember.group_id))


@rule(Rule.MEMBER_DECIDE, GroupMember, see=Rule.MEMBER_READ)
def member_decide(viewer: Viewer) -> ColumnElement[bool]:
    """Administrators about members, the owner about everybody else."""
    about = sa.or_(
        sa.and_(GroupMember.role == "member", belongs(viewer, GroupMember.group_id, roles=RUN)),
        sa.and_(GroupMember.role != "owner", belongs(viewer, GroupMember.group_id, roles=("owner",))),
    )
    return sa.and_(LIVING, about)


@rule(Rule.MEMBER_APPOINT, GroupMember, see=Rule.MEMBER_READ)
def member_appoint(viewer: Viewer) -> ColumnElement[bool]:
    owned = belongs(viewer, GroupMember.group_id, roles=("owner",))
    return sa.and_(LIVING, owned, GroupMember.identity_id != viewer.identity_id)


# ---- messages ------------------------------------------------------------------------------------
STANDS = Message.recalled_at.is_(None)
WORDS = Message.kind.is_(None)


@rule(Rule.MESSAGE_READ, Message)
def message_read(viewer: Viewer) -> ColumnElement[bool]:
    return belongs(viewer, Message.group_id)


@rule(Rule.MESSAGE_RECALL, Message, see=Rule.MESSAGE_READ)
def message_recall(viewer: Viewer) -> ColumnElement[bool]:
    young = Message.at > YOUNG
    return sa.and_(STANDS, WORDS, young, Message.author_id == viewer.identity_id)


@rule(Rule.MESSAGE_REMOVE, Message, see=Rule.MESSAGE_READ)
def message_remove(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(STANDS, belongs(viewer, Message.group_id, roles=RUN))


@rule(Rule.MESSAGE_RESTORE, Message, see=Rule.MESSAGE_READ)
def message_restore(viewer: Viewer) -> ColumnElement[bool]:
    removed = Message.recalled_by != Message.author_id
    return sa.and_(Message.recalled_at.is_not(None), removed, belongs(viewer, Message.group_id, roles=RUN))


@rule(Rule.MESSAGE_KEEP, Message, see=Rule.MESSAGE_READ)
def message_keep(viewer: Viewer) -> ColumnElement[bool]:
    """Its author; into which circle is that circle's affair (circle.post)."""
    return sa.and_(STANDS, WORDS, Message.author_id == viewer.identity_id)


@rule(Rule.MESSAGE_ASK, Message, see=Rule.MESSAGE_READ)
def message_ask(viewer: Viewer) -> ColumnElement[bool]:
    """Who administers a circle that the group is linked to."""
    circles = sa.select(Circle.id).where(allowed(CircleRule.CIRCLE_ADMINISTER, viewer))
    linked = Message.group_id.in_(sa.select(Link.group_id).where(Link.circle_id.in_(circles)))
    return sa.and_(STANDS, WORDS, Message.author_id != viewer.identity_id, linked)


@rule(Rule.KEEP_ANSWER, KeepRequest)
def keep_answer(viewer: Viewer) -> ColumnElement[bool]:
    return KeepRequest.author_id == viewer.identity_id


# ---- links ---------------------------------------------------------------------------------------
@rule(Rule.LINK_READ, Link)
def link_read(viewer: Viewer) -> ColumnElement[bool]:
    circles = sa.select(Circle.id).where(allowed(CircleRule.CIRCLE_READ, viewer))
    return sa.or_(Link.circle_id.in_(circles), belongs(viewer, Link.group_id))


@rule(Rule.LINK_ADMINISTER, Link, see=Rule.LINK_READ)
def link_administer(viewer: Viewer) -> ColumnElement[bool]:
    found: ColumnElement[bool] = Link.circle_id.in_(
        sa.select(Circle.id).where(allowed(CircleRule.CIRCLE_ADMINISTER, viewer))
    )
    return found


@rule(Rule.LINK_REMOVE, Link, see=Rule.LINK_READ)
def link_remove(viewer: Viewer) -> ColumnElement[bool]:
    """From either end."""
    return sa.or_(link_administer(viewer), belongs(viewer, Link.group_id, roles=RUN))


@rule(Rule.SUMMARY_READ, Summary)
def summary_read(viewer: Viewer) -> ColumnElement[bool]:
    """The group's members, and who administers the circle that it came from."""
    circles = sa.select(Circle.id).where(allowed(CircleRule.CIRCLE_ADMINISTER, viewer))
    return sa.or_(belongs(viewer, Summary.group_id), Summary.circle_id.in_(circles))
