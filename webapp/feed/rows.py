"""Rows of a feed: a lean statement brings their stamps, and only what is drawn for the first time is loaded whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import aliased, joinedload

from webapp.accounts.models import Naming
from webapp.circles.models import Circle
from webapp.feed import cards, drawn
from webapp.feed.drawn import Stamp
from webapp.feed.models import Comment, FeedRow, Reaction, Thread
from webapp.feed.talk import Said
from webapp.kit.db import db
from webapp.kit.policy import Viewer

FEED, HOME = "feed/_row.html", "home/_row.html"
FIELDS = len(Stamp._fields) - 1  # the statement does not say whether the viewer may react

_mood, _signal = aliased(Reaction), aliased(Reaction)
_before, _last = aliased(Comment), aliased(Comment)  # the two under a card in a feed


def stamps(viewer: Viewer, wanted: Any, *more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The statement that brings the stamps of these rows (a select of ids), newest first. The ids lead: asked by IN,
    PostgreSQL joins the whole feed first."""
    chosen = wanted.subquery()
    number = chosen.c[0]
    mood, signal = (
        sa.and_(each.thread_id == Thread.id, each.identity_id == viewer.identity_id, each.axis == axis)
        for each, axis in ((_mood, "mood"), (_signal, "signal"))
    )
    return (
        sa.select(
            FeedRow.id,
            FeedRow.pinned_at.is_not(None).label("pinned"),
            Thread.version,
            _mood.key.label("mood"),
            _signal.key.label("signal"),
            (FeedRow.author_id == viewer.identity_id).label("mine"),
            sa.select(Naming.version).scalar_subquery().label("names"),
            Circle.archived_at.is_not(None).label("archived"),
            Circle.name,
            *more,
        )
        .select_from(chosen)
        .join(FeedRow, FeedRow.id == number)
        .join(Thread, sa.and_(Thread.kind == FeedRow.kind, Thread.item_id == FeedRow.item_id))
        .join(Circle, Circle.id == FeedRow.circle_id)
        .outerjoin(_mood, mood)
        .outerjoin(_signal, signal)
        .order_by(FeedRow.id.desc())
    )


def stamp(row: sa.Row[Any], member: bool = True) -> Stamp:
    """From a row of that statement; members react while the circle is not archived."""
    made = Stamp(*tuple(row)[:FIELDS])
    return made._replace(may_react=member and not made.archived)


def draw(viewer: Viewer, template: str, found: Sequence[Stamp]) -> Markup:
    """These rows, in their order."""
    return drawn.rows(viewer, template, found, _contexts)


def _contexts(wanted: Sequence[Stamp]) -> dict[int, dict[str, Any]]:
    """What `feed/_row.html` and `home/_row.html` need, by row id; a card that its capability no longer has is left
    out."""
    found = db.session.execute(
        sa.select(FeedRow, Thread, Circle, _before, _last)
        .join(Thread, sa.and_(Thread.kind == FeedRow.kind, Thread.item_id == FeedRow.item_id))
        .join(Circle, Circle.id == FeedRow.circle_id)
        .outerjoin(_before, _before.id == _comment_from_end(1))
        .outerjoin(_last, _last.id == _comment_from_end(0))
        .options(joinedload(_before.author), joinedload(_last.author))
        .where(FeedRow.id.in_([each.row_id for each in wanted]))
    ).all()
    loaded = cards.load_cards((each.FeedRow.kind, each.FeedRow.item_id) for each in found)
    by_id = {each.row_id: each for each in wanted}
    made = {}
    for row, thread, circle, before, last in found:
        card = loaded.get((row.kind, row.item_id))
        if card is not None:
            own = by_id[row.id]
            made[row.id] = {
                "row": row,
                "thread": thread,
                "circle": circle,
                "body": drawn.body(row.kind, row.item_id, card),
                "address": cards.kind(row.kind).address(row.item_id),
                "says": [Said(comment, row.circle_id) for comment in (before, last) if comment is not None],
                "mood": own.mood,
                "signal": own.signal,
                "mine": own.mine,
                "may_react": own.may_react,
            }
    return made


def _comment_from_end(place: int) -> Any:
    """The id of a thread's latest comment, or of the one before it: a look at the end of an index, however long the
    thread is."""
    ids = sa.select(Comment.id).where(Comment.thread_id == Thread.id, Comment.deleted_at.is_(None))
    return ids.order_by(Comment.id.desc()).limit(1).offset(place).correlate(Thread).scalar_subquery()
