"""What moderators decide about posts, and where what waits is listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, render_template, request

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import open_circle
from webapp.feed.actions import feature_card, pin_card, unfeature_card, unpin_card
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.ids import as_id
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, requires, viewer, wants_fragment
from webapp.posts import queries
from webapp.posts.actions import approve_post, hide_post, refuse_post, restore_post
from webapp.posts.forms import ReasonForm
from webapp.posts.lines import waiting_figures
from webapp.posts.models import Post
from webapp.posts.policy import Rule

bp = Blueprint("posts_deciding", __name__)


@bp.post("/posts/<int:post_id>/hide")
@requires(Rule.POST_HIDE)
def posts_hide(post_id: int) -> Answer:
    """Take somebody's post down, with a reason."""
    form = ReasonForm.read()
    if not form.ok:
        access(Rule.POST_HIDE, viewer(), Post, post_id)
        return invalid("posts/menu.html", opened=queries.opened(viewer(), post_id), form=form)
    with write():
        post = access(Rule.POST_HIDE, viewer(), Post, post_id)
        circle_id = _circle(post)
        hide_post(viewer(), post, form.reason.data, circle_id)
    return done(f"/circles/{circle_id}", say=_("The post is hidden."))


@bp.post("/posts/<int:post_id>/hide/delete")
@requires(Rule.POST_RESTORE)
def posts_restore(post_id: int) -> Answer:
    """Let a hidden post stand again."""
    with write():
        post = access(Rule.POST_RESTORE, viewer(), Post, post_id)
        restore_post(viewer(), post, _circle(post))
    return done(f"/posts/{post_id}", say=_("The post stands in the circle again."))


def _circle(post: Post) -> int:
    """The circle that is meant: of several the one the form names, and there the rule is asked; else its only one."""
    named = request.form.get("circle", post.circle_id, type=as_id)
    return access(CircleRule.CIRCLE_MODERATE, viewer(), Circle, named).id


def _moderate(post_id: int, act: Callable[[str, int, int], None]) -> Answer:
    with write():
        circle_id = _circle(access(Rule.POST_MODERATE, viewer(), Post, post_id))
        act("post", post_id, circle_id)
    return done(f"/circles/{circle_id}")


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
        context = {"header": header, "figures": waiting_figures(viewer(), header)}
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
        circle_id = _circle(post)
        approve_post(viewer(), post, request.form.get("version", type=as_id), circle_id)
    return done(f"/circles/{circle_id}/waiting", say=_("The post is in the circle."))


@bp.post("/posts/<int:post_id>/refuse")
@requires(Rule.POST_APPROVE)
def refusals_create(post_id: int) -> Answer:
    """Do not let it through; the author reads why."""
    form = ReasonForm.read()
    if not form.ok:
        post = access(Rule.POST_APPROVE, viewer(), Post, post_id)
        return make_response(_queue(open_circle(viewer(), _circle(post)), post_id, form), 422)
    with write():
        post = access(Rule.POST_APPROVE, viewer(), Post, post_id)
        circle_id = _circle(post)
        refuse_post(viewer(), post, form.reason.data, circle_id)
    return done(f"/circles/{circle_id}/waiting", say=_("The author is told why."))
