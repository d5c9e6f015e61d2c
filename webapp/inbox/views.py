"""The inbox, opening a line, reading, muting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from werkzeug.exceptions import BadRequest

from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.models import Thread
from webapp.feed.policy import Rule as FeedRule
from webapp.groups.models import Group
from webapp.groups.policy import Rule as GroupRule
from webapp.inbox import muting, queries
from webapp.inbox.actions import list_names, mark_read, mute, unmute
from webapp.inbox.audience import person_target
from webapp.inbox.models import InboxLine
from webapp.inbox.policy import Rule
from webapp.kit.db import later, later_if, write
from webapp.kit.i18n import _
from webapp.kit.pages import cursor
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, partial, personal, requires, show, viewer

bp = Blueprint("inbox", __name__)
CHIPS = ("unread", "waiting", "mention", "said", "other")


# ---- reading -----------------------------------------------------------------------------------------------
@bp.get("/inbox")
@personal
def inbox_show() -> Answer:
    """What concerns me, the newest first; `?show=` picks some of it."""
    chip = request.args.get("show", "")
    chip = chip if chip in CHIPS else ""
    found = queries.inbox(viewer(), chip, cursor())
    page: dict[str, Any] = {"inbox": found, "chip": chip, "first": cursor() is None and not chip}
    return render_template("inbox/show.html", tab="inbox", names=list_names(viewer().identity_id), **page)


@bp.get("/inbox/fresh")
@personal
def inbox_fresh() -> Answer:
    """The lines that moved after `?after=`, for the top of the list; the counter comes along."""
    rows = render_template("inbox/_rows.html", rows=queries.fresh(viewer(), cursor("after") or 0), viewer=viewer())
    return "".join((rows, partial("#rail", render_template("layouts/_rail.html", tab="inbox"))))


@bp.get("/inbox/<int:line_id>")
@requires(Rule.LINE_READ)
def lines_open(line_id: int) -> Answer:
    """On to what the line tells of; that it was read is noted after the answer."""
    line = access(Rule.LINE_READ, viewer(), InboxLine, line_id)
    who, response = viewer(), redirect(queries.place(line))
    later(_app(), response, lambda: mark_read(who.identity_id, InboxLine.id == line_id))
    return response


def _app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]


@bp.after_app_request
def page_seen(response: Response) -> Response:
    """Whoever opens a page has read the lines that lead to it, whichever way they came. Asked only where the page's
    navigation says that something is unread."""
    counters = g.get("nav")
    if request.method == "GET" and response.status_code == 200 and counters is not None and counters.inbox:
        who, path = viewer(), request.path

        def note(lines: list[int]) -> None:
            mark_read(who.identity_id, InboxLine.id.in_(lines))

        later_if(_app(), response, lambda: queries.led_to(who, path), note)
    return response


@bp.post("/inbox/read")
@personal
def inbox_read() -> Answer:
    """Everything was read."""
    with write():
        mark_read(viewer().identity_id)
    return done("/inbox")


@bp.get("/inbox/<int:line_id>/menu")
@requires(Rule.LINE_READ)
def lines_menu(line_id: int) -> Answer:
    """What can be done with a line; for htmx the items of its menu."""
    line = access(Rule.LINE_READ, viewer(), InboxLine, line_id)
    page = {"row": queries.one(viewer(), line_id), "targets": muting.targets(line), "tab": "inbox"}
    return show("inbox/menu.html", "inbox/_menu.html", viewer=viewer(), **page)


@bp.post("/inbox/<int:line_id>/read")
@requires(Rule.LINE_READ)
def lines_read(line_id: int) -> Answer:
    """A line was read without opening it."""
    with write():
        line = access(Rule.LINE_READ, viewer(), InboxLine, line_id)
        mark_read(viewer().identity_id, InboxLine.id == line.id)
    return done("/inbox")


# ---- muting ------------------------------------------------------------------------------------------------
@bp.get("/inbox/muted")
@personal
def mutes_index() -> Answer:
    """My circles and groups, and what is silent."""
    page = {"places": muting.places(viewer()), "others": muting.others(viewer()), "tab": "inbox"}
    return render_template("inbox/muted.html", **page)


def _muted(target: str) -> Answer:
    mute(viewer(), target)
    return done("/inbox/muted", say=_("It is silent now. Where you are named or asked, you still hear of it."))


@bp.post("/inbox/<int:line_id>/mute")
@requires(Rule.LINE_READ)
def lines_mute(line_id: int) -> Answer:
    """Hear no more of the line's circle, group, thread or person."""
    with write():
        targets = muting.targets(access(Rule.LINE_READ, viewer(), InboxLine, line_id))
        target = targets.get(request.form.get("what", ""))
        if target is None:
            raise BadRequest
        return _muted(target)


@bp.post("/circles/<int:circle_id>/quiet")
@requires(CircleRule.CIRCLE_READ)
def circles_mute(circle_id: int) -> Answer:
    """Hear no more of a circle."""
    with write():
        circle = access(CircleRule.CIRCLE_READ, viewer(), Circle, circle_id)
        return _muted(f"circle-{circle.id}")


@bp.post("/groups/<int:group_id>/quiet")
@requires(GroupRule.GROUP_READ)
def groups_mute(group_id: int) -> Answer:
    """Hear no more of a group."""
    with write():
        group = access(GroupRule.GROUP_READ, viewer(), Group, group_id)
        return _muted(f"group-{group.id}")


@bp.post("/threads/<int:thread_id>/quiet")
@requires(FeedRule.THREAD_READ)
def threads_mute(thread_id: int) -> Answer:
    """Hear no more of what is said under a card."""
    with write():
        thread = access(FeedRule.THREAD_READ, viewer(), Thread, thread_id)
        return _muted(f"{thread.kind}-{thread.item_id}")


@bp.post("/memberships/<int:membership_id>/quiet")
@requires(CircleRule.MEMBERSHIP_READ)
def people_mute(membership_id: int) -> Answer:
    """Hear no more of a person."""
    with write():
        member = access(CircleRule.MEMBERSHIP_READ, viewer(), Membership, membership_id)
        return _muted(person_target(member.identity_id))


@bp.post("/inbox/muted/delete")
@personal
def mutes_delete() -> Answer:
    """Hear of it again."""
    with write():
        unmute(viewer(), request.form.get("target", "")[:40])
    return done("/inbox/muted")
