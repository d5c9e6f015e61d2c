"""How the fragments of a feed that are pushed are loaded: by id, for no viewer."""

from __future__ import annotations

from typing import Any

from webapp.feed import cards
from webapp.feed.models import Thread
from webapp.feed.talk import one_said
from webapp.kit.db import db
from webapp.kit.push import pushed


@pushed("comment")
def comment(id: int) -> dict[str, Any] | None:
    said = one_said(id)
    return {"said": said} if said else None


@pushed("counts")
def counts(id: int) -> dict[str, Any] | None:
    """For `feed/_counts.html`: the counters of one thread."""
    thread = db.session.get(Thread, id)
    return {"thread": thread} if thread else None


@pushed("card")
def card(kind: str, item_id: int) -> dict[str, Any] | None:
    """For a kind's body or line: its context."""
    return cards.kind(kind).load([item_id]).get(item_id)
