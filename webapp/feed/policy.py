"""Who reads a card's thread, comments, reacts and tidies up. A withdrawn card closes its thread."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.circles.models import Circle
from webapp.circles.policy import OPEN, not_muted, sees
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.models import Comment, FeedRow, Thread
from webapp.kit.policy import Viewer, allowed, rule


class Rule(StrEnum):
    COMMENT_DELETE = "comment.delete"  # one's own
    COMMENT_HIDE = "comment.hide"  # somebody's, with a reason
    COMMENT_READ = "comment.read"
    COMMENT_RESTORE = "comment.restore"  # one that was hidden, not one that its author took back
    THREAD_COMMENT = "thread.comment"
    THREAD_REACT = "thread.react"
    THREAD_READ = "thread.read"


def in_circle(circle_rule: CircleRule, viewer: Viewer, column: Any) -> ColumnElement[bool]:
    """The row's circle is one for which this rule of circles holds."""
    found: ColumnElement[bool] = column.in_(sa.select(Circle.id).where(allowed(circle_rule, viewer)))
    return found


def in_view(viewer: Viewer) -> ColumnElement[bool]:
    """For feed rows of a circle that may be read: what it hides of its past from newcomers is left out. What is pinned
    meets everybody, and one's own is one's own."""
    own = sa.and_(FeedRow.author_id == viewer.identity_id, sa.literal(viewer.signed_in))
    return sa.or_(FeedRow.pinned_at.is_not(None), own, sees(viewer, FeedRow.circle_id, FeedRow.at))


def card_in_view(viewer: Viewer, kind: Any, item_id: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """The card stands somewhere where its circle shows it to the viewer."""
    here = (FeedRow.kind == kind, FeedRow.item_id == item_id, FeedRow.shown, *more)
    return sa.exists().where(*here, in_view(viewer)).correlate_except(FeedRow)


@rule(Rule.THREAD_READ, Thread)
def read(viewer: Viewer) -> ColumnElement[bool]:
    stands = card_in_view(viewer, Thread.kind, Thread.item_id, FeedRow.circle_id == Thread.circle_id)
    return sa.and_(stands, in_circle(CircleRule.CIRCLE_READ, viewer, Thread.circle_id))


@rule(Rule.THREAD_COMMENT, Thread, see=Rule.THREAD_READ)
def comment(viewer: Viewer) -> ColumnElement[bool]:
    return in_circle(CircleRule.CIRCLE_COMMENT, viewer, Thread.circle_id)


@rule(Rule.THREAD_REACT, Thread, see=Rule.THREAD_READ)
def react(viewer: Viewer) -> ColumnElement[bool]:
    """Every member who is not muted, in a circle that is not archived."""
    reader = sa.and_(allowed(CircleRule.CIRCLE_READ, viewer), OPEN, not_muted(viewer))
    found: ColumnElement[bool] = Thread.circle_id.in_(sa.select(Circle.id).where(reader))
    return found


@rule(Rule.COMMENT_READ, Comment)
def comment_read(viewer: Viewer) -> ColumnElement[bool]:
    """Asked of its own thread: a list of all that may be read is as long as the whole feed."""
    there = sa.exists().where(Thread.id == Comment.thread_id, allowed(Rule.THREAD_READ, viewer))
    return there.correlate_except(Thread)


@rule(Rule.COMMENT_DELETE, Comment, see=Rule.COMMENT_READ)
def comment_delete(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Comment.author_id == viewer.identity_id, Comment.deleted_at.is_(None))


@rule(Rule.COMMENT_HIDE, Comment, see=Rule.COMMENT_READ)
def comment_hide(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Comment.deleted_at.is_(None), _moderated(viewer))


@rule(Rule.COMMENT_RESTORE, Comment, see=Rule.COMMENT_READ)
def comment_restore(viewer: Viewer) -> ColumnElement[bool]:
    """Hiding gives a reason; taking back one's own does not."""
    return sa.and_(Comment.deleted_at.is_not(None), Comment.reason != "", _moderated(viewer))


def _moderated(viewer: Viewer) -> ColumnElement[bool]:
    moderated = in_circle(CircleRule.CIRCLE_MODERATE, viewer, Thread.circle_id)
    found: ColumnElement[bool] = Comment.thread_id.in_(sa.select(Thread.id).where(moderated))
    return found
