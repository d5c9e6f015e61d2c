"""Writing posts: the composer, drafts, and what comes later."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.queries import row_of
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.policy import access, can
from webapp.kit.web import Answer, done, invalid, partial, personal, requires, show, viewer
from webapp.posts import queries
from webapp.posts.actions import publish_post
from webapp.posts.drafts import draft_in, drafts, drop_draft, keep_draft
from webapp.posts.forms import DraftForm, PostForm
from webapp.posts.models import Post, PostDraft
from webapp.posts.policy import Rule
from webapp.posts.scheduling import publish_now
from webapp.posts.sharing import further_circles, why_not

bp = Blueprint("posts_writing", __name__)


@bp.get("/circles/<int:circle_id>/posts/new")
@requires(CircleRule.CIRCLE_POST)
def posts_new(circle_id: int) -> Answer:
    """The composer as a page, with the draft of this viewer."""
    circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
    return render_template("posts/new.html", **_writing(circle, None), draft=draft_in(viewer(), circle_id))


@bp.post("/circles/<int:circle_id>/posts")
@requires(CircleRule.CIRCLE_POST)
def posts_create(circle_id: int) -> Answer:
    """Post into a circle; the other buttons of the composer open all it has, or keep the text as a draft."""
    form = PostForm.read()
    if request.form.get("draft"):
        return _keep(circle_id, _("Kept as a draft. It is under Me, My drafts."))
    if request.form.get("more"):
        circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
        return show("posts/new.html", "posts/_composer.html", **_writing(circle, form), more=True)
    circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
    if not form.ok or _refused(circle, form):
        return invalid("posts/new.html", "posts/_composer.html", **_writing(circle, form))
    with write():
        post = publish_post(viewer(), _asked(circle_id, form), *form.sent)
    return _posted(circle, post)


def _refused(circle: Circle, form: PostForm) -> bool:
    """Whether it cannot go to the further circles; the reason then stands beside them."""
    reason = why_not(viewer(), circle, form.also.data or (), form.must_read.data)
    if reason:
        form.blame("also", reason)
    return bool(reason)


def _asked(circle_id: int, form: PostForm) -> Circle:
    """The circle, with the rules asked of all that it goes to, in one order, so that no two posts block each other."""
    rule = CircleRule.CIRCLE_MODERATE if form.must_read.data else CircleRule.CIRCLE_POST
    for number in sorted({circle_id, *(form.also.data or ())}):
        access(rule, viewer(), Circle, number)
    return access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)


def _writing(circle: Circle, form: PostForm | None) -> dict[str, Any]:
    """What the composer with all it has is drawn from."""
    moderates = can(CircleRule.CIRCLE_MODERATE, viewer(), circle)
    page = {"circle": circle, "form": form, "mode": circle.kind, "moderates": moderates}
    return {**page, "further": further_circles(viewer(), circle)}


def _posted(circle: Circle, post: Post) -> Answer:
    """The empty composer, and the new row on top; or the words that it waits."""
    if post.state == "published":
        also = (partial(f"#feed-{circle.id}", row_of(viewer(), "post", post.id, circle.id), "afterbegin"),)
        here = f"/circles/{circle.id}#post-{post.id}"
        return done(here, "posts/_composer.html", also=also, circle=circle, form=None)
    say = _("It waits for a moderator, who will let it through.")
    if post.state == "scheduled":
        say = _("It is published at its time. Until then it stands under Me, My drafts.")
    return done(f"/circles/{circle.id}", "posts/_composer.html", say=say, circle=circle, form=None)


# ---- drafts ----------------------------------------------------------------------------------------------
@bp.post("/circles/<int:circle_id>/draft")
@requires(CircleRule.CIRCLE_POST)
def drafts_keep(circle_id: int) -> Answer:
    """Keep what is being written, silently."""
    return _keep(circle_id, "")


def _keep(circle_id: int, say: str) -> Answer:
    form = DraftForm.read()
    if not form.ok:
        circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
        return invalid("posts/new.html", "posts/_composer.html", **_writing(circle, PostForm.read().blamed(form)))
    with write():
        circle = access(CircleRule.CIRCLE_POST, viewer(), Circle, circle_id)
        keep_draft(viewer(), circle, form.body.data, form.client_id.data)
    if not say:
        return "", 204
    return done(
        f"/circles/{circle_id}", "posts/_composer.html", say=say, **_writing(circle, None), draft=form.body.data
    )


@bp.get("/me/drafts")
@personal
def drafts_index() -> Answer:
    """What this viewer has begun, and what comes later."""
    page = {"drafts": drafts(viewer()), "later": queries.later_posts(viewer())}
    return render_template("posts/drafts.html", tab="me", **page)


@bp.post("/drafts/<int:draft_id>/delete")
@requires(Rule.DRAFT_DROP)
def drafts_delete(draft_id: int) -> Answer:
    with write():
        draft = access(Rule.DRAFT_DROP, viewer(), PostDraft, draft_id)
        drop_draft(viewer(), draft.circle_id)
    return done("/me/drafts", say=_("The draft is gone."))


@bp.post("/posts/<int:post_id>/publish")
@requires(Rule.POST_RELEASE)
def posts_publish(post_id: int) -> Answer:
    """Not later but now."""
    with write():
        post = access(Rule.POST_RELEASE, viewer(), Post, post_id)
        publish_now(viewer(), post)
    waits = post.state == "waiting"
    say = _("It waits for a moderator, who will let it through.") if waits else _("It is in the circle.")
    return done(f"/circles/{post.circle_id}", say=say)
