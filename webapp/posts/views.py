"""Posts: writing, reading, editing, deciding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import Conflict, NotFound

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import open_circle
from webapp.feed.actions import feature_card, pin_card, unfeature_card, unpin_card
from webapp.feed.queries import chosen_page, row_of
from webapp.feed.talk import one_said, talk
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.ids import as_id
from webapp.kit.pages import cursor
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, partial, requires, show, viewer, wants_fragment
from webapp.posts import queries
from webapp.posts.actions import (
    approve_post,
    delete_post,
    edit_post,
    hide_post,
    publish_post,
    refuse_post,
    restore_post,
)
from webapp.posts.forms import EditForm, PostForm, ReasonForm
from webapp.posts.models import Post
from webapp.posts.policy import Rule

bp = Blueprint("posts", __name__)


# ---- writing ---------------------------------------------------------------------------------------------
@bp.get("/circles/<int:circle_id>/posts/new")
@requires(CircleRule.CIRCLE_POST)
def posts_new(circle_id: int) -> Answer:
    """The composer as a page."""
    circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
    return render_template("posts/new.html", circle=circle, form=None, mode=circle.kind)


@bp.post("/circles/<int:circle_id>/posts")
@requires(CircleRule.CIRCLE_POST)
def posts_create(circle_id: int) -> Answer:
    """Post into a circle."""
    form = PostForm.read()
    if not form.ok:
        circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
        page = {"circle": circle, "form": form, "mode": circle.kind}
        return invalid("posts/new.html", "posts/_composer.html", **page)
    with write():
        circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
        post = publish_post(viewer(), circle, form.body.data, form.client_id.data, form.notify.data)
    return _posted(circle, post)


def _posted(circle: Circle, post: Post) -> Answer:
    """The empty composer, and the new row on top; or the words that it waits."""
    if post.state != "published":
        say = _("It waits for a moderator, who will let it through.")
        return done(f"/circles/{circle.id}", "posts/_composer.html", say=say, circle=circle, form=None)
    also = (partial(f"#feed-{circle.id}", row_of(viewer(), "post", post.id), "afterbegin"),)
    here = f"/circles/{circle.id}#post-{post.id}"
    return done(here, "posts/_composer.html", also=also, circle=circle, form=None)


# ---- reading ---------------------------------------------------------------------------------------------
@bp.get("/posts/<int:post_id>")
@requires(Rule.POST_READ)
def posts_show(post_id: int) -> Answer:
    """The post, its comments and the form for another; for htmx the form alone (a reply)."""
    opened = _open(post_id)
    reply = cursor("reply")
    parent = one_said(reply) if reply and opened.thread is not None else None
    if parent is not None and opened.thread is not None and parent.comment.thread_id != opened.thread.id:
        parent = None
    page: dict[str, Any] = {"opened": opened, "thread": opened.thread, "address": f"/posts/{post_id}"}
    page |= {"parent": parent, "form": None}
    if wants_fragment() and opened.may_comment:
        return render_template("feed/_comment_form.html", **page)
    said = talk(opened.thread, cursor()) if opened.thread is not None else None
    topics = [f"circle-{opened.circle.id}"]
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
    return show("posts/menu.html", "posts/_menu.html", opened=_open(post_id), form=None)


@bp.get("/circles/<int:circle_id>/topics/<path:name>")
@requires(CircleRule.CIRCLE_READ)
def topics_show(circle_id: int, name: str) -> Answer:
    """The circle's posts with this topic."""
    header = open_circle(viewer(), circle_id)
    feed = chosen_page(viewer(), header, "post", queries.with_topic(circle_id, name), cursor())
    page = {"header": header, "feed": feed, "name": name, "topics": [f"circle-{circle_id}"]}
    return render_template("posts/topic.html", mode=header.circle.kind, **page)


def _open(post_id: int) -> queries.OpenPost:
    opened = queries.open_post(viewer(), post_id)
    if opened is None:
        raise NotFound
    return opened


# ---- the author ------------------------------------------------------------------------------------------
@bp.get("/posts/<int:post_id>/edit")
@requires(Rule.POST_EDIT)
def posts_edit(post_id: int) -> Answer:
    post = access(Rule.POST_EDIT, viewer(), Post, post_id)
    form = EditForm.blank(body=post.body, version=post.version)
    return render_template("posts/edit.html", post=post, form=form)


@bp.post("/posts/<int:post_id>/edit")
@requires(Rule.POST_EDIT)
def posts_update(post_id: int) -> Answer:
    """Replace the text; where it changed meanwhile both texts are shown."""
    form = EditForm.read()
    if not form.ok:
        post = access(Rule.POST_EDIT, viewer(), Post, post_id)
        return invalid("posts/edit.html", post=post, form=form)
    try:
        with write():
            post = access(Rule.POST_EDIT, viewer(), Post, post_id)
            edit_post(viewer(), post, form.body.data, form.version.data)
    except Conflict:
        post = access(Rule.POST_EDIT, viewer(), Post, post_id)
        return make_response(render_template("posts/conflict.html", post=post, form=form), 409)
    return done(f"/posts/{post_id}")


@bp.post("/posts/<int:post_id>/delete")
@requires(Rule.POST_DELETE)
def posts_delete(post_id: int) -> Answer:
    with write():
        post = access(Rule.POST_DELETE, viewer(), Post, post_id)
        delete_post(viewer(), post)
    return done(f"/circles/{post.circle_id}", say=_("The post is deleted."))


# ---- moderators ------------------------------------------------------------------------------------------
@bp.post("/posts/<int:post_id>/hide")
@requires(Rule.POST_HIDE)
def posts_hide(post_id: int) -> Answer:
    """Take somebody's post down, with a reason."""
    form = ReasonForm.read()
    if not form.ok:
        access(Rule.POST_HIDE, viewer(), Post, post_id)
        return invalid("posts/menu.html", opened=_open(post_id), form=form)
    with write():
        post = access(Rule.POST_HIDE, viewer(), Post, post_id)
        hide_post(viewer(), post, form.reason.data)
    return done(f"/circles/{post.circle_id}", say=_("The post is hidden."))


@bp.post("/posts/<int:post_id>/hide/delete")
@requires(Rule.POST_RESTORE)
def posts_restore(post_id: int) -> Answer:
    """Let a hidden post stand again."""
    with write():
        restore_post(viewer(), access(Rule.POST_RESTORE, viewer(), Post, post_id))
    return done(f"/posts/{post_id}", say=_("The post stands in the circle again."))


def _moderate(post_id: int, act: Callable[[str, int], None]) -> Answer:
    with write():
        post = access(Rule.POST_MODERATE, viewer(), Post, post_id)
        act("post", post.id)
    return done(f"/circles/{post.circle_id}")


@bp.post("/posts/<int:post_id>/pin")
@requires(Rule.POST_MODERATE)
def pins_create(post_id: int) -> Answer:
    """Keep the post at the top of its circle."""
    return _moderate(post_id, pin_card)


@bp.post("/posts/<int:post_id>/pin/delete", endpoint="pins_delete")
@bp.delete("/posts/<int:post_id>/pin", endpoint="pins_delete")
@requires(Rule.POST_MODERATE)
def pins_delete(post_id: int) -> Answer:
    return _moderate(post_id, unpin_card)


@bp.post("/posts/<int:post_id>/feature")
@requires(Rule.POST_MODERATE)
def features_create(post_id: int) -> Answer:
    """Put the post among the circle's featured ones."""
    return _moderate(post_id, feature_card)


@bp.post("/posts/<int:post_id>/feature/delete", endpoint="features_delete")
@bp.delete("/posts/<int:post_id>/feature", endpoint="features_delete")
@requires(Rule.POST_MODERATE)
def features_delete(post_id: int) -> Answer:
    return _moderate(post_id, unfeature_card)


@bp.get("/circles/<int:circle_id>/waiting")
@requires(CircleRule.CIRCLE_READ)
def waiting_index(circle_id: int) -> Answer:
    """What waits: for moderators the queue, for authors their own. For htmx the line above the feed."""
    header = open_circle(viewer(), circle_id)
    if wants_fragment():
        context = {"header": header, "figures": queries.waiting_figures(viewer(), header)}
        return render_template("posts/_waiting_line.html", **context)
    return _queue(header, None, None)


def _queue(header: Any, refused_id: int | None, form: ReasonForm | None) -> str:
    posts = queries.waiting_posts(viewer(), header.circle.id)
    hidden = queries.hidden_posts(viewer(), header.circle.id) if header.may_moderate else []
    page = {"header": header, "posts": posts, "hidden": hidden, "refused_id": refused_id, "form": form}
    page |= {"shown": queries.shown}
    return render_template("posts/waiting.html", mode=header.circle.kind, **page)


@bp.post("/posts/<int:post_id>/approve")
@requires(Rule.POST_APPROVE)
def approvals_create(post_id: int) -> Answer:
    """Let a waiting post through."""
    with write():
        post = access(Rule.POST_APPROVE, viewer(), Post, post_id)
        approve_post(viewer(), post, request.form.get("version", type=as_id))
    return done(f"/circles/{post.circle_id}/waiting", say=_("The post is in the circle."))


@bp.post("/posts/<int:post_id>/refuse")
@requires(Rule.POST_APPROVE)
def refusals_create(post_id: int) -> Answer:
    """Do not let it through; the author reads why."""
    form = ReasonForm.read()
    if not form.ok:
        post = access(Rule.POST_APPROVE, viewer(), Post, post_id)
        return make_response(_queue(open_circle(viewer(), post.circle_id), post_id, form), 422)
    with write():
        post = access(Rule.POST_APPROVE, viewer(), Post, post_id)
        refuse_post(viewer(), post, form.reason.data)
    return done(f"/circles/{post.circle_id}/waiting", say=_("The author is told why."))
