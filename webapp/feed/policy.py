"""Who reads a card's thread, comments, reacts and tidies up. A withdrawn card closes its thread."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from webapp.circles.models import Circle
from webapp.circles.policy import OPEN, not_muted, sees
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.models import Collection, Comment, FeedRow, Thread
from webapp.kit.policy import Viewer, allowed, rule


class Rule(StrEnum):
    COLLECTION_EDIT = "collection.edit"
    COLLECTION_READ = "collection.read"
    COLLECTION_SHARE = "collection.share"  # by a link that opens without an account
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


Here = aliased(FeedRow)  # where the card that is asked about stands; one alias for all, as with `Mine` of circles


def in_view(viewer: Viewer, row: Any = FeedRow) -> ColumnElement[bool]:
    """For feed rows of a circle that may be read: what it hides of its past from newcomers is left out. What is pinned
    meets everybody, and one's own is one's own."""
    own = sa.and_(row.author_id == viewer.identity_id, sa.literal(viewer.signed_in))
    return sa.or_(row.pinned_at.is_not(None), own, sees(viewer, row.circle_id, row.at))


def stands(
    viewer: Viewer, circle_rule: CircleRule, kind: Any, item_id: Any, *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The card stands in a circle for which this rule of circles holds, in view of the viewer; `more` says of `Circle`
    what else does."""
    asked = (Here.kind == kind, Here.item_id == item_id, Here.shown, Circle.id == Here.circle_id)
    there = (*asked, allowed(circle_rule, viewer), in_view(viewer, Here), *more)
    return sa.exists().where(*there).correlate_except(Here, Circle)


@rule(Rule.THREAD_READ, Thread)
def read(viewer: Viewer) -> ColumnElement[bool]:
    """Readers of any circle in which the card stands."""
    return _stands(viewer, CircleRule.CIRCLE_READ)


@rule(Rule.THREAD_COMMENT, Thread, see=Rule.THREAD_READ)
def comment(viewer: Viewer) -> ColumnElement[bool]:
    return _stands(viewer, CircleRule.CIRCLE_COMMENT)


@rule(Rule.THREAD_REACT, Thread, see=Rule.THREAD_READ)
def react(viewer: Viewer) -> ColumnElement[bool]:
    """Every member who is not muted, in a circle that is not archived."""
    return _stands(viewer, CircleRule.CIRCLE_READ, OPEN, not_muted(viewer))


def _stands(viewer: Viewer, circle_rule: CircleRule, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return stands(viewer, circle_rule, Thread.kind, Thread.item_id, *more)


def _of_thread(clause: ColumnElement[bool]) -> ColumnElement[bool]:
    """The comment's thread is one for which this holds."""
    return sa.exists().where(Thread.id == Comment.thread_id, clause).correlate_except(Thread)


@rule(Rule.COMMENT_READ, Comment)
def comment_read(viewer: Viewer) -> ColumnElement[bool]:
    return _of_thread(allowed(Rule.THREAD_READ, viewer))


@rule(Rule.COMMENT_DELETE, Comment, see=Rule.COMMENT_READ)
def comment_delete(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Comment.author_id == viewer.identity_id, Comment.deleted_at.is_(None))


@rule(Rule.COMMENT_HIDE, Comment, see=Rule.COMMENT_READ)
def comment_hide(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Comment.deleted_at.is_(None), _of_thread(_stands(viewer, CircleRule.CIRCLE_MODERATE)))


@rule(Rule.COMMENT_RESTORE, Comment, see=Rule.COMMENT_READ)
def comment_restore(viewer: Viewer) -> ColumnElement[bool]:
    """Hiding gives a reason; taking back one's own does not."""
    hidden = sa.and_(Comment.deleted_at.is_not(None), Comment.reason != "")
    return sa.and_(hidden, _of_thread(_stands(viewer, CircleRule.CIRCLE_MODERATE)))


@rule(Rule.COLLECTION_READ, Collection)
def collection_read(viewer: Viewer) -> ColumnElement[bool]:
    return in_circle(CircleRule.CIRCLE_READ, viewer, Collection.circle_id)


@rule(Rule.COLLECTION_EDIT, Collection, see=Rule.COLLECTION_READ)
def collection_edit(viewer: Viewer) -> ColumnElement[bool]:
    return in_circle(CircleRule.CIRCLE_MODERATE, viewer, Collection.circle_id)


@rule(Rule.COLLECTION_SHARE, Collection, see=Rule.COLLECTION_READ)
def collection_share(viewer: Viewer) -> ColumnElement[bool]:
    return in_circle(CircleRule.CIRCLE_SHARE, viewer, Collection.circle_id)
