"""Who reads, edits and moderates a post. The states: waiting, published, refused, hidden, deleted."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.circles.models import Circle
from webapp.circles.policy import OPEN, may
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.policy import card_in_view, in_circle
from webapp.kit.policy import Viewer, rule
from webapp.posts.models import Post


class Rule(StrEnum):
    POST_APPROVE = "post.approve"  # let a waiting one through, or refuse it
    POST_DELETE = "post.delete"
    POST_EDIT = "post.edit"
    POST_HIDE = "post.hide"
    POST_MODERATE = "post.moderate"  # pin, feature
    POST_READ = "post.read"
    POST_RESTORE = "post.restore"  # one that was hidden
    POST_SHARE = "post.share"  # by a link that opens without an account


def mine(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.author_id == viewer.identity_id, sa.literal(viewer.signed_in))


def moderated(viewer: Viewer) -> ColumnElement[bool]:
    return in_circle(CircleRule.CIRCLE_MODERATE, viewer, Post.circle_id)


def reviewed(viewer: Viewer) -> ColumnElement[bool]:
    """The circle is one in which this viewer's posts pass a review first (for Circle rows)."""
    return sa.and_(Circle.approval, may(viewer, "post", ("r",)))


@rule(Rule.POST_READ, Post)
def read(viewer: Viewer) -> ColumnElement[bool]:
    """Readers of the circle, of its past what it shows them; before it is published, and when it is hidden, its author
    and moderators."""
    apart = Post.state.in_(("waiting", "refused", "hidden"))
    return sa.and_(
        in_circle(CircleRule.CIRCLE_READ, viewer, Post.circle_id),
        sa.or_(
            sa.and_(Post.state == "published", card_in_view(viewer, "post", Post.id)),
            sa.and_(apart, sa.or_(mine(viewer), moderated(viewer))),
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
    return sa.and_(mine(viewer), Post.state.in_(("published", "waiting", "refused", "hidden")))


@rule(Rule.POST_HIDE, Post, see=Rule.POST_READ)
def hide(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "published", moderated(viewer))


@rule(Rule.POST_RESTORE, Post, see=Rule.POST_READ)
def restore(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "hidden", moderated(viewer))


@rule(Rule.POST_MODERATE, Post, see=Rule.POST_READ)
def moderate(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "published", moderated(viewer))


@rule(Rule.POST_SHARE, Post, see=Rule.POST_READ)
def share(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "published", in_circle(CircleRule.CIRCLE_SHARE, viewer, Post.circle_id))


@rule(Rule.POST_APPROVE, Post, see=Rule.POST_READ)
def approve(viewer: Viewer) -> ColumnElement[bool]:
    """Whatever its state: who comes second is told that it was decided."""
    return moderated(viewer)
