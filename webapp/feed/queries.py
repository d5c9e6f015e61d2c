"""What pages of a feed and of a card need, in as few statements as there are tables to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased, joinedload

from webapp.circles.queries import Header
from webapp.feed import above, cards, drawn, mentions
from webapp.feed.above import Line
from webapp.feed.models import Comment, FeedRow, Reaction, Thread
from webapp.feed.policy import in_view
from webapp.kit.db import db
from webapp.kit.dom import dom_id
from webapp.kit.policy import Viewer

SIZE = 20  # cards a page
PINNED = 3
FRESH = 50  # new rows told at once
COMMENTS = 100  # comments a page, replies not counted

_mood, _signal = aliased(Reaction), aliased(Reaction)
_before, _last = aliased(Comment), aliased(Comment)  # the two under a card in a feed


@dataclass(frozen=True)
class Entry:
    """One card in a feed, as this viewer sees it."""

    row: FeedRow
    thread: Thread
    mood: str | None  # the viewer's own
    signal: str | None
    body: Markup
    address: str
    says: Sequence[Said] = ()


@dataclass(frozen=True)
class Feed:
    pinned: Sequence[Entry]
    entries: Sequence[Entry]
    older: int | None  # the cursor of the next stretch
    newest: int  # the highest row id that was drawn
    lines: Sequence[Line] = field(default=())


def feed_page(viewer: Viewer, header: Header, before: int | None) -> Feed:
    """A stretch of a circle's feed, newest first; the first one begins with what is pinned."""
    here = (FeedRow.circle_id == header.circle.id, FeedRow.shown)
    limited = header.membership is not None and header.membership.sees_from is not None
    past = (in_view(viewer),) if limited else ()
    free = sa.select(FeedRow.id).where(*here, FeedRow.pinned_at.is_(None), *past).order_by(FeedRow.id.desc())
    if before is not None:
        wanted: Any = sa.select(free.where(FeedRow.id < before).limit(SIZE + 1).subquery().c.id)
    else:
        top = sa.select(FeedRow.id).where(*here, FeedRow.pinned_at.is_not(None))
        top = top.order_by(FeedRow.pinned_at.desc()).limit(PINNED)
        wanted = sa.union_all(sa.select(top.subquery().c.id), sa.select(free.limit(SIZE + 1).subquery().c.id))
    figures = above.columns(viewer, header) if before is None else {}
    found = _found(viewer, FeedRow.id.in_(wanted), _flat(figures))
    rows = [each for each in found if each.FeedRow.pinned_at is None]
    older = rows[SIZE - 1].FeedRow.id if len(rows) > SIZE else None
    entries = _entries([each for each in found if each.FeedRow.pinned_at is not None] + rows[:SIZE])
    return Feed(
        [entry for entry in entries if entry.row.pinned_at is not None],
        [entry for entry in entries if entry.row.pinned_at is None],
        older,
        max((each.FeedRow.id for each in found), default=0),
        _lines(figures, found),
    )


def fresh_entries(viewer: Viewer, circle_id: int, after: int) -> list[Entry]:
    """The cards that came after this row, newest first, 50 at most."""
    return _entries(
        _found(
            viewer,
            sa.and_(FeedRow.circle_id == circle_id, FeedRow.shown, FeedRow.id > after, in_view(viewer)),
            limit=FRESH,
        )
    )


def featured_page(viewer: Viewer, circle_id: int, before: int | None) -> Feed:
    """A stretch of the circle's featured cards."""
    here = sa.and_(FeedRow.circle_id == circle_id, FeedRow.shown, FeedRow.featured_at.is_not(None))
    return _stretch(viewer, sa.and_(here, in_view(viewer)), before)


def chosen_page(viewer: Viewer, circle_id: int, kind: str, item_ids: Any, before: int | None) -> Feed:
    """A stretch of the circle's cards of one kind whose ids a subquery names: a topic's posts."""
    here = sa.and_(FeedRow.circle_id == circle_id, FeedRow.shown, FeedRow.kind == kind)
    return _stretch(viewer, sa.and_(here, FeedRow.item_id.in_(item_ids), in_view(viewer)), before)


def entries_of(viewer: Viewer, rows: Any) -> list[Entry]:
    """The cards of these feed rows (ids, or a subquery of ids), newest first: home gathers over many circles. The
    caller names only rows of circles that the viewer may read."""
    return _entries(_found(viewer, sa.and_(FeedRow.id.in_(rows), FeedRow.shown)))


def entry_of(viewer: Viewer, kind: str, item_id: int) -> Entry | None:
    """One card as it stands in a feed, or None where it stands nowhere."""
    here = sa.and_(FeedRow.kind == kind, FeedRow.item_id == item_id, FeedRow.shown)
    return next(iter(_entries(_found(viewer, here, limit=1))), None)


def thread_of(kind: str, item_id: int) -> Thread | None:
    return db.session.scalar(sa.select(Thread).where(Thread.kind == kind, Thread.item_id == item_id))


def own_reactions(viewer: Viewer, thread: Thread) -> dict[str, str]:
    """The viewer's own, by axis."""
    mine = sa.select(Reaction.axis, Reaction.key).where(
        Reaction.thread_id == thread.id, Reaction.identity_id == viewer.identity_id
    )
    return {axis: key for axis, key in db.session.execute(mine).all()}


def _stretch(viewer: Viewer, here: ColumnElement[bool], before: int | None) -> Feed:
    if before is not None:
        here = sa.and_(here, FeedRow.id < before)
    found = _found(viewer, here, limit=SIZE + 1)
    older = found[SIZE - 1].FeedRow.id if len(found) > SIZE else None
    return Feed((), _entries(found[:SIZE]), older, found[0].FeedRow.id if found else 0)


def _found(
    viewer: Viewer,
    where: ColumnElement[bool],
    more: Sequence[ColumnElement[Any]] = (),
    limit: int | None = None,
) -> Sequence[Any]:
    """Rows, threads, the viewer's own reactions and the two latest comments, newest first, in one statement."""
    mood, signal = (
        sa.and_(each.thread_id == Thread.id, each.identity_id == viewer.identity_id, each.axis == axis)
        for each, axis in ((_mood, "mood"), (_signal, "signal"))
    )
    return db.session.execute(
        sa.select(FeedRow, Thread, _mood.key.label("mood"), _signal.key.label("signal"), _before, _last, *more)
        .join(Thread, sa.and_(Thread.kind == FeedRow.kind, Thread.item_id == FeedRow.item_id))
        .outerjoin(_mood, mood)
        .outerjoin(_signal, signal)
        .outerjoin(_before, _before.id == _comment_from_end(1))
        .outerjoin(_last, _last.id == _comment_from_end(0))
        .options(joinedload(_before.author), joinedload(_last.author))
        .where(where)
        .order_by(FeedRow.id.desc())
        .limit(limit)
    ).all()


def _comment_from_end(place: int) -> Any:
    """The id of a thread's latest comment, or of the one before it: a look at the end of an index, however long the
    thread is."""
    ids = sa.select(Comment.id).where(Comment.thread_id == Thread.id, Comment.deleted_at.is_(None))
    return ids.order_by(Comment.id.desc()).limit(1).offset(place).correlate(Thread).scalar_subquery()


def _entries(found: Sequence[Any]) -> list[Entry]:
    """Load and draw the cards of these rows; one that its capability no longer has is left out."""
    loaded = cards.load_cards((each.FeedRow.kind, each.FeedRow.item_id) for each in found)
    made = []
    for row, thread, mood, signal, before, last, *_more in found:
        context = loaded.get((row.kind, row.item_id))
        if context is not None:
            body = drawn.body(row.kind, row.item_id, context)
            says = [Said(comment, row.circle_id) for comment in (before, last) if comment is not None]
            made.append(Entry(row, thread, mood, signal, body, cards.kind(row.kind).address(row.item_id), says))
    return made


def _flat(figures: dict[str, dict[str, Any]]) -> list[ColumnElement[Any]]:
    named = ((f"{line}:{name}", each) for line, columns in figures.items() for name, each in columns.items())
    return [each.label(name) for name, each in named]


def _lines(figures: dict[str, dict[str, Any]], found: Sequence[Any]) -> list[Line]:
    """The lines above the feed; an empty feed asks for their figures by themselves."""
    columns = _flat(figures)
    if not columns:
        return [Line(fragment, {}) for fragment in figures]
    told = found[0]._mapping if found else db.session.execute(sa.select(*columns)).one()._mapping
    return [
        Line(fragment, {name: told[f"{fragment}:{name}"] or 0 for name in named}) for fragment, named in figures.items()
    ]


# ---- comments --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """A comment and what its fragment needs."""

    comment: Comment
    circle_id: int
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


def talk(thread: Thread, before: int | None) -> Talk:
    """The newest comments of a thread (or those before one), each with its replies, in one statement."""
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
            replies.setdefault(row.parent_id, []).append(Said(row, thread.circle_id))
    shown = heads[-COMMENTS:]
    said = [Said(row, thread.circle_id, replies.get(row.id, ())) for row in shown]
    return Talk(said, older, before is None)


def one_said(comment_id: int) -> Said | None:
    """One comment as its fragment needs it, without its replies; None when it is gone."""
    row = db.session.execute(
        sa.select(Comment, Thread.circle_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.id == comment_id)
        .options(joinedload(Comment.author))
    ).first()
    return Said(row[0], row[1]) if row else None
