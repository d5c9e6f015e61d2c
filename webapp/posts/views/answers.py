"""What readers do with a post beside commenting: say that they have read it, vote."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound

from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import open_circle
from webapp.feed.queries import chosen_page
from webapp.kit.db import write
from webapp.kit.ids import as_id
from webapp.kit.pages import cursor
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, requires, show, viewer, wants_fragment
from webapp.posts import queries
from webapp.posts.lines import must_figures, unread_ids
from webapp.posts.models import Post
from webapp.posts.policy import Rule
from webapp.posts.polls import vote, votes_by_name
from webapp.posts.receipts import acknowledge, reading

bp = Blueprint("posts_answers", __name__)


@bp.get("/posts/<int:post_id>/foot")
@requires(Rule.POST_READ)
def foot_show(post_id: int) -> Answer:
    """What stands under the post for this viewer; as a page, the post."""
    opened = queries.opened(viewer(), post_id)
    if not opened.card["foot"]:
        raise NotFound
    return (
        render_template("posts/_foot.html", **_foot(opened)) if wants_fragment() else redirect(f"/posts/{post_id}", 303)
    )


@bp.post("/posts/<int:post_id>/receipt")
@requires(Rule.POST_ACKNOWLEDGE)
def receipts_create(post_id: int) -> Answer:
    """I have read it."""
    with write():
        acknowledge(viewer(), access(Rule.POST_ACKNOWLEDGE, viewer(), Post, post_id))
    return _answered(post_id)


@bp.post("/posts/<int:post_id>/votes")
@requires(Rule.POST_VOTE)
def votes_create(post_id: int) -> Answer:
    """Vote for an option."""
    with write():
        vote(viewer(), access(Rule.POST_VOTE, viewer(), Post, post_id), request.form.get("option", 0, type=as_id))
    return _answered(post_id)


def _answered(post_id: int) -> Answer:
    return done(f"/posts/{post_id}#foot-post-{post_id}", "posts/_foot.html", **_foot(queries.opened(viewer(), post_id)))


def _foot(opened: queries.OpenPost) -> dict[str, Any]:
    mine = opened.post.author_id == viewer().identity_id
    return {**opened.card, "own": opened.own, "mine": mine, "may": opened.may_react}


@bp.get("/posts/<int:post_id>/voters")
@requires(Rule.POST_VOTERS)
def voters_index(post_id: int) -> Answer:
    """Who voted for what."""
    access(Rule.POST_VOTERS, viewer(), Post, post_id)
    opened = queries.opened(viewer(), post_id)
    return render_template("posts/voters.html", opened=opened, names=votes_by_name(opened.post))


@bp.get("/posts/<int:post_id>/readers")
@requires(Rule.POST_READERS)
def readers_index(post_id: int) -> Answer:
    """Who has read a must-read post and who has not yet, by name."""
    access(Rule.POST_READERS, viewer(), Post, post_id)
    opened, further = queries.opened(viewer(), post_id), request.args.get("read") == "1"
    lists = reading(viewer(), opened.post, further, cursor())
    return show("posts/readers.html", "posts/_readers.html", post=opened.post, opened=opened, lists=lists)


@bp.get("/circles/<int:circle_id>/must-read")
@requires(CircleRule.CIRCLE_READ)
def must_index(circle_id: int) -> Answer:
    """The must-read posts that wait for this viewer; for htmx the line above the feed."""
    header = open_circle(viewer(), circle_id)
    if wants_fragment():
        return render_template("posts/_must_line.html", header=header, figures=must_figures(viewer(), header))
    feed = chosen_page(viewer(), header, "post", unread_ids(viewer(), circle_id), cursor())
    page = {"header": header, "feed": feed, "topics": [f"circle-{circle_id}"], "mode": header.circle.kind}
    return render_template("posts/must.html", **page)
