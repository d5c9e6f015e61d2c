"""What a group's administrators set: its name, the line above the chat, who may speak; and its end."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from webapp.groups import people
from webapp.groups.actions import announce, mute_all
from webapp.groups.ending import dissolve, rename
from webapp.groups.forms import AnnouncementForm, NameForm
from webapp.groups.models import Group
from webapp.groups.policy import Rule
from webapp.groups.queries import Chat, open_group
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, requires, show, viewer

bp = Blueprint("group_settings", __name__, url_prefix="/groups/<int:group_id>")


@bp.get("/settings")
@requires(Rule.GROUP_ADMINISTER)
def settings_show(group_id: int) -> Answer:
    """Name, announcement, muting, the circles that the group is linked to, and its end."""
    return _settings(group_id)


def _settings(group_id: int, form: AnnouncementForm | None = None, name: NameForm | None = None) -> Answer:
    chat = open_group(viewer(), group_id, Rule.GROUP_ADMINISTER)
    draw = invalid if form is not None or name is not None else show
    form = form or AnnouncementForm.blank(words=chat.group.announcement)
    name = name or NameForm.blank(name=chat.group.name)
    links = people.links(group_id)
    return draw("groups/settings.html", None, chat=chat, form=form, name=name, links=links, **_frame(chat))


def _frame(chat: Chat) -> dict[str, Any]:
    return {"mode": chat.circles[0].kind if chat.circles else "", "tab": "groups"}


@bp.post("/name")
@requires(Rule.GROUP_ADMINISTER)
def names_create(group_id: int) -> Answer:
    """Give the group another name."""
    name = NameForm.read()
    if not name.ok:
        return _settings(group_id, name=name)
    with write():
        rename(viewer(), access(Rule.GROUP_ADMINISTER, viewer(), Group, group_id), name.name.data)
    return done(f"/groups/{group_id}/settings", say=_("Saved."))


@bp.post("/announcement")
@requires(Rule.GROUP_ADMINISTER)
def announcements_create(group_id: int) -> Answer:
    """Set the line above the chat."""
    form = AnnouncementForm.read()
    if not form.ok:
        return _settings(group_id, form)
    with write():
        announce(viewer(), access(Rule.GROUP_ADMINISTER, viewer(), Group, group_id), form.words.data)
    return done(f"/groups/{group_id}")


@bp.post("/mute")
@requires(Rule.GROUP_ADMINISTER)
def mute_all_create(group_id: int) -> Answer:
    """Let only owner, administrators and teachers speak, or (`silent=0`) everybody again."""
    silent = request.form.get("silent") != "0"
    with write():
        mute_all(viewer(), access(Rule.GROUP_ADMINISTER, viewer(), Group, group_id), silent)
    return done(f"/groups/{group_id}/settings")


@bp.get("/dissolve")
@requires(Rule.GROUP_OWN)
def dissolving_show(group_id: int) -> Answer:
    """What dissolving means, before it is done."""
    chat = open_group(viewer(), group_id, Rule.GROUP_OWN)
    return show("groups/dissolve.html", None, chat=chat, **_frame(chat))


@bp.post("/dissolve")
@requires(Rule.GROUP_OWN)
def groups_dissolve(group_id: int) -> Answer:
    """End the group: its members read it from now on, nobody writes or joins."""
    with write():
        dissolve(viewer(), access(Rule.GROUP_OWN, viewer(), Group, group_id))
    return done(f"/groups/{group_id}", say=_("The group is dissolved. What was said stays readable for its members."))
