"""Who reports what, and who decides about it: never the one it is about."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from webapp.accounts.models import Identity, Person
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.models import Comment
from webapp.feed.policy import Rule as FeedRule
from webapp.groups.models import GroupMember, Message
from webapp.groups.policy import RUN, WORDS, belongs
from webapp.groups.policy import Rule as GroupRule
from webapp.kit.policy import Viewer, allowed, rule
from webapp.moderation.models import Case
from webapp.posts.models import Post
from webapp.posts.policy import Rule as PostRule


class Rule(StrEnum):
    CASE_DECIDE = "case.decide"
    COMMENT_REPORT = "comment.report"
    GROUP_MEMBER_REPORT = "group_member.report"
    MEMBER_REPORT = "membership.report"
    MESSAGE_REPORT = "message.report"
    POST_REPORT = "post.report"


# ---- who reports: everybody who sees it, and nobody themselves -------------------------------------------
def _others(viewer: Viewer, column: Any) -> ColumnElement[bool]:
    own = sa.select(Identity.id).where(Identity.person_id == viewer.person_id)
    found: ColumnElement[bool] = column.not_in(own)
    return found


@rule(Rule.POST_REPORT, Post, see=PostRule.POST_READ)
def report_post(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "published", _others(viewer, Post.author_id))


@rule(Rule.COMMENT_REPORT, Comment, see=FeedRule.COMMENT_READ)
def report_comment(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Comment.deleted_at.is_(None), _others(viewer, Comment.author_id))


@rule(Rule.MESSAGE_REPORT, Message, see=GroupRule.MESSAGE_READ)
def report_message(viewer: Viewer) -> ColumnElement[bool]:
    """Words, also when their author took them back: others have read them. A card is reported as what it is."""
    return sa.and_(WORDS, _others(viewer, Message.author_id))


@rule(Rule.MEMBER_REPORT, Membership, see=CircleRule.MEMBERSHIP_READ)
def report_member(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Membership.state == "active", _others(viewer, Membership.identity_id))


@rule(Rule.GROUP_MEMBER_REPORT, GroupMember, see=GroupRule.MEMBER_READ)
def report_group_member(viewer: Viewer) -> ColumnElement[bool]:
    return _others(viewer, GroupMember.identity_id)


# ---- who decides -----------------------------------------------------------------------------------------
_running, _chatting = aliased(Membership), aliased(GroupMember)
_who, _boss = aliased(Identity), aliased(Identity)


@rule(Rule.CASE_DECIDE, Case)
def decide(viewer: Viewer) -> ColumnElement[bool]:
    """The moderators of the desk it was sent to; where only the reported one is left of them, the organisation's
    administrators, and after these the server's."""
    circles = sa.select(Circle.id).where(allowed(CircleRule.CIRCLE_MODERATE, viewer))
    ways = [
        sa.and_(Case.desk == "circle", Case.circle_id.in_(circles)),
        sa.and_(Case.desk == "group", belongs(viewer, Case.group_id, roles=RUN)),
    ]
    if viewer.runs_organisation:
        ways.append(sent_to("organisation", viewer.organisation_id))
    if viewer.platform_admin:
        ways.append(sent_to("server", None))
    return sa.and_(Case.person_id != viewer.person_id, sa.or_(*ways))


def sent_to(desk: str, place: Any) -> ColumnElement[bool]:
    """The case lies at this desk: it was sent there, or nobody is left to decide at the one below."""
    if desk in ("circle", "group"):
        column = Case.circle_id if desk == "circle" else Case.group_id
        return sa.and_(Case.desk == desk, column == place)
    to_organisation = sa.or_(Case.desk == "organisation", _left_alone())
    if desk == "organisation":
        return sa.and_(Case.organisation_id == place, to_organisation)
    return sa.or_(Case.desk == "server", sa.and_(to_organisation, ~_run_by_others()))


def _left_alone() -> ColumnElement[bool]:
    """The case of a circle or group in which nobody but the reported one moderates."""
    circle = sa.exists().where(
        _running.circle_id == Case.circle_id,
        _running.state == "active",
        _running.role.in_(RUN),
        _who.id == _running.identity_id,
        _who.person_id != Case.person_id,
    )
    group = sa.exists().where(
        _chatting.group_id == Case.group_id,
        _chatting.state == "active",
        _chatting.role.in_(RUN),
        _who.id == _chatting.identity_id,
        _who.person_id != Case.person_id,
    )
    return sa.or_(
        sa.and_(Case.desk == "circle", ~circle.correlate(Case)), sa.and_(Case.desk == "group", ~group.correlate(Case))
    )


def _run_by_others() -> ColumnElement[bool]:
    """Somebody but the reported one administers the case's organisation."""
    boss = sa.exists().where(
        _boss.organisation_id == Case.organisation_id,
        _boss.power.in_(("owner", "admin")),
        _boss.ended_at.is_(None),
        _boss.person_id != Case.person_id,
    )
    return boss.correlate(Case)


# ---- the same in rows, for a thing that is not a case yet --------------------------------------------------
def moderators(desk: str, place_id: int | None, but_person: int) -> sa.Select[int, int]:
    """(identity, person) of those who would decide at a desk about this person's thing."""
    if desk == "circle":
        here = sa.select(Identity.id, Identity.person_id).join(Membership, Membership.identity_id == Identity.id)
        here = here.where(Membership.circle_id == place_id, Membership.state == "active", Membership.role.in_(RUN))
    elif desk == "group":
        here = sa.select(Identity.id, Identity.person_id).join(GroupMember, GroupMember.identity_id == Identity.id)
        here = here.where(GroupMember.group_id == place_id, GroupMember.state == "active", GroupMember.role.in_(RUN))
    elif desk == "organisation":
        here = sa.select(Identity.id, Identity.person_id).where(
            Identity.organisation_id == place_id, Identity.power.in_(("owner", "admin"))
        )
    else:
        here = sa.select(Identity.id, Identity.person_id).join(Person, Person.id == Identity.person_id)
        here = here.where(Person.platform_admin)
    return here.where(Identity.ended_at.is_(None), Identity.person_id != but_person)
