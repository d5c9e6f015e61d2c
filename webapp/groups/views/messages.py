"""One message: its menu, taking it back, keeping it in a circle, opening the card in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, request
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from webapp.circles.models import Circle
from webapp.feed import cards
from webapp.groups import keeping, rows, summaries
from webapp.groups.actions import (
    answer_keep,
    ask_to_keep,
    keep_message,
    note_opened,
    recall_message,
    remove_message,
    restore_message,
)
from webapp.groups.finding import place_of
from webapp.groups.models import Group, KeepRequest, Message, Summary
from webapp.groups.policy import Rule
from webapp.kit.db import db, later, load, write
from webapp.kit.i18n import _
from webapp.kit.ids import as_id
from webapp.kit.pages import cursor
from webapp.kit.policy import access, can
from webapp.kit.web import Answer, done, requires, show, viewer

bp = Blueprint("messages", __name__)


@bp.get("/messages/<int:message_id>")
@requires(Rule.MESSAGE_READ)
def messages_show(message_id: int) -> Answer:
    """Where the message stands in its chat."""
    return redirect(place_of(access(Rule.MESSAGE_READ, viewer(), Message, message_id)))


@bp.get("/messages/<int:message_id>/menu")
@requires(Rule.MESSAGE_READ)
def messages_menu(message_id: int) -> Answer:
    """What this person may do with a message; for htmx the items of its menu."""
    message = access(Rule.MESSAGE_READ, viewer(), Message, message_id)
    return show("groups/message.html", "groups/_message_menu.html", **_menu(message))


def _menu(message: Message) -> dict[str, Any]:
    group = db.session.get_one(Group, message.group_id)
    return {
        "row": rows.one(message.id),
        "group": group,
        "may_speak": can(Rule.GROUP_SPEAK, viewer(), group),
        "may_recall": can(Rule.MESSAGE_RECALL, viewer(), message),
        "may_remove": can(Rule.MESSAGE_REMOVE, viewer(), message),
        "may_restore": can(Rule.MESSAGE_RESTORE, viewer(), message),
        "may_keep": can(Rule.MESSAGE_KEEP, viewer(), message) or can(Rule.MESSAGE_ASK, viewer(), message),
        "viewer": viewer(),
        "tab": "groups",
    }


@bp.post("/messages/<int:message_id>/recall")
@requires(Rule.MESSAGE_RECALL)
def messages_recall(message_id: int) -> Answer:
    """Take back one's own words, within two minutes."""
    with write():
        message = access(Rule.MESSAGE_RECALL, viewer(), Message, message_id)
        recall_message(viewer(), message)
    return _tombstone(message)


@bp.post("/messages/<int:message_id>/remove")
@requires(Rule.MESSAGE_REMOVE)
def messages_remove(message_id: int) -> Answer:
    """An administrator takes a message down."""
    with write():
        message = access(Rule.MESSAGE_REMOVE, viewer(), Message, message_id)
        remove_message(viewer(), message)
    return _tombstone(message)


@bp.post("/messages/<int:message_id>/remove/delete")
@requires(Rule.MESSAGE_RESTORE)
def messages_restore(message_id: int) -> Answer:
    """Let it stand again."""
    with write():
        message = access(Rule.MESSAGE_RESTORE, viewer(), Message, message_id)
        restore_message(viewer(), message)
    return _tombstone(message)


def _tombstone(message: Message) -> Answer:
    row = rows.one(message.id)
    return done(f"/groups/{message.group_id}#message-{message.id}", "groups/_message.html", row=row)


@bp.get("/messages/<int:message_id>/open")
@requires(Rule.MESSAGE_READ)
def cards_open(message_id: int) -> Response:
    """On to the card, in a summary to the one of `?item=`; who opened it from this group is noted after the answer.
    The card asks its own rule."""
    message = access(Rule.MESSAGE_READ, viewer(), Message, message_id)
    if message.kind is None or message.item_id is None or message.recalled_at is not None:
        raise NotFound
    who, number = viewer(), message.id
    response = redirect(_address(message))
    later(current_app._get_current_object(), response, lambda: note_opened(who, number))  # type: ignore[attr-defined]
    return response


def _address(message: Message) -> str:
    kind, item_id = str(message.kind), int(message.item_id or 0)
    if kind == summaries.KIND:
        return _of_summary(item_id) or f"/circles/{message.circle_id}"
    return cards.kind(kind).address(item_id)


def _of_summary(summary_id: int) -> str | None:
    """The address of the card that `?item=` names, if it stands in this summary."""
    held = summaries.card_in(summary_id, cursor("item") or 0)
    return cards.kind(held.kind).address(held.item_id) if held is not None else None


@bp.get("/summaries/<int:summary_id>")
@requires(Rule.SUMMARY_READ)
def summaries_show(summary_id: int) -> Response:
    """Where a summary stands, or straight to one of its cards, for those who look at it from the desk."""
    summary = access(Rule.SUMMARY_READ, viewer(), Summary, summary_id)
    return redirect(_of_summary(summary_id) or f"/circles/{summary.circle_id}")


# ---- keeping in a circle -------------------------------------------------------------------------
@bp.get("/groups/<int:group_id>/keep")
@requires(Rule.GROUP_SPEAK)
def keeps_index(group_id: int) -> Answer:
    """The latest messages that may be kept in a circle, to choose one."""
    group = access(Rule.GROUP_SPEAK, viewer(), Group, group_id)
    return show("groups/keepable.html", group=group, messages=keeping.keepable(viewer(), group_id), tab="groups")


@bp.get("/messages/<int:message_id>/keep")
@requires(Rule.MESSAGE_READ)
def keeps_new(message_id: int) -> Answer:
    """Choose the circle in which a message is kept."""
    message = access(Rule.MESSAGE_READ, viewer(), Message, message_id)
    own = can(Rule.MESSAGE_KEEP, viewer(), message)
    if not own and not can(Rule.MESSAGE_ASK, viewer(), message):
        raise Forbidden
    shelves = keeping.shelves(viewer(), message)
    return show("groups/keep.html", row=rows.one(message_id), shelves=shelves, own=own, tab="groups")


@bp.post("/messages/<int:message_id>/keep")
@requires(Rule.MESSAGE_KEEP)
def keeps_create(message_id: int) -> Answer:
    """Its author keeps a message in a circle."""
    with write():
        message = access(Rule.MESSAGE_KEEP, viewer(), Message, message_id)
        circle = _shelf(message)
        keep_message(viewer(), message, circle)
    return done(_place(message), say=_("It is kept in {circle}.", circle=circle.name))


@bp.post("/messages/<int:message_id>/keep-requests")
@requires(Rule.MESSAGE_ASK)
def keep_requests_create(message_id: int) -> Answer:
    """An administrator of the circle asks the author whether a message may be kept."""
    with write():
        message = access(Rule.MESSAGE_ASK, viewer(), Message, message_id)
        ask_to_keep(viewer(), message, _shelf(message))
    return done(_place(message), say=_("The author was asked. It is kept once they agree."))


def _shelf(message: Message) -> Circle:
    """The circle that was chosen, if the message may be kept there. Raises Forbidden."""
    chosen = request.form.get("circle", type=as_id)
    found = next((each.circle for each in keeping.shelves(viewer(), message) if each.circle.id == chosen), None)
    if found is None:
        raise Forbidden
    return found


def _place(message: Message) -> str:
    return f"/groups/{message.group_id}#message-{message.id}"


@bp.post("/keep-requests/<int:request_id>/answer")
@requires(Rule.KEEP_ANSWER)
def keep_requests_answer(request_id: int) -> Answer:
    """The author agrees or declines."""
    agreed = request.form.get("answer") == "agree"
    with write():
        asked = access(Rule.KEEP_ANSWER, viewer(), KeepRequest, request_id)
        answer_keep(viewer(), asked, agreed)
        message = load(Message, asked.message_id)
    if message is None:
        raise NotFound
    left = keeping.wishes(viewer(), message.group_id)
    words = _("It is kept in the circle.") if agreed else _("It stays in the group only.")
    group_id = message.group_id
    return done(_place(message), "groups/_keeps.html", say=words, group_id=group_id, wishes=left, viewer=viewer())
