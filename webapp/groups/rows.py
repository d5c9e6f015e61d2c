"""Messages as they are drawn: rows that know no viewer, the same for the page, the reply and the push."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
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
    def removed(self) -> bool:
        """By an administrator, not by its author."""
        return self.message.recalled_by not in (None, self.message.author_id)


def day_of(moment: datetime) -> date:
    """The day on the wall of whom it is drawn for."""
    return _day(moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0), i18n.zone())


@lru_cache(maxsize=4_000)
def _day(quarter: datetime, zone: str) -> date:
    """Zones are whole quarters apart, so no day ends within one."""
    return clock.local(quarter, zone).date()


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
    made = []
    for message, thread, circle in found:
        new_day = before is None or day_of(before.at) != day_of(message.at)
        run = not new_day and runs(before, message)
        made.append(alone(message, thread, circle, run=run, new_day=new_day))
        before = message
    return with_cards(made, in_chat=in_chat)


def alone(message: Message, thread: Thread | None, circle: Circle | None, *, run: bool, new_day: bool) -> Row:
    """A row without its card."""
    return Row(message, run, new_day, None, circle, thread)


def with_cards(made: Iterable[Row], *, in_chat: bool = True) -> list[Row]:
    """The same rows, their cards loaded at once."""
    bare = list(made)
    wanted = [_key(row.message) for row in bare if row.message.kind and row.message.recalled_at is None]
    loaded = cards.load_cards(wanted) if wanted else {}
    return [
        replace(row, card=_line(row.message, row.thread, loaded[_key(row.message)], in_chat))
        if _key(row.message) in loaded
        else row
        for row in bare
    ]


def _key(message: Message) -> tuple[str, int]:
    return str(message.kind), int(message.item_id or 0)


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


def runs(before: Any, told: Any) -> bool:
    """Whether a message (or what a statement tells of one) goes on under the name of the one before it."""
    return (
        before is not None
        and before.author_id == told.author_id
        and before.kind is None
        and told.kind is None
        and before.recalled_at is None
        and told.at - before.at < RUN
    )
