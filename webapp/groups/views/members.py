"""Who is in a group, and what its administrators do: add, mute, appoint, remove."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import NotFound

from webapp.groups import inviting, people
from webapp.groups.actions import appoint, join, mute, remove
from webapp.groups.models import Group, GroupMember
from webapp.groups.policy import Rule
from webapp.groups.queries import Chat, open_group
from webapp.kit import clock, pages, throttle
from webapp.kit.db import write
from webapp.kit.i18n import ngettext
from webapp.kit.ids import as_id
from webapp.kit.policy import Viewer, access, can
from webapp.kit.searching import asked_name
from webapp.kit.web import Answer, done, password_again, requires, show, viewer

bp = Blueprint("group_members", __name__, url_prefix="/groups/<int:group_id>")
DAY = timedelta(days=1)


@bp.get("/members")
@requires(Rule.GROUP_READ)
def members_index(group_id: int) -> Answer:
    """Who runs the group, then everybody; `q` finds one."""
    chat = open_group(viewer(), group_id)
    name = asked_name()
    asking = inviting.waiting(group_id) if chat.may_administer else []
    page = {"chat": chat, "found": people.members(group_id, pages.cursor(), name), "asking": asking}
    return show("groups/members.html", "groups/_members.html", **page, **_frame(chat, name))


def _frame(chat: Chat, name: str = "") -> dict[str, Any]:
    mode = chat.circles[0].kind if chat.circles else ""
    shared = {"q": name, "now": clock.now(), "viewer": viewer(), "tab": "groups"}
    return {**shared, "mode": mode, "topics": [f"group-{chat.group.id}"]}


@bp.get("/members/add")
@requires(Rule.GROUP_ADMINISTER)
def members_new(group_id: int) -> Answer:
    """Colleagues and members of linked circles, to be ticked."""
    chat = open_group(viewer(), group_id, Rule.GROUP_ADMINISTER)
    name = asked_name()
    found = people.candidates(viewer(), chat.group, name)
    return show("groups/add.html", chat=chat, found=found, **_frame(chat, name))


@bp.post("/members")
@requires(Rule.GROUP_ADMINISTER)
def members_create(group_id: int) -> Answer:
    """Add those who are ticked."""
    ticked = request.form.getlist("identity", type=as_id)[: people.FOUND]
    with write():
        group = access(Rule.GROUP_ADMINISTER, viewer(), Group, group_id)
        throttle.calm(viewer().person_id, "picks")
        found = [people.candidate(viewer(), group, number) for number in ticked]
        if None in found:
            raise NotFound
        for identity in found:
            if identity is not None:
                join(group, identity, by_id=viewer().identity_id)
    said = ngettext("{n} person was added.", "{n} people were added.", len(ticked))
    return done(f"/groups/{group_id}/members", say=said)


@bp.get("/members/<int:member_id>")
@requires(Rule.MEMBER_READ)
def members_show(group_id: int, member_id: int) -> Answer:
    """What may be done with one member."""
    member = _member(Rule.MEMBER_READ, group_id, member_id)
    chat = open_group(viewer(), group_id)
    page = {
        "member": member,
        "identity": people.named(group_id, [member.identity_id])[0],
        "may_decide": can(Rule.MEMBER_DECIDE, viewer(), member),
        "may_appoint": can(Rule.MEMBER_APPOINT, viewer(), member),
    }
    return show("groups/member.html", None, chat=chat, **page, **_frame(chat))


def _member(rule: Rule, group_id: int, member_id: int) -> GroupMember:
    member = access(rule, viewer(), GroupMember, member_id)
    if member.group_id != group_id:
        raise NotFound
    return member


def _act(rule: Rule, act: Callable[[Viewer, GroupMember], None], group_id: int, member_id: int) -> Answer:
    with write():
        member = _member(rule, group_id, member_id)
        if rule is Rule.MEMBER_APPOINT:
            password_again()
        act(viewer(), member)
    return done(f"/groups/{group_id}/members")


@bp.post("/members/<int:member_id>/mute")
@requires(Rule.MEMBER_DECIDE)
def mutes_create(group_id: int, member_id: int) -> Answer:
    """Silence somebody for a day."""
    until = clock.now() + DAY
    return _act(Rule.MEMBER_DECIDE, lambda who, member: mute(who, member, until), group_id, member_id)


@bp.post("/members/<int:member_id>/unmute")
@requires(Rule.MEMBER_DECIDE)
def mutes_delete(group_id: int, member_id: int) -> Answer:
    """Let somebody speak again."""
    return _act(Rule.MEMBER_DECIDE, lambda who, member: mute(who, member, None), group_id, member_id)


@bp.post("/members/<int:member_id>/remove")
@requires(Rule.MEMBER_DECIDE)
def members_delete(group_id: int, member_id: int) -> Answer:
    """Remove somebody from the group."""
    return _act(Rule.MEMBER_DECIDE, remove, group_id, member_id)


@bp.post("/members/<int:member_id>/appoint")
@requires(Rule.MEMBER_APPOINT)
def members_appoint(group_id: int, member_id: int) -> Answer:
    """Make somebody administrator."""
    return _act(Rule.MEMBER_APPOINT, lambda who, member: appoint(who, member, "admin"), group_id, member_id)


@bp.post("/members/<int:member_id>/dismiss")
@requires(Rule.MEMBER_APPOINT)
def members_dismiss(group_id: int, member_id: int) -> Answer:
    """Make an administrator a member again."""
    return _act(Rule.MEMBER_APPOINT, lambda who, member: appoint(who, member, "member"), group_id, member_id)


@bp.post("/members/<int:member_id>/hand-over")
@requires(Rule.MEMBER_APPOINT)
def members_hand_over(group_id: int, member_id: int) -> Answer:
    """Hand the group over; one stays as administrator."""
    return _act(Rule.MEMBER_APPOINT, lambda who, member: appoint(who, member, "owner"), group_id, member_id)
