"""Which circles and topics a person is shown; permission is in each query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy import ColumnElement

from webapp.circles.kinds import KINDS, party_of
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.circles.policy import membership
from webapp.feed.models import FeedRow
from webapp.feed.policy import in_view
from webapp.feed.queries import home_drawn, home_rows
from webapp.kit import clock, text
from webapp.kit.db import db
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer, allowed
from webapp.posts.models import Post, PostTopic
from webapp.posts.policy import Rule as PostRule

SIZE = 20
FEW = 2  # circles that are offered below one's own
WEEK = timedelta(days=7)
LOOK = 100  # newest cards of a circle that are looked at for its life; more of a week are "100"
LATEST = 20_000  # newest posts of the server among which topics move
TOPICS = 40
CIRCLES = 200  # of one person, on the page of a topic


# ---- circles -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Offer:
    """A circle with what one needs to decide: whom it is for, how many are in, its life, how one joins."""

    id: int
    circle: Circle
    members: int
    week: int  # cards of the last seven days, LOOK at most
    last: datetime | None  # its newest card
    state: str  # of the viewer's own row: "", "active", "requested", "left", …


def public(viewer: Viewer, after: int | None, size: int = SIZE) -> Page[Offer]:
    """Circles that this identity may find, is not in, and could be in; those of its organisation stand apart."""
    fitting = [kind for kind in KINDS if party_of(kind, viewer.kind, True)]  # pupils are not offered what refuses them
    return _offers(
        viewer,
        after,
        size,
        ~membership(viewer, Circle.id),
        sa.or_(Circle.organisation_id.is_(None), sa.not_(_own(viewer))),
        Circle.kind.in_(fitting),
        sa.or_(Membership.state.is_(None), Membership.state != "banned"),
    )


def asked(viewer: Viewer) -> Page[Offer]:
    """Circles that this identity has asked to join, shown to it or not."""
    return _offers(viewer, None, SIZE, Membership.state == "requested")


def of_organisation(viewer: Viewer, after: int | None) -> Page[Offer]:
    """The circles of the viewer's organisation that this identity may find, its own among them."""
    return _offers(viewer, after, SIZE, _own(viewer))


def _own(viewer: Viewer) -> ColumnElement[bool]:
    return Circle.organisation_id == viewer.organisation_id if viewer.organisation_id else sa.false()


def _offers(viewer: Viewer, after: int | None, size: int, *where: ColumnElement[bool]) -> Page[Offer]:
    """Living circles, the youngest first."""
    members = sa.select(sa.func.count()).where(Membership.circle_id == Circle.id, Membership.state == "active")
    newest = sa.select(FeedRow.at).where(FeedRow.circle_id == Circle.id, FeedRow.shown).order_by(FeedRow.id.desc())
    look = newest.limit(LOOK).correlate(Circle).subquery()
    week = sa.select(sa.func.count()).select_from(look).where(look.c.at >= clock.now() - WEEK)
    rows = db.session.execute(
        sa.select(
            Circle,
            members.correlate(Circle).scalar_subquery().label("members"),
            week.correlate(Circle).scalar_subquery().label("week"),
            newest.limit(1).correlate(Circle).scalar_subquery().label("last"),
            Membership.state,
        )
        .outerjoin(Membership, sa.and_(Membership.circle_id == Circle.id, Membership.identity_id == viewer.identity_id))
        .where(
            sa.or_(allowed(CircleRule.CIRCLE_FIND, viewer), Membership.state == "requested"),
            Circle.archived_at.is_(None),
            Circle.id < after if after else sa.true(),
            *where,
        )
        .order_by(Circle.id.desc())
        .limit(size + 1)
    )
    return page(
        [Offer(row.Circle.id, row.Circle, row.members, row.week, row.last, row.state or "") for row in rows], size
    )


# ---- topics ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Moving:
    """A topic of the last seven days, as far as this viewer may read it."""

    name: str
    posts: int
    people: int
    circles: int
    last: datetime


def moving(viewer: Viewer) -> Sequence[Moving]:
    """Topics about which the most people wrote in the last seven days, then the most posts."""
    floor = sa.select(sa.func.max(Post.id) - LATEST).correlate(None).scalar_subquery()
    posts, people = sa.func.count(), sa.func.count(Post.author_id.distinct())
    last = sa.func.max(Post.at)
    rows = db.session.execute(
        sa.select(
            sa.func.max(PostTopic.name).label("name"),
            posts.label("posts"),
            people.label("people"),
            sa.func.count(Post.circle_id.distinct()).label("circles"),
            last.label("last"),
        )
        .join(Post, Post.id == PostTopic.post_id)
        .where(
            PostTopic.post_id > floor,
            Post.state == "published",
            Post.at >= clock.now() - WEEK,
            allowed(PostRule.POST_READ, viewer),
        )
        .group_by(PostTopic.key)
        .order_by(people.desc(), posts.desc(), last.desc())
        .limit(TOPICS)
    )
    return [Moving(row.name, row.posts, row.people, row.circles, row.last) for row in rows]


@dataclass(frozen=True)
class Topic:
    """A stretch of the posts with a topic over all circles that the viewer reads; `here`: the circles of this one."""

    rows: Markup
    here: Sequence[int]
    circles: dict[int, Circle]
    older: int | None


def topic_page(viewer: Viewer, name: str, before: int | None) -> Topic:
    """The newest of each circle, then sorted, as home does it."""
    readable = sa.select(Circle).join(Membership, Membership.circle_id == Circle.id)
    mine = readable.where(
        Membership.identity_id == viewer.identity_id,
        Membership.state == "active",
        allowed(CircleRule.CIRCLE_READ, viewer),
    )
    circles = {circle.id: circle for circle in db.session.scalars(mine.order_by(Circle.id.desc()).limit(CIRCLES))}
    if not circles:
        return Topic(Markup(), (), {}, None)
    found = _with_topic(viewer, list(circles), text.folded(name)[:40], before)
    shown = sa.select(FeedRow.id).where(FeedRow.id.in_([row.row_id for row in found[:SIZE]]))
    rows = home_drawn(viewer, home_rows(viewer, shown)) if found else Markup()
    here = list(dict.fromkeys(row.circle_id for row in found[:SIZE]))
    return Topic(rows, here, circles, found[SIZE - 1].post_id if len(found) > SIZE else None)


def _with_topic(viewer: Viewer, circles: list[int], key: str, before: int | None) -> Sequence[Any]:
    """(post_id, row_id, circle_id) of the newest standing posts with this topic, one more than a page holds."""
    bound: list[Any] = [PostTopic.post_id < before] if before else []
    each = [
        sa.select(
            sa.select(PostTopic.post_id, FeedRow.id.label("row_id"), FeedRow.circle_id)
            .join(FeedRow, sa.and_(FeedRow.kind == "post", FeedRow.item_id == PostTopic.post_id, FeedRow.shown))
            .where(PostTopic.circle_id == circle, PostTopic.key == key, FeedRow.circle_id == circle, *bound)
            .where(in_view(viewer))
            .order_by(PostTopic.post_id.desc())
            .limit(SIZE + 1)
            .subquery()
        )
        for circle in circles
    ]
    gathered = sa.union_all(*each).subquery()
    return db.session.execute(sa.select(gathered).order_by(gathered.c.post_id.desc()).limit(SIZE + 1)).all()
