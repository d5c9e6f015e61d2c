"""Posts as cards: how many are loaded at once, and what draws one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.circles.models import Membership
from webapp.feed.cards import card_kind
from webapp.feed.mentions import shown
from webapp.feed.models import FeedRow
from webapp.kit.db import db
from webapp.kit.policy import Viewer
from webapp.posts.feet import Own, feet
from webapp.posts.models import PollVote, Post, PostReceipt


def address(post_id: int) -> str:
    return f"/posts/{post_id}"


def version(context: dict[str, Any]) -> object:
    """A renamed author or another company makes another body too."""
    post: Post = context["post"]
    author = post.author
    return (
        post.version,
        post.state,
        post.at,
        author.name,
        author.title,
        author.kind,
        context["company"],
        len(context["stands"]) > 1,
    )


def own(viewer: Viewer, post_id: Any) -> sa.ColumnElement[Any]:
    """`r` where the viewer has read a must-read post, then the numbers of the options voted for; see Own.of."""
    ticks = sa.func.aggregate_strings(sa.cast(PollVote.option, sa.Text), ",")
    votes = sa.select(ticks).where(PollVote.post_id == post_id, PollVote.identity_id == viewer.identity_id)
    read: sa.Select[Any] = sa.select(sa.literal_column("'r,'")).where(
        PostReceipt.post_id == post_id, PostReceipt.identity_id == viewer.identity_id
    )
    parts = [sa.func.coalesce(each.scalar_subquery(), "") for each in (read, votes)]
    return parts[0].concat(parts[1])


@card_kind(
    "post",
    body="posts/_body.html",
    line="posts/_line.html",
    foot="posts/_foot.html",
    address=address,
    version=version,
    own=own,
)
def load(ids: list[int]) -> dict[int, dict[str, Any]]:
    """The contexts of `posts/_body.html`, `_foot.html` and `_line.html`; a withdrawn post has a line only."""
    here = sa.and_(Membership.circle_id == Post.circle_id, Membership.identity_id == Post.author_id)
    found = db.session.execute(
        sa.select(Post, Membership.company, places())
        .outerjoin(Membership, here)
        .where(Post.id.in_(ids))
        .options(joinedload(Post.author), joinedload(Post.poll))
    ).all()
    return contexts([tuple(row) for row in found])


def places() -> sa.ScalarSelect[Any]:
    """The ids of the circles in which a post stands, as text."""
    ids = sa.func.aggregate_strings(sa.cast(FeedRow.circle_id, sa.Text), ",")
    here = FeedRow.kind == "post", FeedRow.item_id == Post.id, FeedRow.shown
    return sa.select(ids).select_from(FeedRow).where(*here).correlate(Post).scalar_subquery()


def contexts(found: Sequence[tuple[Post, str | None, str | None]]) -> dict[int, dict[str, Any]]:
    """`shown` is called by the fragment, so that a kept body costs no second look at its text."""
    under = feet([post for post, *_more in found])
    return {
        post.id: {
            "post": post,
            "company": company or "",
            "shown": shown,
            "foot": under.get(post.id),
            "own_of": Own.of,
            "stands": frozenset(int(number) for number in (stands or "").split(",") if number),
        }
        for post, company, stands in found
    }
