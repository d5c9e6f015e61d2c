"""What pages of a feed need, in as few statements as there are tables to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from webapp.circles.queries import Header
from webapp.feed import above
from webapp.feed.above import Line, Stand
from webapp.feed.models import FeedRow, Reaction, Thread
from webapp.feed.policy import in_view
from webapp.feed.rows import FEED, HOME, Stamp, draw, stamp, stamps
from webapp.kit.db import db
from webapp.kit.policy import Viewer, kept, sort_of

SIZE = 20  # cards a page
PINNED = 3
FRESH = 50  # new rows told at once

CIRCLE = sa.bindparam("circle", type_=sa.BigInteger())
CURSOR = sa.bindparam("cursor", type_=sa.BigInteger())
HERE = (FeedRow.circle_id == CIRCLE, FeedRow.shown)
NEWEST_FIRST = FeedRow.id.desc()


@dataclass(frozen=True)
class Feed:
    """A stretch of a feed, drawn for this viewer."""

    rows: Markup
    older: int | None  # the cursor of the next stretch
    newest: int  # the highest row id that was drawn
    lines: Sequence[Line] = field(default=())


def feed_page(viewer: Viewer, header: Header, before: int | None) -> Feed:
    """A stretch of a circle's feed, newest first; the first one begins with what is pinned."""
    circle = header.circle.id
    if before is not None:
        return _feed(viewer, _further(viewer, _limited(header), circle=circle, cursor=before).all(), header.member)
    stand = Stand.of(header, CIRCLE)
    found = _opening(viewer, stand, _limited(header), circle=circle).all()
    figures = found or _figures(viewer, stand, circle=circle).all()
    feed = _feed(viewer, found, header.member)
    return Feed(feed.rows, feed.older, feed.newest, _lines(_names(sort_of(viewer), stand), figures[0]._mapping))


def _limited(header: Header) -> bool:
    """Whether the circle hides something of its past from this member; only then the statement asks what."""
    return header.membership is not None and header.membership.sees_from is not None


def _free(viewer: Viewer, limited: bool, *more: sa.ColumnElement[bool]) -> sa.Select[Any]:
    past = (in_view(viewer),) if limited else ()
    free = sa.select(FeedRow.id).where(*HERE, FeedRow.pinned_at.is_(None), *past, *more)
    return free.order_by(NEWEST_FIRST).limit(SIZE + 1)


@kept
def _opening(viewer: Viewer, stand: Stand, limited: bool) -> sa.Select[Any]:
    top = sa.select(FeedRow.id).where(*HERE, FeedRow.pinned_at.is_not(None)).order_by(FeedRow.pinned_at.desc())
    stretch = _free(viewer, limited)
    wanted = sa.union_all(sa.select(top.limit(PINNED).subquery().c.id), sa.select(stretch.subquery().c.id))
    return stamps(viewer, wanted, *_columns(viewer, stand))


@kept
def _figures(viewer: Viewer, stand: Stand) -> sa.Select[Any]:
    """An empty feed asks for the figures above it by themselves."""
    return sa.select(sa.literal(0), *_columns(viewer, stand))


def _columns(viewer: Viewer, stand: Stand) -> list[sa.ColumnElement[Any]]:
    lines = above.columns(viewer, stand).items()
    return [column.label(f"{line}:{name}") for line, figures in lines for name, column in figures.items()]


@lru_cache(maxsize=64)
def _names(viewer: Viewer, stand: Stand) -> dict[str, list[str]]:
    """What figures there are, by line."""
    return {line: list(figures) for line, figures in above.columns(viewer, stand).items()}


def _lines(names: dict[str, list[str]], told: Any) -> list[Line]:
    return [Line(line, {name: told[f"{line}:{name}"] or 0 for name in figures}) for line, figures in names.items()]


@kept
def _further(viewer: Viewer, limited: bool) -> sa.Select[Any]:
    return stamps(viewer, _free(viewer, limited, FeedRow.id < CURSOR))


def fresh_rows(viewer: Viewer, header: Header, after: int) -> Markup:
    """The next cards after this row, newest first, 50 at most: whoever missed more asks on."""
    found = _fresh(viewer, circle=header.circle.id, cursor=after).all()
    return draw(viewer, FEED, [stamp(row, header.member) for row in found])


@kept
def _fresh(viewer: Viewer) -> sa.Select[Any]:
    newer = sa.select(FeedRow.id).where(*HERE, FeedRow.id > CURSOR, in_view(viewer)).order_by(FeedRow.id)
    return stamps(viewer, newer.limit(FRESH))


def featured_page(viewer: Viewer, header: Header, before: int | None) -> Feed:
    """A stretch of the circle's featured cards."""
    return _chosen(viewer, header, FeedRow.featured_at.is_not(None), before)


def chosen_page(viewer: Viewer, header: Header, kind: str, item_ids: Any, before: int | None) -> Feed:
    """A stretch of the circle's cards of one kind whose ids a subquery names: a topic's posts."""
    return _chosen(viewer, header, sa.and_(FeedRow.kind == kind, FeedRow.item_id.in_(item_ids)), before)


def home_rows(viewer: Viewer, rows: Any) -> list[Stamp]:
    """The stamps of these feed rows (a subquery of ids), newest first: home gathers over many circles. The caller
    names only rows of circles that the viewer may read."""
    return [stamp(row) for row in db.session.execute(stamps(viewer, rows)).all()]


def home_drawn(viewer: Viewer, found: Sequence[Stamp]) -> Markup:
    """Rows as home shows them, each with its circle."""
    return draw(viewer, HOME, found)


def row_of(viewer: Viewer, kind: str, item_id: int) -> Markup:
    """One card as it stands in its circle's feed, or nothing where it stands nowhere."""
    here = sa.select(FeedRow.id).where(FeedRow.kind == kind, FeedRow.item_id == item_id, FeedRow.shown).limit(1)
    found = db.session.execute(stamps(viewer, here)).all()
    return draw(viewer, FEED, [stamp(row) for row in found])


def thread_of(kind: str, item_id: int) -> Thread | None:
    return db.session.scalar(sa.select(Thread).where(Thread.kind == kind, Thread.item_id == item_id))


def own_reactions(viewer: Viewer, thread: Thread) -> dict[str, str]:
    """The viewer's own, by axis."""
    mine = sa.select(Reaction.axis, Reaction.key).where(
        Reaction.thread_id == thread.id, Reaction.identity_id == viewer.identity_id
    )
    return {axis: key for axis, key in db.session.execute(mine).all()}


def _chosen(viewer: Viewer, header: Header, which: sa.ColumnElement[bool], before: int | None) -> Feed:
    here = [FeedRow.circle_id == header.circle.id, FeedRow.shown, which, in_view(viewer)]
    if before is not None:
        here.append(FeedRow.id < before)
    ids = sa.select(FeedRow.id).where(*here).order_by(NEWEST_FIRST).limit(SIZE + 1)
    found = db.session.execute(stamps(viewer, ids)).all()
    own = [stamp(row, header.member) for row in found]
    older = own[SIZE - 1].row_id if len(own) > SIZE else None
    return Feed(draw(viewer, FEED, own[:SIZE]), older, own[0].row_id if own else 0)


def _feed(viewer: Viewer, found: Sequence[sa.Row[Any]], member: bool) -> Feed:
    own = [stamp(row, member) for row in found]
    pinned, free = [each for each in own if each.pinned], [each for each in own if not each.pinned]
    older = free[SIZE - 1].row_id if len(free) > SIZE else None
    newest = max((each.row_id for each in own), default=0)
    return Feed(draw(viewer, FEED, [*pinned, *free[:SIZE]]), older, newest)
