"""How a message comes to stand in its group: numbered in turn, and said to whoever has the chat open."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.groups.models import Group, GroupMember, Message
from webapp.groups.rows import previous
from webapp.kit import ids
from webapp.kit.db import db, put
from webapp.kit.dom import dom_id
from webapp.kit.push import say_fresh, say_poke, say_push

QUARTER = timedelta(minutes=15)  # zones are whole quarters apart, so midnight somewhere is one here
ROW, DAY = "groups/_message.html", "groups/_day.html"
MetIn = aliased(GroupMember)
QUOTES = 50  # rows drawn again when what they quote was taken back


def stand(group: Group, message: Message, by_nobody: bool = False) -> Message:
    """Give the message its number. The group's row is locked: who counts next reads what is counted here. `by_nobody`:
    it came by itself, and is new to its author as well."""
    group.messages += 1
    message.group_id, message.number = group.id, group.messages
    message.client_id = message.client_id or ids.client_id()
    put(message)
    if not by_nobody:
        _has_read(message, GroupMember.identity_id == message.author_id)
    again = message.item_id is not None and _has_read(message, GroupMember.identity_id.in_(_met(message)))
    _say_new(message, 0 if by_nobody else message.author_id)
    if again:
        say_poke(f"group-{group.id}", "nav")  # open pages added one to their badge
    return message


def _has_read(message: Message, who: sa.ColumnElement[bool]) -> bool:
    """These members have nothing new by this message, if they had nothing new before it; whether there were any."""
    current = (GroupMember.group_id == message.group_id, GroupMember.read == message.number - 1, who)
    seen = sa.update(GroupMember).where(*current).values(read=message.number)
    found = db.session.execute(seen, execution_options={"synchronize_session": False})
    return bool(found.rowcount)  # type: ignore[attr-defined]


def _met(message: Message) -> sa.Select[int]:
    """Who has the same card in another group already: one post is new once, whatever number of groups it came to."""
    other = sa.and_(Message.kind == message.kind, Message.item_id == message.item_id, Message.id != message.id)
    groups = sa.select(Message.group_id).where(other, Message.recalled_at.is_(None))
    met: sa.Select[int] = sa.select(MetIn.identity_id).where(MetIn.group_id.in_(groups), MetIn.state == "active")
    return met


def _say_new(message: Message, author_id: int) -> None:
    topic, talk = f"group-{message.group_id}", f"talk-{message.group_id}"
    before = previous(message)
    if before is None or _quarter(before) != _quarter(message):
        say_push(topic, talk, "beforeend", DAY, "message-day", id=message.id)
    say_push(topic, talk, "beforeend", ROW, "message", id=message.id)
    say_fresh(topic, message.id, author_id)
    say_poke(topic, f"read-{topic}", f"last-{topic}")  # whoever has it on the screen has read it; lists follow


def _quarter(message: Message) -> int:
    return int(message.at.timestamp() // QUARTER.total_seconds())


def say_again(message: Message) -> None:
    """The row is drawn anew in its place."""
    say_push(f"group-{message.group_id}", dom_id(message), "self", ROW, "message", id=message.id)


def say_recalled(message: Message) -> None:
    """The row becomes a tombstone, or words again; what quotes it, and what stood under its name, are drawn anew."""
    say_again(message)
    say_poke(f"group-{message.group_id}", f"last-group-{message.group_id}")
    here = Message.group_id == message.group_id
    after = sa.select(Message).where(here, Message.id > message.id).order_by(Message.id).limit(1)
    quoting = sa.select(Message).where(here, Message.quote_id == message.id).limit(QUOTES)
    for row in {row.id: row for row in [*db.session.scalars(after), *db.session.scalars(quoting)]}.values():
        say_again(row)
