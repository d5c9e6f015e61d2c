"""Who reads, edits and moderates a post. The states: waiting, published, refused, hidden, deleted."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.circles.models import Circle
from webapp.circles.policy import OPEN, reviewed
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.policy import in_circle
from webapp.kit.policy import Viewer, rule
from webapp.posts.models import Post


class Rule(StrEnum):
    POST_APPROVE = "post.approve"  # let a waiting one through, or refuse it
    POST_DELETE = "post.delete"
    POST_EDIT = "post.edit"
    POST_HIDE = "post.hide"
    POST_MODERATE = "post.moderate"  # pin, feature
    POST_READ = "post.read"


def mine(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.author_id == viewer.identity_id, sa.literal(viewer.signed_in))


def moderated(viewer: Viewer) -> ColumnElement[bool]:
    return in_circle(CircleRule.CIRCLE_MODERATE, viewer, Post.circle_id)


@rule(Rule.POST_READ, Post)
def read(viewer: Viewer) -> ColumnElement[bool]:
    """Readers of the circle; before it is published its author and moderators; hidden, only these."""
    undecided = Post.state.in_(("waiting", "refused"))
    return sa.and_(
        in_circle(CircleRule.CIRCLE_READ, viewer, Post.circle_id),
        sa.or_(
            Post.state == "published",
            sa.and_(undecided, mine(viewer)),
            sa.and_(sa.or_(undecided, Post.state == "hidden"), moderated(viewer)),
        ),
    )


@rule(Rule.POST_EDIT, Post, see=Rule.POST_READ)
def edit(viewer: Viewer) -> ColumnElement[bool]:
    """Its author, while the circle is open. A published text that was reviewed stays what was approved."""
    free = sa.select(Circle.id).where(OPEN, sa.not_(reviewed(viewer)))
    undecided = sa.and_(
        Post.state.in_(("waiting", "refused")), in_circle(CircleRule.CIRCLE_POST, viewer, Post.circle_id)
    )
    return sa.and_(mine(viewer), sa.or_(undecided, sa.and_(Post.state == "published", Post.circle_id.in_(free))))


@rule(Rule.POST_DELETE, Post, see=Rule.POST_READ)
def delete(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(mine(viewer), Post.state.in_(("published", "waiting", "refused")))


@rule(Rule.POST_HIDE, Post, see=Rule.POST_READ)
def hide(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "published", moderated(viewer))


@rule(Rule.POST_MODERATE, Post, see=Rule.POST_READ)
def moderate(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "published", moderated(viewer))


@rule(Rule.POST_APPROVE, Post, see=Rule.POST_READ)
def approve(viewer: Viewer) -> ColumnElement[bool]:
    """Whatever its state: who comes second is told that it was decided."""
    return moderated(viewer)
