"""How comments are found, and where in its thread one stands."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.circles.models import Circle
from webapp.feed import cards
from webapp.feed.labels import role_words
from webapp.feed.models import Comment, Thread
from webapp.feed.policy import Rule
from webapp.feed.talk import COMMENTS
from webapp.kit.db import db
from webapp.kit.dom import dom_id
from webapp.kit.finding import Hit, Rows, findable
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer


def texts() -> Rows:
    columns = (Comment.id, Comment.body.label("text"), Comment.at, Thread.circle_id.label("place_id"))
    rows = sa.select(*columns, Comment.author_id).join(Thread, Thread.id == Comment.thread_id)
    return rows.where(Comment.deleted_at.is_(None))


@findable(
    "comment",
    Comment,
    Rule.COMMENT_READ,
    N_("Comments"),
    texts=texts,
    place="circle",
    tab=2,
    watched={Comment: ("body", "deleted_at")},
)
def load(viewer: Viewer, ids: list[int]) -> dict[int, Hit]:
    rows = (
        sa.select(Comment, Circle)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Circle, Circle.id == Thread.circle_id)
        .where(Comment.id.in_(ids))
    )
    return {
        comment.id: Hit(
            address=f"/comments/{comment.id}/place",
            title=comment.author.name,
            role=role_words(comment.author),
            text=comment.body,
            where=circle.name,
            at=comment.at,
            ring=comment.author.initials,
            look="p t" if comment.author.teaches else "p",
        )
        for comment, circle in db.session.execute(rows.options(joinedload(Comment.author)))
    }


def place_of(comment: Comment) -> str:
    """The page of the card on which the comment stands: the newest stretch of its thread, or the one that ends a
    little after it."""
    thread = db.session.get_one(Thread, comment.thread_id)
    head = comment.parent_id or comment.id
    heads = sa.select(Comment.id).where(Comment.thread_id == thread.id, Comment.parent_id.is_(None))
    after = db.session.scalars(heads.where(Comment.id > head).order_by(Comment.id).limit(COMMENTS)).all()
    stretch = f"?from={after[COMMENTS // 2]}" if len(after) == COMMENTS else ""
    return f"{cards.kind(thread.kind).address(thread.item_id)}{stretch}#{dom_id(comment)}"
