"""A collection as whoever has a link sees it: its cards in their order, each as a link to it alone would show it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from webapp.circles.models import Circle
from webapp.feed.collecting import rows_of
from webapp.feed.models import Collection
from webapp.feed.policy import Rule
from webapp.kit.db import db
from webapp.kit.i18n import N_
from webapp.shared_links.subjects import find, subject

MOST = 20  # cards on the page, as in a feed


def lines(ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(sa.select(Collection.id, Collection.name).where(Collection.id.in_(ids))).all()
    return {number: name for number, name in rows}


@subject(
    "collection",
    model=Collection,
    rule=Rule.COLLECTION_SHARE,
    title=N_("A shared collection"),
    template="shared_links/_collection.html",
    address=lambda number: f"/collections/{number}",
    circle_of=lambda collection: collection.circle_id,
    lines=lines,
)
def load(collection_id: int) -> dict[str, Any] | None:
    """For `shared_links/_collection.html`; cards of kinds that nobody shares are left out."""
    collection = db.session.get(Collection, collection_id)
    if collection is None:
        return None
    cards = []
    for row in rows_of(collection)[:MOST]:
        card = find(row.kind)
        shared = card.load(row.item_id) if card else None
        if card is not None and shared is not None:
            cards.append({"template": card.template, "shared": shared})
    return {"collection": collection, "circle": db.session.get(Circle, collection.circle_id), "cards": cards}
