"""Collections: featured cards of a circle, gathered by its moderators in an order of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from werkzeug.exceptions import Conflict

from webapp.circles.models import Circle
from webapp.feed.models import Collection, CollectionItem, FeedRow
from webapp.feed.rows import FEED, draw, stamp, stamps
from webapp.kit.db import db, lock, put
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer

MOST = 50  # collections of a circle, and cards in one


class Full(Conflict):
    own_words = True
    description = N_("There is room for fifty. Take one out first.")


# ---- changing ------------------------------------------------------------------------------------------------
def make_collection(viewer: Viewer, circle: Circle, name: str) -> Collection:
    """Begin a collection. Raises Full."""
    if _count(Collection, Collection.circle_id == circle.id) >= MOST:
        raise Full
    return put(Collection(circle_id=circle.id, name=name, made_by=viewer.identity_id))


def rename_collection(viewer: Viewer, collection: Collection, name: str) -> None:
    collection.name = name


def drop_collection(viewer: Viewer, collection: Collection) -> None:
    """The cards stay where they are."""
    db.session.delete(collection)


def collect(viewer: Viewer, collection: Collection, row_id: int) -> None:
    """Put a featured card of the circle at the end; twice is once. Raises Full."""
    lock(collection)
    featured = sa.exists().where(
        FeedRow.id == row_id, FeedRow.circle_id == collection.circle_id, FeedRow.shown, FeedRow.featured_at.is_not(None)
    )
    inside = sa.exists().where(CollectionItem.collection_id == collection.id, CollectionItem.row_id == row_id)
    if not db.session.scalar(sa.select(sa.and_(featured, sa.not_(inside)))):
        return
    if _count(CollectionItem, CollectionItem.collection_id == collection.id) >= MOST:
        raise Full
    last = sa.select(sa.func.max(CollectionItem.place)).where(CollectionItem.collection_id == collection.id)
    put(CollectionItem(collection_id=collection.id, row_id=row_id, place=(db.session.scalar(last) or 0) + 1))


def take_out(viewer: Viewer, collection: Collection, row_id: int) -> None:
    here = CollectionItem.collection_id == collection.id, CollectionItem.row_id == row_id
    db.session.execute(sa.delete(CollectionItem).where(*here))


def move(viewer: Viewer, collection: Collection, row_id: int, up: bool) -> None:
    """Change places with the card above or below."""
    lock(collection)
    items = _items(collection)
    at = next((place for place, item in enumerate(items) if item.row_id == row_id), None)
    other = None if at is None else at - 1 if up else at + 1
    if at is None or other is None or not 0 <= other < len(items):
        return
    items[at].place, items[other].place = items[other].place, items[at].place


def _items(collection: Collection) -> Sequence[CollectionItem]:
    """Its cards that stand and are featured, in their order."""
    return db.session.scalars(
        sa.select(CollectionItem)
        .join(FeedRow, FeedRow.id == CollectionItem.row_id)
        .where(CollectionItem.collection_id == collection.id, *SEEN)
        .order_by(CollectionItem.place, CollectionItem.id)
    ).all()


SEEN = (FeedRow.shown, FeedRow.featured_at.is_not(None))


def _count(model: Any, *where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


# ---- reading -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shelf:
    """A collection and how many cards it holds."""

    collection: Collection
    cards: int


@dataclass(frozen=True)
class Card:
    """A card as it stands in a list, drawn for this viewer."""

    row_id: int
    html: Markup


def collections_of(circle_id: int) -> list[Shelf]:
    """The circle's collections, oldest first."""
    held = sa.select(sa.func.count()).select_from(CollectionItem).join(FeedRow, FeedRow.id == CollectionItem.row_id)
    held = held.where(CollectionItem.collection_id == Collection.id, *SEEN).correlate(Collection)
    rows = db.session.execute(
        sa.select(Collection, held.scalar_subquery()).where(Collection.circle_id == circle_id).order_by(Collection.id)
    )
    return [Shelf(collection, cards) for collection, cards in rows]


def rows_of(collection: Collection) -> Sequence[FeedRow]:
    """Where its cards stand, in their order."""
    here = sa.select(FeedRow).join(CollectionItem, CollectionItem.row_id == FeedRow.id)
    here = here.where(CollectionItem.collection_id == collection.id, *SEEN)
    return db.session.scalars(here.order_by(CollectionItem.place)).all()


def collected(viewer: Viewer, collection: Collection, member: bool) -> list[Card]:
    """Its cards in their order."""
    return _drawn(viewer, [item.row_id for item in _items(collection)], member)


def to_collect(viewer: Viewer, collection: Collection) -> list[Card]:
    """Featured cards that are not in it, newest first."""
    inside = sa.select(CollectionItem.row_id).where(CollectionItem.collection_id == collection.id)
    rows = sa.select(FeedRow.id).where(FeedRow.circle_id == collection.circle_id, *SEEN, FeedRow.id.not_in(inside))
    return _drawn(viewer, list(db.session.scalars(rows.order_by(FeedRow.id.desc()).limit(MOST))), True)


def _drawn(viewer: Viewer, ids: list[int], member: bool) -> list[Card]:
    wanted = sa.select(FeedRow.id).where(FeedRow.id.in_(ids))
    found = {row.id: stamp(row, member) for row in db.session.execute(stamps(viewer, wanted))}
    return [Card(number, draw(viewer, FEED, [found[number]])) for number in ids if number in found]
