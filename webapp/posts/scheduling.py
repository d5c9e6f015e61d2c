"""Posts for later: a job lets each out at its time, by the ordinary path."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.kit import clock, jobs
from webapp.kit.db import db, load
from webapp.kit.events import emit_fact
from webapp.kit.policy import Viewer, can
from webapp.posts.actions import JOB, Decided, let_out, plan, waiting_moved
from webapp.posts.events import PostHeld
from webapp.posts.models import Post, PostPlace


def put_off(viewer: Viewer, post: Post, until: datetime) -> None:
    """Publish it at another time."""
    _set_state(post, "scheduled")
    post.publish_at = until
    db.session.flush()
    plan(post)


def publish_now(viewer: Viewer, post: Post) -> None:
    """Not later but now. Raises Decided where it is out by now."""
    if post.state not in ("scheduled", "held"):
        raise Decided
    _let_out(viewer, post)


@jobs.job(JOB)
def publish_due(payload: dict[str, Any]) -> None:
    """The time of a post has come, unless it was changed, published or cancelled meanwhile. Whoever may no longer post
    there keeps the text."""
    post = load(Post, payload["post_id"])
    if post is None or post.state != "scheduled" or post.publish_at is None or post.publish_at > clock.now():
        return
    author = author_of(post)
    if author.signed_in and can(CircleRule.CIRCLE_POST, author, db.session.get_one(Circle, post.circle_id)):
        _let_out(author, post)
    else:
        _set_state(post, "held")
        db.session.flush()
        waiting_moved(post, post.circle_id)
        emit_fact(PostHeld(post.id, post.circle_id, post.author_id))


def author_of(post: Post) -> Viewer:
    """The author as the rules see them, without a session; an identity that ended may nothing."""
    identity = db.session.get_one(Identity, post.author_id)
    return Viewer(
        identity_id=identity.id,
        person_id=identity.person_id,
        organisation_id=identity.organisation_id,
        kind="" if identity.ended_at else identity.kind,
        power=identity.power if identity.organisation_id else "",
        name=identity.name,
    )


def _let_out(author: Viewer, post: Post) -> None:
    post.at, post.publish_at = clock.now(), None
    waiting_moved(post, post.circle_id)
    let_out(author, post)


def _set_state(post: Post, state: str) -> None:
    post.state = state
    further = sa.update(PostPlace).where(PostPlace.post_id == post.id)
    db.session.execute(further.values(state=state), execution_options={"synchronize_session": False})
