"""My groups, and the chat of one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.groups import keeping, people, queries, rows, tools
from webapp.groups.actions import make_group, send_message
from webapp.groups.forms import GroupForm, MessageForm
from webapp.groups.linking import link_group
from webapp.groups.models import Group, GroupMember, Message
from webapp.groups.policy import Rule
from webapp.groups.queries import Chat, open_group
from webapp.groups.stretch import parts, piece_of
from webapp.kit.db import db, later, load, write
from webapp.kit.i18n import _
from webapp.kit.ids import as_id
from webapp.kit.pages import cursor
from webapp.kit.policy import access, allowed, can
from webapp.kit.presence import here
from webapp.kit.push import say_poke
from webapp.kit.searching import asked_name
from webapp.kit.web import Answer, done, invalid, partial, personal, requires, show, viewer, wants_fragment

bp = Blueprint("groups", __name__)


# ---- my groups -----------------------------------------------------------------------------------
@bp.get("/groups")
@personal
def groups_index() -> Answer:
    """The groups of the identity in use, the liveliest first."""
    return show("groups/index.html", "groups/_list.html", groups=queries.my_groups(viewer()), viewer=viewer())


@bp.get("/groups/<int:group_id>/listed")
@requires(Rule.GROUP_READ)
def groups_listed(group_id: int) -> Answer:
    """One group of the list, as it stands now."""
    access(Rule.GROUP_READ, viewer(), Group, group_id)
    found = queries.my_groups(viewer(), Group.id == group_id)
    return render_template("groups/_listed.html", listed=found[0]) if wants_fragment() else redirect("/groups")


@bp.get("/groups/new")
@personal
def groups_new() -> Answer:
    """Name a group and choose the circles it is linked to; `?circle=` ticks one."""
    picked = request.args.get("circle", type=as_id)
    form = GroupForm.blank(circles=[picked] if picked else [], organisation=_may_belong())
    return show("groups/new.html", form=form, circles=_run_circles(), may_belong=_may_belong())


@bp.post("/groups")
@personal
def groups_create() -> Answer:
    """Make a group."""
    form = GroupForm.read()
    if not form.ok:
        return invalid("groups/new.html", form=form, circles=_run_circles(), may_belong=_may_belong())
    belongs = viewer().organisation_id if form.organisation.data and _may_belong() else None
    with write():
        circles = [access(CircleRule.CIRCLE_ADMINISTER, viewer(), Circle, key) for key in form.circles.data or ()]
        group = make_group(viewer(), form.name.data, belongs)
        for circle in circles:
            link_group(viewer(), group, circle)
    return done(f"/groups/{group.id}", say=_("The group is there. Add its members."))


def _may_belong() -> bool:
    """Only those who work there found a group of their organisation."""
    return viewer().organisation_id is not None and viewer().kind in ("teacher", "staff")


def _run_circles() -> list[Circle]:
    mine = sa.select(Circle).where(allowed(CircleRule.CIRCLE_ADMINISTER, viewer()))
    return list(db.session.scalars(mine.order_by(Circle.name).limit(queries.BOUND)))


# ---- one group -----------------------------------------------------------------------------------
@bp.get("/groups/<int:group_id>")
@requires(Rule.GROUP_FIND)
def groups_show(group_id: int) -> Answer:
    """The chat; htmx fetches earlier stretches of it. Who may only join sees what it is."""
    chat = open_group(viewer(), group_id, Rule.GROUP_FIND)
    if not chat.may_read:
        may_request = can(Rule.GROUP_REQUEST, viewer(), chat.group)
        return render_template("groups/preview.html", chat=chat, may_request=may_request, **_frame(chat))
    if wants_fragment():
        talk = queries.talk(chat, cursor(), viewer())
        return render_template("groups/_stretch.html", chat=chat, talk=talk)
    reply = request.args.get("reply", type=as_id)
    return _page(chat, reply=_quotable(chat, reply))


def _page(chat: Chat, code: int = 200, form: Any = None, reply: Message | None = None) -> Response:
    """The whole page, and after it the note that what stands in it was seen."""
    talk = queries.talk(chat, cursor(), viewer())
    wishes = keeping.wishes(viewer(), chat.group.id) if chat.asked else []
    page = {
        "chat": chat,
        "talk": talk,
        "wishes": wishes,
        "first": cursor() is None,
        "form": form,
        "reply": reply,
    }
    response = make_response(render_template("groups/show.html", **page, **_frame(chat)), code)
    return _seen(response, chat) if code == 200 and page["first"] else response


def _frame(chat: Chat) -> dict[str, Any]:
    mode = chat.circles[0].kind if chat.circles else ""
    topics = [f"group-{chat.group.id}"] if chat.may_read else []
    return {"tab": "groups", "mode": mode, "topics": topics}


def _quotable(chat: Chat, message_id: int | None) -> Message | None:
    """The message that a reply quotes, with its author."""
    row = rows.one(message_id) if message_id else None
    found = row.message if row is not None else None
    return found if found is not None and found.group_id == chat.group.id and not found.recalled_at else None


def _seen(response: Response, chat: Chat) -> Response:
    """Bookkeeping after the answer: what was said by now was read."""
    mine, said, identity = chat.member, chat.group.messages, viewer().identity_id
    if mine is not None and chat.may_read and mine.read < said:
        number = mine.id

        def note() -> None:
            seen = sa.update(GroupMember).where(GroupMember.id == number, GroupMember.read < said)
            db.session.execute(seen.values(read=said), execution_options={"synchronize_session": False})
            say_poke(f"viewer-{identity}", "nav")

        later(current_app._get_current_object(), response, note)  # type: ignore[attr-defined]
    return response


@bp.get("/groups/<int:group_id>/fresh")
@requires(Rule.GROUP_READ)
def groups_fresh(group_id: int) -> Answer:
    """What was said after `?after=`, for a page that comes back."""
    chat = open_group(viewer(), group_id)
    if not wants_fragment():
        return redirect(f"/groups/{group_id}")
    drawn = render_template("groups/_rows.html", parts=queries.fresh(viewer(), group_id, cursor("after") or 0))
    return _seen(make_response(drawn), chat)


@bp.get("/groups/<int:group_id>/read")
@requires(Rule.GROUP_READ)
def groups_read(group_id: int) -> Answer:
    """The page says that its chat is on the screen; what was said by now was read."""
    return _seen(make_response(render_template("groups/_read.html", group_id=group_id)), open_group(viewer(), group_id))


@bp.get("/groups/<int:group_id>/board")
@requires(Rule.GROUP_READ)
def groups_board(group_id: int) -> Answer:
    """The announcement, and whether all are muted."""
    group = access(Rule.GROUP_READ, viewer(), Group, group_id)
    return _part(group_id, "groups/_board.html", group=group)


@bp.get("/groups/<int:group_id>/keeps")
@requires(Rule.GROUP_READ)
def groups_keeps(group_id: int) -> Answer:
    """Who would like to keep which of my messages."""
    access(Rule.GROUP_READ, viewer(), Group, group_id)
    wishes = keeping.wishes(viewer(), group_id)
    return _part(group_id, "groups/_keeps.html", group_id=group_id, wishes=wishes, viewer=viewer())


@bp.get("/groups/<int:group_id>/say")
@requires(Rule.GROUP_SPEAK)
def groups_say(group_id: int) -> Answer:
    """The form to write in, quoting `?reply=`."""
    chat = open_group(viewer(), group_id, Rule.GROUP_SPEAK)
    reply = request.args.get("reply", type=as_id)
    if not wants_fragment():
        return redirect(f"/groups/{group_id}?reply={reply}#say" if reply else f"/groups/{group_id}#say")
    return render_template("groups/_say.html", group=chat.group, form=None, reply=_quotable(chat, reply))


@bp.get("/groups/<int:group_id>/tools")
@requires(Rule.GROUP_SPEAK)
def groups_tools(group_id: int) -> Answer:
    """What this member may do from the chat; for htmx the items of the + menu."""
    chat = open_group(viewer(), group_id, Rule.GROUP_SPEAK)
    found = tools.tools(viewer(), chat)
    return show("groups/tools.html", "groups/_tools.html", group=chat.group, tools=found, **_frame(chat))


def _part(page_of: int, fragment: str, **context: Any) -> Answer:
    """A part of the chat's page for htmx; without it, the page."""
    return render_template(fragment, **context) if wants_fragment() else redirect(f"/groups/{page_of}")


@bp.get("/groups/<int:group_id>/here")
@requires(Rule.GROUP_READ)
def groups_here(group_id: int) -> Answer:
    """Who of the group is online now."""
    chat = open_group(viewer(), group_id)
    found = people.named(group_id, here(f"group-{group_id}"))
    return show("groups/here.html", "groups/_here.html", group=chat.group, people=found, **_frame(chat))


@bp.get("/groups/<int:group_id>/mentions")
@requires(Rule.GROUP_READ)
def groups_mentions(group_id: int) -> Answer:
    """Names of members that begin with `?q=`, for the field that is being written in."""
    access(Rule.GROUP_READ, viewer(), Group, group_id)
    begins = asked_name(20)
    found = people.namesakes(group_id, begins) if begins else []
    return render_template("groups/_mentions.html", people=found)


# ---- speaking ------------------------------------------------------------------------------------
@bp.post("/groups/<int:group_id>/messages")
@requires(Rule.GROUP_SPEAK)
def messages_create(group_id: int) -> Answer:
    """Say something; with `reply` it quotes a message."""
    form, reply = MessageForm.read(), request.form.get("reply", type=as_id)
    if not form.ok:
        chat = open_group(viewer(), group_id, Rule.GROUP_SPEAK)
        quoted = _quotable(chat, reply)
        if wants_fragment():
            return invalid("groups/_say.html", group=chat.group, form=form, reply=quoted)
        return _page(chat, 422, form, quoted)
    with write():
        group = access(Rule.GROUP_SPEAK, viewer(), Group, group_id)
        quote = load(Message, reply) if reply else None
        message = send_message(viewer(), group, form.body.data, form.client_id.data, quote)
    return _said(group, message)


def _said(group: Group, message: Message) -> Answer:
    """The empty form, and the message at the end of the chat."""
    row = rows.one(message.id)
    assert row is not None
    also = partial(f"#talk-{group.id}", render_template("groups/_rows.html", parts=parts([piece_of(row)])), "beforeend")
    return done(f"/groups/{group.id}#{row.id}", "groups/_say.html", also=(also,), group=group, form=None, reply=None)
