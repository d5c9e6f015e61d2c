"""A circle's feed, the comments under a card, reactions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound, Unauthorized

from webapp.circles.models import Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import Header, open_circle
from webapp.feed import cards, queries
from webapp.feed.actions import NoReaction, add_comment, delete_comment, hide_comment, react, restore_comment
from webapp.feed.finding import place_of
from webapp.feed.forms import CommentForm, ReasonForm
from webapp.feed.labels import GLOBALS
from webapp.feed.models import Comment, Thread
from webapp.feed.policy import Rule
from webapp.feed.reactions import axis_of
from webapp.feed.talk import one_said
from webapp.kit.db import db, later, write
from webapp.kit.dom import dom_id
from webapp.kit.ids import as_id
from webapp.kit.pages import cursor
from webapp.kit.policy import Viewer, access, can
from webapp.kit.push import say_poke
from webapp.kit.web import Answer, done, invalid, partial, requires, show, viewer

bp = Blueprint("feed", __name__)
for name, words in GLOBALS.items():
    bp.add_app_template_global(words, name)


# ---- a circle's feed -------------------------------------------------------------------------------------
@bp.get("/circles/<int:circle_id>")
@requires(CircleRule.CIRCLE_FIND, anonymous=True)
def feed_show(circle_id: int) -> Answer:
    """The circle's cards; strangers who may find it see what it is and how to join."""
    header = _found(circle_id)
    page: dict[str, Any] = {"header": header, "tab": "circles", "mode": header.circle.kind}
    if not header.may_read:
        return render_template("circles/preview.html", **page)
    feed = queries.feed_page(viewer(), header, cursor())
    page |= {"feed": feed, "first": cursor() is None, "topics": [f"circle-{circle_id}"]}
    response = make_response(render_template("feed/show.html", **page))
    return _mark_read(response, header)


@bp.get("/circles/<int:circle_id>/fresh")
@requires(CircleRule.CIRCLE_READ)
def feed_fresh(circle_id: int) -> Answer:
    """The rows after `?after=`, as a fragment for the top of the list; as a page, the feed."""
    header = open_circle(viewer(), circle_id)
    return _mark_read(make_response(queries.fresh_rows(viewer(), header, cursor("after") or 0)), header)


@bp.get("/circles/<int:circle_id>/featured")
@requires(CircleRule.CIRCLE_READ)
def featured_index(circle_id: int) -> Answer:
    """The circle's featured cards."""
    header = open_circle(viewer(), circle_id)
    feed = queries.featured_page(viewer(), header, cursor())
    page = {"header": header, "feed": feed, "tab": "circles", "mode": header.circle.kind}
    return render_template("feed/featured.html", topics=[f"circle-{circle_id}"], **page)


def _found(circle_id: int) -> Header:
    """The circle; who is not signed in and may not find it is asked to sign in, whether it exists or not."""
    try:
        return open_circle(viewer(), circle_id, CircleRule.CIRCLE_FIND)
    except NotFound:
        if viewer().signed_in:
            raise
        raise Unauthorized from None


def _mark_read(response: Response, header: Header) -> Response:
    """Bookkeeping after the answer: what stands in the circle by now was seen."""
    mine, cards_now, identity = header.membership, header.circle.cards, viewer().identity_id
    if mine is not None and header.member and mine.read < cards_now:
        number = mine.id

        def note() -> None:
            seen = sa.update(Membership).where(Membership.id == number, Membership.read < cards_now)
            db.session.execute(seen.values(read=cards_now))
            say_poke(f"viewer-{identity}", "nav")

        later(current_app._get_current_object(), response, note)  # type: ignore[attr-defined]
    return response


# ---- comments --------------------------------------------------------------------------------------------
@bp.post("/threads/<int:thread_id>/comments")
@requires(Rule.THREAD_COMMENT)
def comments_create(thread_id: int) -> Answer:
    """Say something about a card, or reply to a comment."""
    form, parent_id = CommentForm.read(), request.form.get("parent", type=as_id)
    if not form.ok:
        thread = access(Rule.THREAD_COMMENT, viewer(), Thread, thread_id)
        parent = one_said(parent_id) if parent_id else None
        context = {"thread": thread, "form": form, "parent": parent, "address": _address(thread)}
        return invalid("feed/comment_form.html", "feed/_comment_form.html", **context)
    with write():
        thread = access(Rule.THREAD_COMMENT, viewer(), Thread, thread_id)
        above = access(Rule.COMMENT_READ, viewer(), Comment, parent_id) if parent_id else None
        comment = add_comment(viewer(), thread, form.body.data, form.client_id.data, above)
    return _commented(thread, comment)


def _commented(thread: Thread, comment: Comment) -> Answer:
    """The empty form, and the comment at its place."""
    said = one_said(comment.id)
    target = f"#replies-{comment.parent_id}" if comment.parent_id else f"#comments-{thread.id}"
    also = (
        partial(target, render_template("feed/_comment.html", said=said), "beforeend"),
        partial(f"#{dom_id(thread, 'counts')}", render_template("feed/_counts.html", thread=thread), "outerMorph"),
    )
    context: dict[str, Any] = {"thread": thread, "form": None, "parent": None, "address": _address(thread)}
    return done(f"{_address(thread)}#{dom_id(comment)}", "feed/_comment_form.html", also=also, **context)


@bp.get("/comments/<int:comment_id>")
@requires(Rule.COMMENT_READ)
def comments_show(comment_id: int) -> Answer:
    """What this person may do with a comment; for htmx the items of its menu."""
    comment = access(Rule.COMMENT_READ, viewer(), Comment, comment_id)
    return show("feed/comment.html", "feed/_comment_menu.html", **_comment_page(comment, None))


@bp.get("/comments/<int:comment_id>/place")
@requires(Rule.COMMENT_READ)
def comments_place(comment_id: int) -> Answer:
    """Where the comment stands in its thread."""
    return redirect(place_of(access(Rule.COMMENT_READ, viewer(), Comment, comment_id)))


@bp.post("/comments/<int:comment_id>/delete")
@requires(Rule.COMMENT_DELETE)
def comments_delete(comment_id: int) -> Answer:
    """Take back one's own comment."""
    with write():
        comment = access(Rule.COMMENT_DELETE, viewer(), Comment, comment_id)
        delete_comment(viewer(), comment)
    return _silenced(comment_id)


@bp.post("/comments/<int:comment_id>/hide")
@requires(Rule.COMMENT_HIDE)
def comments_hide(comment_id: int) -> Answer:
    """Take down somebody's comment, with a reason."""
    form = ReasonForm.read()
    if not form.ok:
        comment = access(Rule.COMMENT_HIDE, viewer(), Comment, comment_id)
        return invalid("feed/comment.html", **_comment_page(comment, form))
    with write():
        comment = access(Rule.COMMENT_HIDE, viewer(), Comment, comment_id)
        hide_comment(viewer(), comment, form.reason.data)
    return _silenced(comment_id)


@bp.post("/comments/<int:comment_id>/hide/delete")
@requires(Rule.COMMENT_RESTORE)
def comments_restore(comment_id: int) -> Answer:
    """Let a hidden comment be read again."""
    with write():
        comment = access(Rule.COMMENT_RESTORE, viewer(), Comment, comment_id)
        restore_comment(viewer(), comment)
    return _silenced(comment_id)


def _silenced(comment_id: int) -> Answer:
    said = one_said(comment_id)
    assert said is not None
    thread = db.session.get_one(Thread, said.comment.thread_id)
    return done(f"{_address(thread)}#{said.id}", "feed/_said.html", said=said)


def _comment_page(comment: Comment, form: ReasonForm | None) -> dict[str, Any]:
    thread = db.session.get_one(Thread, comment.thread_id)
    return {
        "said": one_said(comment.id),
        "thread": thread,
        "form": form,
        "address": _address(thread),
        "may_delete": can(Rule.COMMENT_DELETE, viewer(), comment),
        "may_hide": can(Rule.COMMENT_HIDE, viewer(), comment),
        "may_restore": can(Rule.COMMENT_RESTORE, viewer(), comment),
    }


# ---- reactions -------------------------------------------------------------------------------------------
@bp.get("/threads/<int:thread_id>/reactions")
@requires(Rule.THREAD_REACT)
def reactions_index(thread_id: int) -> Answer:
    """All reactions this card takes; for htmx the items of the menu beside the heart."""
    thread = access(Rule.THREAD_REACT, viewer(), Thread, thread_id)
    return show("feed/reactions.html", "feed/_moods.html", **_reacting(viewer(), thread))


@bp.post("/threads/<int:thread_id>/reactions")
@requires(Rule.THREAD_REACT)
def reactions_toggle(thread_id: int) -> Answer:
    """Set one's reaction, or take it back."""
    key = request.form.get("key", "")
    try:
        with write():
            thread = access(Rule.THREAD_REACT, viewer(), Thread, thread_id)
            react(viewer(), thread, request.form.get("axis") or axis_of(key) or "", key)
    except NoReaction:
        raise BadRequest from None
    here = f"{_address(thread)}#{dom_id(thread, 'acts')}"
    return done(here, "feed/_acts.html", **_reacting(viewer(), thread))


def _reacting(viewer: Viewer, thread: Thread) -> dict[str, Any]:
    own = queries.own_reactions(viewer, thread)
    context = {"thread": thread, "mood": own.get("mood"), "signal": own.get("signal")}
    mine = thread.author_id == viewer.identity_id
    return {**context, "mine": mine, "may_react": True, "address": _address(thread)}


def _address(thread: Thread) -> str:
    return cards.kind(thread.kind).address(thread.item_id)
