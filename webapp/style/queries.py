"""What the mechanisms on the page show: a rule asked twice, a card of each kind, what the outbox holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from webapp.feed import cards, drawn
from webapp.feed.models import Thread
from webapp.feed.policy import Rule as FeedRule
from webapp.kit import outbox, push
from webapp.kit.db import db
from webapp.kit.outbox import Cursor, Event, Outbox
from webapp.kit.policy import Viewer, allowed, can, rules
from webapp.kit.web import draw

TOPIC = "style-0"
ASKED, HEARD = 6, 6  # rows of a rule's table; pushes shown


# ---- a rule --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class AskedRule:
    """A rule put to the newest rows of its table: as the clause of a list, and row by row."""

    name: str
    see: str
    table: str
    sql: str
    rows: Sequence[tuple[int, bool, bool]]  # id, in the list, by the check


def ask_rule(viewer: Viewer, name: str) -> AskedRule:
    """Ask one rule, or the first one where there is none of that name."""
    known = rules()
    chosen = name if name in known else min(known)
    entry, clause = known[chosen], allowed(chosen, viewer)
    model = entry.model
    newest = db.session.scalars(sa.select(model).order_by(model.id.desc()).limit(ASKED)).all()
    ids = [row.id for row in newest]
    listed = set(db.session.scalars(sa.select(model.id).where(model.id.in_(ids), clause)))
    rows = [(row.id, row.id in listed, can(chosen, viewer, row)) for row in newest]
    sql = str(clause.compile(dialect=db.engine.dialect))
    return AskedRule(chosen, entry.see, model.__tablename__, sql, rows)


# ---- a card --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ShownCard:
    """The newest card of a kind that the viewer may read, drawn in its two sizes; None where there is none yet."""

    kind: str
    body: Markup | None
    line: Markup | None
    thread: Thread | None


def show_cards(viewer: Viewer) -> list[ShownCard]:
    return [_card(viewer, name) for name in sorted(cards.kinds())]


def _card(viewer: Viewer, name: str) -> ShownCard:
    query = sa.select(Thread).where(Thread.kind == name, allowed(FeedRule.THREAD_READ, viewer))
    thread = db.session.scalar(query.order_by(Thread.id.desc()).limit(1))
    context = cards.load_cards([(name, thread.item_id)]).get((name, thread.item_id)) if thread else None
    if thread is None or context is None:
        return ShownCard(name, None, None, None)
    line = draw(cards.kind(name).line, **{**context, "thread": thread})
    return ShownCard(name, drawn.body(name, thread.item_id, context), line, thread)


# ---- facts and pushes ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mark:
    """A pushed row of the page: who pressed the button, and how the fact was heard."""

    id: str
    by: str
    at: datetime
    heard: str  # now, later

    @classmethod
    def of(cls, key: str, by: str, at: str, heard: str) -> Mark:
        return cls(f"{key}-{heard}", by, datetime.fromisoformat(at), heard)


@dataclass(frozen=True)
class Pushed:
    """A push as the outbox keeps it and as the line carries it."""

    mark: Mark
    cursor: str
    arguments: dict[str, Any]
    frame: str


def pushes(viewer: Viewer) -> list[Pushed]:
    """The newest pushes of the page, from the outbox itself: it is the truth, so there is no table of marks."""
    connection = db.session.connection()
    epoch = outbox.now(connection).epoch
    order = (Outbox.xid.desc(), Outbox.id.desc())
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.topic == TOPIC).order_by(*order).limit(HEARD))
    return [_pushed(row, epoch, f"{viewer.lang} {viewer.zone}") for row in rows]


def _pushed(row: Outbox, epoch: str, variant: str) -> Pushed:
    cursor = Cursor(epoch, row.xid, row.id)
    arguments = row.payload["arguments"]
    line = push.draw(Event(cursor, row.topic, row.kind, row.payload), variant).decode()
    return Pushed(Mark.of(**arguments), str(cursor), arguments, line)
