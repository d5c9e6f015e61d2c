"""Messages as they are drawn: rows that know no viewer, the same for the page, the reply and the push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity
from webapp.circles.models import Circle
from webapp.feed import cards
from webapp.feed.models import Thread
from webapp.groups import mentions
from webapp.groups.models import Message
from webapp.kit import clock, i18n
from webapp.kit.db import db
from webapp.kit.dom import dom_id
from webapp.kit.web import draw

RUN = timedelta(minutes=5)  # what one says within it stands under one name


@dataclass(frozen=True)
class Row:
    """One message. `run`: it goes on under the name of the one before; `new_day`: the first of its day."""

    message: Message
    run: bool
    new_day: bool
    card: Markup | None = None  # drawn small; None: words, or a card that was withdrawn
    circle: Circle | None = None  # where the card came from
    thread: Thread | None = None

    @property
    def id(self) -> str:
        return dom_id(self.message)

    @property
    def author(self) -> Identity:
        return self.message.author

    @property
    def body(self) -> Markup:
        return mentions.shown(self.message.body, self.message.mentions)

    @property
    def day(self) -> str:
        return day_of(self.message).isoformat()

    @property
    def removed(self) -> bool:
        """By an administrator, not by its author."""
        return self.message.recalled_by not in (None, self.message.author_id)


def day_of(message: Message) -> date:
    """The day on the wall of whom it is drawn for."""
    return clock.local(message.at, i18n.zone()).date()


def fetch(where: sa.ColumnElement[bool], limit: int | None = None, newest: bool = True) -> list[Any]:
    """Messages with author, quote, thread and circle, in one statement, in the order they were said."""
    order = Message.id.desc() if newest else Message.id
    found = db.session.execute(
        sa.select(Message, Thread, Circle)
        .outerjoin(Thread, sa.and_(Thread.kind == Message.kind, Thread.item_id == Message.item_id))
        .outerjoin(Circle, Circle.id == Message.circle_id)
        .where(where)
        .options(joinedload(Message.author), joinedload(Message.quote).joinedload(Message.author))
        .order_by(order)
        .limit(limit)
    ).all()
    return list(reversed(found)) if newest else list(found)


def rows(found: Sequence[Any], before: Message | None, *, in_chat: bool = True) -> list[Row]:
    """Rows of consecutive messages; `before` is the one that was said before the first of them. Outside the chat
    (`in_chat` False) a card's link leads straight to the card: who looks there need not be in the group."""
    wanted = [(m.kind, m.item_id) for m, _thread, _circle in found if m.kind and m.recalled_at is None]
    loaded = cards.load_cards(wanted) if wanted else {}
    made = []
    for message, thread, circle in found:
        context = loaded.get((message.kind, message.item_id))
        card = _line(message, thread, context, in_chat) if context is not None else None
        new_day = before is None or day_of(before) != day_of(message)
        made.append(Row(message, _runs(before, message) and not new_day, new_day, card, circle, thread))
        before = message
    return made


def _line(message: Message, thread: Thread | None, context: dict[str, Any], in_chat: bool) -> Markup:
    """The card drawn small; in the chat its link leads through the message, so that who opened it is counted."""
    card = cards.kind(str(message.kind))
    address = f"/messages/{message.id}/open" if in_chat else card.address(int(message.item_id or 0))
    return draw(card.line, **{**context, "thread": thread, "address": address, "place": message.circle_id})


def one(message_id: int) -> Row | None:
    """One message as its row; None when it is gone."""
    found = fetch(Message.id == message_id)
    return rows(found, previous(found[0].Message))[0] if found else None


def previous(message: Message) -> Message | None:
    """What was said before it in its group."""
    older = sa.select(Message).where(Message.group_id == message.group_id, Message.id < message.id)
    return db.session.scalar(older.order_by(Message.id.desc()).limit(1))


def _runs(before: Message | None, message: Message) -> bool:
    return (
        before is not None
        and before.author_id == message.author_id
        and before.kind is None
        and message.kind is None
        and before.recalled_at is None
        and message.at - before.at < RUN
    )
