"""Who reads, edits and moderates a post. The states: scheduled, held, waiting, published, refused, hidden, deleted."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.circles.models import Circle
from webapp.circles.policy import OPEN, not_muted, reviewed
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.policy import Here, in_circle, stands
from webapp.kit.policy import NOW, Viewer, rule
from webapp.posts.models import Poll, PollVote, Post, PostDraft, PostPlace

POST: ColumnElement[str] = sa.literal_column("'post'")
LATER = ("scheduled", "held")
DECIDING = ("waiting", "refused", "hidden")  # moderators see it
OWN = (*LATER, "waiting", "refused", "hidden")  # the author sees it, wherever they are by now


class Rule(StrEnum):
    DRAFT_DROP = "draft.drop"
    POST_ACKNOWLEDGE = "post.acknowledge"  # say that one has read it
    POST_APPROVE = "post.approve"  # let a waiting one through, or refuse it
    POST_DELETE = "post.delete"
    POST_EDIT = "post.edit"
    POST_HIDE = "post.hide"
    POST_MODERATE = "post.moderate"  # pin, feature
    POST_READ = "post.read"
    POST_READERS = "post.readers"  # who has read a must-read post, by name
    POST_RELEASE = "post.release"  # what was kept for later: publish it now, or put it off
    POST_RESTORE = "post.restore"  # one that was hidden
    POST_SHARE = "post.share"  # by a link that opens without an account
    POST_VOTE = "post.vote"
    POST_VOTERS = "post.voters"  # who voted for what, by name


def mine(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.author_id == viewer.identity_id, sa.literal(viewer.signed_in))


def moderated(viewer: Viewer) -> ColumnElement[bool]:
    """Its first circle is one that the viewer moderates."""
    return in_circle(CircleRule.CIRCLE_MODERATE, viewer, Post.circle_id)


def placed(viewer: Viewer, *states: str) -> ColumnElement[bool]:
    """It went to a further circle that the viewer moderates, and is there in one of these states."""
    there = in_circle(CircleRule.CIRCLE_MODERATE, viewer, PostPlace.circle_id)
    found = sa.exists().where(PostPlace.post_id == Post.id, PostPlace.state.in_(states), there)
    return sa.and_(Post.state.not_in((*LATER, "deleted")), found.correlate_except(PostPlace))


def up(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """It stands in a circle of which this holds (of `Circle`)."""
    here = (Here.kind == POST, Here.item_id == Post.id, Here.shown, Circle.id == Here.circle_id)
    return sa.exists().where(*here, *more).correlate_except(Here, Circle)


@rule(Rule.POST_READ, Post)
def read(viewer: Viewer) -> ColumnElement[bool]:
    """Readers of any circle in which it stands; before that, and hidden, its author and the moderators of a circle
    where it waits or is hidden."""
    shown = stands(viewer, CircleRule.CIRCLE_READ, POST, Post.id)
    kept = sa.and_(Post.state.in_(DECIDING), moderated(viewer))
    return sa.or_(shown, sa.and_(Post.state.in_(OWN), mine(viewer)), kept, placed(viewer, *DECIDING))


@rule(Rule.POST_EDIT, Post, see=Rule.POST_READ)
def edit(viewer: Viewer) -> ColumnElement[bool]:
    """Its author, while the circles are open. A published text that was reviewed stays what was approved."""
    bound = sa.not_(sa.and_(OPEN, sa.not_(reviewed(viewer))))
    undecided = sa.and_(
        Post.state.in_(OWN), Post.state != "hidden", in_circle(CircleRule.CIRCLE_POST, viewer, Post.circle_id)
    )
    return sa.and_(mine(viewer), sa.not_(up(bound)), sa.or_(undecided, up()))


@rule(Rule.POST_RELEASE, Post, see=Rule.POST_READ)
def release(viewer: Viewer) -> ColumnElement[bool]:
    later = sa.and_(mine(viewer), Post.state.in_(LATER))
    return sa.and_(later, in_circle(CircleRule.CIRCLE_POST, viewer, Post.circle_id))


@rule(Rule.POST_DELETE, Post, see=Rule.POST_READ)
def delete(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(mine(viewer), sa.or_(Post.state.in_(("published", *OWN)), up()))


@rule(Rule.POST_ACKNOWLEDGE, Post, see=Rule.POST_READ)
def acknowledge(viewer: Viewer) -> ColumnElement[bool]:
    there = stands(viewer, CircleRule.CIRCLE_READ, POST, Post.id, OPEN)
    return sa.and_(Post.must_read, Post.author_id != viewer.identity_id, there)


@rule(Rule.POST_READERS, Post, see=Rule.POST_READ)
def readers(viewer: Viewer) -> ColumnElement[bool]:
    """Its author, and moderators of the circles in which it stands."""
    moderates = stands(viewer, CircleRule.CIRCLE_MODERATE, POST, Post.id)
    return sa.and_(Post.must_read, up(), sa.or_(mine(viewer), moderates))


@rule(Rule.POST_VOTE, Post, see=Rule.POST_READ)
def vote(viewer: Viewer) -> ColumnElement[bool]:
    """Members who are not muted. That it is closed is told when one votes."""
    poll = sa.exists().where(Poll.post_id == Post.id).correlate_except(Poll)
    return sa.and_(poll, stands(viewer, CircleRule.CIRCLE_READ, POST, Post.id, OPEN, not_muted(viewer)))


@rule(Rule.POST_VOTERS, Post, see=Rule.POST_READ)
def voters(viewer: Viewer) -> ColumnElement[bool]:
    """Nobody where votes are anonymous; where results are veiled, who has voted, the author, and all once it closed."""
    own = sa.exists().where(PollVote.post_id == Post.id, PollVote.identity_id == viewer.identity_id)
    seen = sa.or_(sa.not_(Poll.veiled), Poll.closes_at <= NOW, own.correlate_except(PollVote), mine(viewer))
    return sa.exists().where(Poll.post_id == Post.id, sa.not_(Poll.anonymous), seen).correlate_except(Poll)


@rule(Rule.DRAFT_DROP, PostDraft)
def drop(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(PostDraft.identity_id == viewer.identity_id, sa.literal(viewer.signed_in))


@rule(Rule.POST_HIDE, Post, see=Rule.POST_READ)
def hide(viewer: Viewer) -> ColumnElement[bool]:
    return stands(viewer, CircleRule.CIRCLE_MODERATE, POST, Post.id)


@rule(Rule.POST_RESTORE, Post, see=Rule.POST_READ)
def restore(viewer: Viewer) -> ColumnElement[bool]:
    return sa.or_(sa.and_(Post.state == "hidden", moderated(viewer)), placed(viewer, "hidden"))


@rule(Rule.POST_MODERATE, Post, see=Rule.POST_READ)
def moderate(viewer: Viewer) -> ColumnElement[bool]:
    return stands(viewer, CircleRule.CIRCLE_MODERATE, POST, Post.id)


@rule(Rule.POST_SHARE, Post, see=Rule.POST_READ)
def share(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(Post.state == "published", in_circle(CircleRule.CIRCLE_SHARE, viewer, Post.circle_id))


@rule(Rule.POST_APPROVE, Post, see=Rule.POST_READ)
def approve(viewer: Viewer) -> ColumnElement[bool]:
    """Whatever its state: who comes second is told that it was decided."""
    return sa.or_(moderated(viewer), placed(viewer, "waiting", "published", "refused", "hidden"))
