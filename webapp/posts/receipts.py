"""Must-read posts: who says that they have read one, who has not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity, Person
from webapp.circles.models import Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.actions import touch_thread
from webapp.feed.models import FeedRow
from webapp.feed.policy import in_circle
from webapp.kit.db import db
from webapp.kit.events import emit_fact
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer
from webapp.kit.push import pushed, say_poke, say_push
from webapp.posts.events import MustReadRead
from webapp.posts.feet import feet, to_read
from webapp.posts.models import Post, PostReceipt

PEOPLE = 60


def acknowledge(viewer: Viewer, post: Post) -> None:
    """Say that one has read it; said twice, noted once."""
    if db.session.get(PostReceipt, (post.id, viewer.identity_id)) is not None:
        return
    db.session.add(PostReceipt(post_id=post.id, identity_id=viewer.identity_id))
    db.session.flush()
    circles = touch_thread("post", post.id)
    _moved(post.id, circles)
    say_poke(f"viewer-{viewer.identity_id}", *(f"must-{number}" for number in circles))
    emit_fact(MustReadRead(post.id, viewer.identity_id))


def members_moved(circle_id: int) -> None:
    """Somebody came or went: the numbers of the circle's must-read posts are others."""
    here = sa.select(FeedRow.item_id).join(Post, sa.and_(FeedRow.kind == "post", Post.id == FeedRow.item_id))
    here = here.where(FeedRow.circle_id == circle_id, FeedRow.shown, Post.must_read)
    for post_id in db.session.scalars(here).all():
        _moved(post_id, touch_thread("post", post_id))


def _moved(post_id: int, circles: list[int]) -> None:
    for circle_id in circles:
        say_push(f"circle-{circle_id}", f"read-post-{post_id}", "self", "posts/_read.html", "post-read", id=post_id)
        say_poke(f"circle-{circle_id}", f"readers-post-{post_id}")


@pushed("post-read")
def read_count(id: int) -> dict[str, Any] | None:
    """For `posts/_read.html`: how many have read it, without names."""
    post = db.session.get(Post, id, options=[joinedload(Post.poll)])
    return {"post": post, "foot": feet([post])[id]} if post is not None and post.must_read else None


@dataclass(frozen=True)
class Reader:
    id: int  # of the membership
    name: str
    title: str
    at: datetime | None  # None: not yet


@dataclass(frozen=True)
class Reading:
    """Who has not read it yet (None where only the others are asked for), and who has."""

    waiting: Page[Reader] | None
    done: Page[Reader]


def reading(viewer: Viewer, post: Post, further: bool = False, after: int | None = None) -> Reading:
    """The list of those who are to read it; `further`: a later stretch of those who have."""
    if further:
        return Reading(None, _readers(viewer, post, True, after))
    return Reading(_readers(viewer, post, False, after), _readers(viewer, post, True, None))


def _readers(viewer: Viewer, post: Post, done: bool, after: int | None) -> Page[Reader]:
    """A stretch of those who have read it, or have not, of the circles that this viewer reads; first who came first."""
    there = in_circle(CircleRule.CIRCLE_READ, viewer, FeedRow.circle_id)
    number = sa.func.min(Membership.id).label("id")
    rows = to_read(number, Person.name, Identity.title, PostReceipt.at)
    rows = rows.join(Identity, Identity.id == Membership.identity_id).join(Person, Person.id == Identity.person_id)
    rows = rows.where(
        FeedRow.item_id == post.id, there, PostReceipt.at.is_not(None) if done else PostReceipt.at.is_(None)
    )
    rows = rows.group_by(Identity.id, Person.name, Identity.title, PostReceipt.at).order_by(number).limit(PEOPLE + 1)
    if after is not None:
        rows = rows.having(sa.func.min(Membership.id) > after)
    return page([Reader(*row) for row in db.session.execute(rows)], PEOPLE)
