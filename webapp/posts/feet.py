"""What stands under a post beside its text: who has read it, and its poll. Counts only, no names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from webapp.circles.models import Membership
from webapp.feed.models import FeedRow
from webapp.kit.db import db
from webapp.posts.models import PollVote, Post, PostReceipt


@dataclass(frozen=True)
class Own:
    """What the viewer did with a post."""

    read: bool = False
    votes: frozenset[int] = frozenset()

    @classmethod
    def of(cls, text: str | None) -> Own:
        """From the column of posts/cards.py."""
        parts = [part for part in (text or "").split(",") if part]
        return cls("r" in parts, frozenset(int(part) for part in parts if part != "r"))


@dataclass(frozen=True)
class Foot:
    """The counts of one post. `members` are those who are to read it: of all circles in which it stands, each once, its
    author not among them."""

    read: int = 0
    members: int = 0
    options: Sequence[tuple[int, str, int]] = field(default=())  # (number, words, votes)
    voters: int = 0  # people, not ticks


def feet(posts: Iterable[Post]) -> dict[int, Foot]:
    """The feet of those posts that have one."""
    wanted = [post for post in posts if post.must_read or post.poll is not None]
    read = _read([post.id for post in wanted if post.must_read])
    votes = _votes([post.id for post in wanted if post.poll is not None])
    return {post.id: _foot(post, read.get(post.id, (0, 0)), votes.get(post.id, {})) for post in wanted}


def _foot(post: Post, read: tuple[int, int], votes: dict[int, int]) -> Foot:
    words = enumerate(post.poll.options, 1) if post.poll is not None else ()
    options = [(number, each, votes.get(number, 0)) for number, each in words]
    return Foot(*read, options, votes.get(0, 0))


def to_read(*columns: Any) -> sa.Select[Any]:
    """The members who are to read a post, wherever it stands, with their receipts."""
    there = sa.and_(Membership.circle_id == FeedRow.circle_id, Membership.state == "active")
    receipt = sa.and_(PostReceipt.post_id == FeedRow.item_id, PostReceipt.identity_id == Membership.identity_id)
    return (
        sa.select(*columns)
        .select_from(FeedRow)
        .join(Membership, sa.and_(there, Membership.identity_id != FeedRow.author_id))
        .outerjoin(PostReceipt, receipt)
        .where(FeedRow.kind == "post", FeedRow.shown)
    )


def _read(ids: list[int]) -> dict[int, tuple[int, int]]:
    if not ids:
        return {}
    people = (sa.func.count(column.distinct()) for column in (PostReceipt.identity_id, Membership.identity_id))
    counted = to_read(FeedRow.item_id, *people).where(FeedRow.item_id.in_(ids)).group_by(FeedRow.item_id)
    return {number: (read, members) for number, read, members in db.session.execute(counted)}


def _votes(ids: list[int]) -> dict[int, dict[int, int]]:
    """Votes by option; under 0 how many people voted."""
    if not ids:
        return {}
    here = PollVote.post_id.in_(ids)
    ticks = sa.select(PollVote.post_id, PollVote.option, sa.func.count()).where(here)
    people = sa.select(PollVote.post_id, sa.literal(0), sa.func.count(PollVote.identity_id.distinct())).where(here)
    counted = sa.union_all(ticks.group_by(PollVote.post_id, PollVote.option), people.group_by(PollVote.post_id))
    found: dict[int, dict[int, int]] = {}
    for number, option, count in db.session.execute(counted):
        found.setdefault(number, {})[option] = count
    return found
