"""Posts: reading, and what their authors change."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template
from werkzeug.exceptions import Conflict

from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import open_circle
from webapp.feed.queries import chosen_page
from webapp.feed.talk import one_said, talk
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.pages import cursor
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, requires, show, viewer, wants_fragment
from webapp.posts import queries
from webapp.posts.actions import delete_post, edit_post
from webapp.posts.forms import EditForm
from webapp.posts.models import Post
from webapp.posts.policy import LATER, Rule
from webapp.posts.polls import PollBegun, change_poll
from webapp.posts.receipts import reading
from webapp.posts.scheduling import put_off

bp = Blueprint("posts", __name__)


# ---- reading ---------------------------------------------------------------------------------------------
@bp.get("/posts/<int:post_id>")
@requires(Rule.POST_READ)
def posts_show(post_id: int) -> Answer:
    """The post, its comments and the form for another; for htmx the form alone (a reply)."""
    opened = queries.opened(viewer(), post_id)
    reply = cursor("reply")
    parent = one_said(reply) if reply and opened.thread is not None else None
    if parent is not None and opened.thread is not None and parent.comment.thread_id != opened.thread.id:
        parent = None
    page: dict[str, Any] = {"opened": opened, "thread": opened.thread, "address": f"/posts/{post_id}"}
    page |= {"parent": parent, "form": None, "place": opened.circle.id}
    page["lists"] = reading(viewer(), opened.post) if opened.may_see_readers else None
    if wants_fragment() and opened.may_comment:
        return render_template("feed/_comment_form.html", **page)
    said = talk(opened.thread, cursor(), opened.circle.id) if opened.thread is not None else None
    topics = [f"circle-{opened.circle.id}"] if opened.row is not None else []
    return render_template("posts/show.html", talk=said, topics=topics, mode=opened.circle.kind, **page)


@bp.get("/posts/<int:post_id>/history")
@requires(Rule.POST_READ)
def posts_history(post_id: int) -> Answer:
    """What the post said before."""
    post = access(Rule.POST_READ, viewer(), Post, post_id)
    return render_template("posts/history.html", post=post, edits=queries.earlier_texts(post), shown=queries.shown)


@bp.get("/posts/<int:post_id>/menu")
@requires(Rule.POST_READ)
def posts_menu(post_id: int) -> Answer:
    """What this person may do with the post; for htmx the items of its menu."""
    return show("posts/menu.html", "posts/_menu.html", opened=queries.opened(viewer(), post_id), form=None)


@bp.get("/circles/<int:circle_id>/topics/<path:name>")
@requires(CircleRule.CIRCLE_READ)
def topics_show(circle_id: int, name: str) -> Answer:
    """The circle's posts with this topic."""
    header = open_circle(viewer(), circle_id)
    feed = chosen_page(viewer(), header, "post", queries.with_topic(circle_id, name), cursor())
    page = {"header": header, "feed": feed, "name": name, "topics": [f"circle-{circle_id}"]}
    return render_template("posts/topic.html", mode=header.circle.kind, **page)


# ---- the author ------------------------------------------------------------------------------------------
@bp.get("/posts/<int:post_id>/edit")
@requires(Rule.POST_EDIT)
def posts_edit(post_id: int) -> Answer:
    post = access(Rule.POST_EDIT, viewer(), Post, post_id)
    poll = queries.free_poll(post)
    form = EditForm.of(poll, body=post.body, version=post.version, publish_at=post.publish_at)
    return render_template("posts/edit.html", post=post, form=form, poll=poll)


@bp.post("/posts/<int:post_id>/edit")
@requires(Rule.POST_EDIT)
def posts_update(post_id: int) -> Answer:
    """Replace the text; where it changed meanwhile both texts are shown."""
    form = EditForm.read()
    if not form.ok:
        post = access(Rule.POST_EDIT, viewer(), Post, post_id)
        return invalid("posts/edit.html", post=post, form=form, poll=queries.free_poll(post))
    try:
        with write():
            post = access(Rule.POST_EDIT, viewer(), Post, post_id)
            edit_post(viewer(), post, form.body.data, form.version.data)
            if form.publish_at.data and post.state in LATER:
                put_off(viewer(), post, form.publish_at.data)
            if form.poll is not None and queries.free_poll(post) is not None:
                change_poll(post, form.poll)
    except PollBegun:
        raise
    except Conflict:
        post = access(Rule.POST_EDIT, viewer(), Post, post_id)
        return make_response(render_template("posts/conflict.html", post=post, form=form), 409)
    return done(f"/posts/{post_id}")


@bp.post("/posts/<int:post_id>/delete")
@requires(Rule.POST_DELETE)
def posts_delete(post_id: int) -> Answer:
    with write():
        post = access(Rule.POST_DELETE, viewer(), Post, post_id)
        later = post.state in LATER
        delete_post(viewer(), post)
    return done("/me/drafts" if later else f"/circles/{post.circle_id}", say=_("The post is deleted."))
