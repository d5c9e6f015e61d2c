"""What pages of posts need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy import ScalarSelect
from sqlalchemy.orm import aliased, joinedload

from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.queries import Header
from webapp.feed import drawn, mentions
from webapp.feed.above import Stand, above_feed
from webapp.feed.models import FeedRow, Reaction, Thread
from webapp.feed.policy import in_circle
from webapp.kit import text
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed
from webapp.posts import cards, policy
from webapp.posts.models import Post, PostEdit, PostTopic
from webapp.posts.policy import Rule, reviewed

QUEUE = 50


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

    @property
    def body(self) -> Markup:
        return drawn.body("post", self.post.id, cards.context(self.post, self.company))


_ASKED = {
    "may_edit": policy.edit,
    "may_delete": policy.delete,
    "may_hide": policy.hide,
    "may_restore": policy.restore,
    "may_moderate": policy.moderate,
    "may_approve": policy.approve,
    "may_share": policy.share,
}  # of a post that may be read: the statement asks that for all of them


def open_post(viewer: Viewer, post_id: int) -> OpenPost | None:
    """A post through the viewer, with all that its page asks, in one statement; None where it is not seen."""
    mood, signal = aliased(Reaction), aliased(Reaction)
    mine = [
        sa.and_(each.thread_id == Thread.id, each.identity_id == viewer.identity_id, each.axis == axis)
        for each, axis in ((mood, "mood"), (signal, "signal"))
    ]
    author = sa.and_(Membership.circle_id == Post.circle_id, Membership.identity_id == Post.author_id)
    commenting = in_circle(CircleRule.CIRCLE_COMMENT, viewer, Post.circle_id)
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
            *(each(viewer).label(name) for name, each in _ASKED.items()),
        )
        .join(Circle, Circle.id == Post.circle_id)
        .outerjoin(Membership, author)
        .outerjoin(FeedRow, sa.and_(FeedRow.kind == "post", FeedRow.item_id == Post.id, FeedRow.shown))
        .outerjoin(Thread, sa.and_(Thread.kind == "post", Thread.item_id == Post.id, FeedRow.id.is_not(None)))
        .outerjoin(mood, mine[0])
        .outerjoin(signal, mine[1])
        .where(Post.id == post_id, allowed(Rule.POST_READ, viewer))
        .options(joinedload(Post.author))
    ).first()
    if found is None:
        return None
    post, circle, row, thread, company, *_more = found
    stands, told = row is not None, found._mapping
    return OpenPost(
        post=post,
        circle=circle,
        company=company or "",
        row=row,
        thread=thread,
        mood=found.mood,
        signal=found.signal,
        may_comment=stands and bool(found.may_comment),
        may_react=stands and circle.archived_at is None and viewer.signed_in,
        **{name: bool(told[name]) for name in _ASKED},
    )


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
    return sa.select(PostTopic.post_id).where(PostTopic.circle_id == circle_id, PostTopic.key == key)


# ---- what waits ------------------------------------------------------------------------------------------
def _count(circle_id: int, states: tuple[str, ...], *more: Any) -> ScalarSelect[Any]:
    rows = sa.select(sa.func.count()).where(Post.circle_id == circle_id, Post.state.in_(states), *more)
    return rows.correlate(None).scalar_subquery()


def waiting_count(circle_id: int) -> int:
    """How many posts wait for a moderator."""
    return db.session.scalar(sa.select(_count(circle_id, ("waiting",)))) or 0


@above_feed("posts/_waiting_line.html")
def waiting_line(viewer: Viewer, stand: Stand) -> dict[str, ScalarSelect[Any]] | None:
    """Moderators: what waits for them. Authors: what of theirs waits, or was refused or hidden."""
    here = stand.circle_id
    if stand.moderates:
        return {"queue": _count(here, ("waiting",))}
    if not stand.member:
        return None
    own = Post.author_id == viewer.identity_id
    return {"waiting": _count(here, ("waiting",), own), "refused": _count(here, ("refused", "hidden"), own)}


def waiting_figures(viewer: Viewer, header: Header) -> dict[str, int]:
    """The figures of the line above the feed, by themselves."""
    columns = waiting_line(viewer, Stand.of(header))
    if not columns:
        return {}
    told = db.session.execute(sa.select(*(each.label(name) for name, each in columns.items()))).one()
    return dict(told._mapping)


def waiting_posts(viewer: Viewer, circle_id: int) -> Sequence[Post]:
    """What waits, oldest first, for moderators; of the viewer's own also what was refused or hidden."""
    own = sa.and_(Post.author_id == viewer.identity_id, Post.state.in_(("waiting", "refused", "hidden")))
    queue = sa.and_(Post.state == "waiting", allowed(Rule.POST_APPROVE, viewer))
    rows = sa.select(Post).where(Post.circle_id == circle_id, sa.or_(own, queue))
    rows = rows.where(allowed(Rule.POST_READ, viewer))
    return db.session.scalars(rows.options(joinedload(Post.author)).order_by(Post.id).limit(QUEUE)).all()


def hidden_posts(viewer: Viewer, circle_id: int) -> Sequence[Post]:
    """What was hidden, the newest first, for those who may show it again."""
    rows = sa.select(Post).where(Post.circle_id == circle_id, allowed(Rule.POST_RESTORE, viewer))
    return db.session.scalars(rows.options(joinedload(Post.author)).order_by(Post.id.desc()).limit(QUEUE)).all()


def is_reviewed(viewer: Viewer, circle: Circle) -> bool:
    """Whether what this viewer posts here waits first."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Circle.id == circle.id, reviewed(viewer)))))
