"""What is said under a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from webapp.feed import mentions
from webapp.feed.models import Comment, FeedRow, Thread
from webapp.kit.db import db
from webapp.kit.dom import dom_id

COMMENTS = 100  # comments a page, replies not counted


@dataclass(frozen=True)
class Said:
    """A comment and what its fragment needs."""

    comment: Comment
    circle_id: int | None  # into which its names and topics lead
    replies: Sequence[Said] = ()

    @property
    def id(self) -> str:
        return dom_id(self.comment)

    @property
    def body(self) -> Markup:
        return mentions.shown(self.comment.body, self.comment.mentions, self.circle_id)


@dataclass(frozen=True)
class Talk:
    """A stretch of a card's comments, oldest first; `older` leads to the stretch before it."""

    comments: Sequence[Said]
    older: int | None
    last: bool  # the newest stretch: what is said now is added to it


def talk(thread: Thread, before: int | None, circle_id: int) -> Talk:
    """The newest comments of a thread (or those before one), each with its replies, in one statement; looked at from a
    circle in which the card stands."""
    top = sa.select(Comment.id).where(Comment.thread_id == thread.id, Comment.parent_id.is_(None))
    if before is not None:
        top = top.where(Comment.id < before)
    wanted = sa.select(top.order_by(Comment.id.desc()).limit(COMMENTS + 1).subquery().c.id)
    rows = db.session.scalars(
        sa.select(Comment)
        .where(Comment.thread_id == thread.id, sa.func.coalesce(Comment.parent_id, Comment.id).in_(wanted))
        .options(joinedload(Comment.author))
        .order_by(Comment.id)
    ).all()
    heads = [row for row in rows if row.parent_id is None]
    older = heads[1].id if len(heads) > COMMENTS else None
    replies: dict[int, list[Said]] = {}
    for row in rows:
        if row.parent_id is not None:
            replies.setdefault(row.parent_id, []).append(Said(row, circle_id))
    shown = heads[-COMMENTS:]
    said = [Said(row, circle_id, replies.get(row.id, ())) for row in shown]
    return Talk(said, older, before is None)


def one_said(comment_id: int) -> Said | None:
    """One comment as its fragment needs it, without its replies; None when it is gone. It is shown to all who read it,
    so where the card stands in several circles it leads into none."""
    here = FeedRow.kind == Thread.kind, FeedRow.item_id == Thread.item_id, FeedRow.shown
    places = sa.select(sa.func.count()).select_from(FeedRow).where(*here).correlate(Thread).scalar_subquery()
    row = db.session.execute(
        sa.select(Comment, sa.case((places > 1, None), else_=Thread.circle_id))
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.id == comment_id)
        .options(joinedload(Comment.author))
    ).first()
    return Said(row[0], row[1]) if row else None
