"""What pages of posts need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.feed import drawn, mentions
from webapp.feed.models import FeedRow, Reaction, Thread
from webapp.feed.policy import Here, in_circle, stands
from webapp.kit import text
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed, granted
from webapp.posts import cards, policy
from webapp.posts.models import Poll, PollVote, Post, PostEdit, PostPlace, PostTopic
from webapp.posts.policy import Rule
from webapp.posts.standing import stands_of

QUEUE = 50


@dataclass(frozen=True)
class Place:
    """A circle that a post went to."""

    circle: Circle
    stand: Post | PostPlace  # what has its state there
    row: FeedRow | None
    may_moderate: bool


@dataclass(frozen=True)
class OpenPost:
    """A post as this viewer stands to it."""

    post: Post
    circle: Circle
    company: str
    row: FeedRow | None  # None: it stands in no feed
    thread: Thread | None
    mood: str | None
    signal: str | None
    may_comment: bool
    may_react: bool
    may_edit: bool
    may_delete: bool
    may_hide: bool
    may_restore: bool
    may_moderate: bool
    may_approve: bool
    may_share: bool
    may_release: bool
    may_acknowledge: bool
    may_see_readers: bool
    may_vote: bool
    may_see_voters: bool
    own: str  # what the viewer did with it, see posts/cards.py
    card: dict[str, Any]  # the context of its fragments
    places: Sequence[Place]  # of a post that went to several circles: those that this viewer reads

    @property
    def body(self) -> Markup:
        return drawn.body("post", self.post.id, self.card)


_ASKED = {
    "may_edit": policy.edit,
    "may_delete": policy.delete,
    "may_hide": policy.hide,
    "may_restore": policy.restore,
    "may_moderate": policy.moderate,
    "may_approve": policy.approve,
    "may_share": policy.share,
    "may_release": policy.release,
    "may_acknowledge": policy.acknowledge,
    "may_see_readers": policy.readers,
    "may_vote": policy.vote,
    "may_see_voters": policy.voters,
}  # of a post that may be read: the statement asks that for all of them


def opened(viewer: Viewer, post_id: int) -> OpenPost:
    """The same. Raises NotFound where it is not seen."""
    found = open_post(viewer, post_id)
    if found is None:
        raise NotFound
    return found


def open_post(viewer: Viewer, post_id: int) -> OpenPost | None:
    """A post through the viewer, with all that its page asks, in one statement; None where it is not seen."""
    mood, signal = aliased(Reaction), aliased(Reaction)
    mine = [
        sa.and_(each.thread_id == Thread.id, each.identity_id == viewer.identity_id, each.axis == axis)
        for each, axis in ((mood, "mood"), (signal, "signal"))
    ]
    author = sa.and_(Membership.circle_id == Post.circle_id, Membership.identity_id == Post.author_id)
    commenting = stands(viewer, CircleRule.CIRCLE_COMMENT, policy.POST, Post.id)
    further = sa.exists().where(PostPlace.post_id == Post.id).correlate_except(PostPlace)
    found = db.session.execute(
        sa.select(
            Post,
            Circle,
            FeedRow,
            Thread,
            Membership.company,
            mood.key.label("mood"),
            signal.key.label("signal"),
            commenting.label("may_comment"),
            cards.own(viewer, Post.id).label("own"),
            cards.places().label("stands"),
            further.label("further"),
            *(each(viewer).label(name) for name, each in _ASKED.items()),
        )
        .select_from(Post)
        .outerjoin(FeedRow, FeedRow.id == _readable_row(viewer))
        .join(Circle, Circle.id == _looked_at_from(viewer))
        .outerjoin(Membership, author)
        .outerjoin(Thread, sa.and_(Thread.kind == "post", Thread.item_id == Post.id, FeedRow.id.is_not(None)))
        .outerjoin(mood, mine[0])
        .outerjoin(signal, mine[1])
        .where(Post.id == post_id, allowed(Rule.POST_READ, viewer))
        .options(joinedload(Post.author), joinedload(Post.poll))
    ).first()
    if found is None:
        return None
    post, circle, row, thread, company, *_more = found
    up, told = row is not None, found._mapping
    return OpenPost(
        post=post,
        circle=circle,
        company=company or "",
        row=row,
        thread=thread,
        mood=found.mood,
        signal=found.signal,
        may_comment=up and bool(found.may_comment),
        may_react=up and circle.archived_at is None and viewer.signed_in,
        own=found.own,
        card=cards.contexts([(post, company, found.stands)])[post.id],
        places=_places(viewer, post) if found.further else (),
        **{name: bool(told[name]) for name in _ASKED},
    )


def _readable_row(viewer: Viewer) -> Any:
    """The first row of the post in a circle that this viewer reads."""
    here = (Here.kind == policy.POST, Here.item_id == Post.id, Here.shown, Circle.id == Here.circle_id)
    rows = sa.select(sa.func.min(Here.id)).where(*here, allowed(CircleRule.CIRCLE_READ, viewer))
    return rows.correlate_except(Here, Circle).scalar_subquery()


def _looked_at_from(viewer: Viewer) -> Any:
    """The circle whose page this is: where the viewer reads it, else where they decide about it."""
    there = in_circle(CircleRule.CIRCLE_MODERATE, viewer, PostPlace.circle_id)
    decides = sa.select(sa.func.min(PostPlace.circle_id)).where(PostPlace.post_id == Post.id, there)
    own = sa.case((sa.or_(policy.mine(viewer), policy.moderated(viewer)), Post.circle_id), else_=sa.null())
    return sa.func.coalesce(
        FeedRow.circle_id, own, decides.correlate_except(PostPlace).scalar_subquery(), Post.circle_id
    )


def _places(viewer: Viewer, post: Post) -> list[Place]:
    everywhere = {stand.circle_id: stand for stand in stands_of(post)}
    row = sa.and_(FeedRow.circle_id == Circle.id, FeedRow.kind == "post", FeedRow.item_id == post.id, FeedRow.shown)
    found = db.session.execute(
        sa.select(Circle, FeedRow, granted(CircleRule.CIRCLE_MODERATE, viewer))
        .outerjoin(FeedRow, row)
        .where(Circle.id.in_(everywhere), allowed(CircleRule.CIRCLE_READ, viewer))
        .order_by(Circle.id != post.circle_id, Circle.id)
    )
    return [Place(circle, everywhere[circle.id], row, bool(moderates)) for circle, row, moderates in found]


def free_poll(post: Post) -> Poll | None:
    """The post's poll, as long as nobody has voted."""
    voted = sa.exists().where(PollVote.post_id == Poll.post_id)
    return db.session.scalar(sa.select(Poll).where(Poll.post_id == post.id, sa.not_(voted)))


def earlier_texts(post: Post) -> Sequence[PostEdit]:
    """What the post said before, newest first."""
    edits = sa.select(PostEdit).where(PostEdit.post_id == post.id).order_by(PostEdit.id.desc())
    return db.session.scalars(edits.limit(100)).all()


def shown(post: Post, body: str | None = None) -> Markup:
    """The post's text, or an earlier one of it, as HTML."""
    return mentions.shown(post.body if body is None else body, post.mentions, post.circle_id)


def with_topic(circle_id: int, name: str) -> Any:
    """The ids of the circle's posts with this topic, as a subquery."""
    key = text.folded(name)[:40]
    own = sa.select(PostTopic.post_id).where(PostTopic.circle_id == circle_id, PostTopic.key == key)
    further = sa.select(PostTopic.post_id).join(PostPlace, PostPlace.post_id == PostTopic.post_id)
    return sa.union_all(own, further.where(PostPlace.circle_id == circle_id, PostTopic.key == key))


# ---- what waits ------------------------------------------------------------------------------------------
def waiting_count(circle_id: int) -> int:
    """How many posts wait for a moderator."""
    waiting = sa.select(sa.func.count()).where(Post.circle_id == circle_id, Post.state == "waiting")
    return db.session.scalar(waiting) or 0


def waiting_posts(viewer: Viewer, circle_id: int) -> list[tuple[Post, Post | PostPlace]]:
    """What waits, oldest first, for moderators; of the viewer's own also what was refused or comes later. Each with
    what has its state in this circle."""
    state = sa.case((Post.circle_id == circle_id, Post.state), else_=PostPlace.state)
    own = sa.and_(Post.author_id == viewer.identity_id, state.in_(policy.OWN))
    queue = sa.and_(state == "waiting", allowed(Rule.POST_APPROVE, viewer))
    place = sa.and_(PostPlace.post_id == Post.id, PostPlace.circle_id == circle_id)
    first = sa.select(Post.id).where(Post.circle_id == circle_id, Post.state.in_(policy.OWN))
    further = sa.select(PostPlace.post_id).where(PostPlace.circle_id == circle_id, PostPlace.state.in_(policy.OWN))
    rows = db.session.execute(
        sa.select(Post, PostPlace)
        .outerjoin(PostPlace, place)
        .where(
            Post.id.in_(sa.union_all(first, further)),
            Post.state != "deleted",
            sa.or_(own, queue),
            allowed(Rule.POST_READ, viewer),
        )
        .options(joinedload(Post.author))
        .order_by(Post.id)
        .limit(QUEUE)
    )
    return [(post, there or post) for post, there in rows]


def hidden_posts(viewer: Viewer, circle_id: int) -> list[tuple[Post, Post | PostPlace]]:
    """What was hidden in the circle, the newest first, for those who may show it again; as `waiting_posts`."""
    place = sa.and_(PostPlace.post_id == Post.id, PostPlace.circle_id == circle_id)
    here = sa.or_(sa.and_(Post.circle_id == circle_id, Post.state == "hidden"), PostPlace.state == "hidden")
    rows = sa.select(Post, PostPlace).outerjoin(PostPlace, place).where(here, allowed(Rule.POST_RESTORE, viewer))
    found = db.session.execute(rows.options(joinedload(Post.author)).order_by(Post.id.desc()).limit(QUEUE))
    return [(post, there or post) for post, there in found]


def later_posts(viewer: Viewer) -> Sequence[tuple[Post, Circle]]:
    """The viewer's posts for later, soonest first, and those that could not be published then."""
    rows = db.session.execute(
        sa.select(Post, Circle)
        .join(Circle, Circle.id == Post.circle_id)
        .where(Post.author_id == viewer.identity_id, Post.state.in_(policy.LATER))
        .order_by(Post.publish_at, Post.id)
        .limit(QUEUE)
    )
    return [(post, circle) for post, circle in rows]
