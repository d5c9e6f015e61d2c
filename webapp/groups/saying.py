"""How a message comes to stand in its group: numbered in turn, and said to whoever has the chat open."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from webapp.groups.models import Group, GroupMember, Message
from webapp.groups.rows import previous
from webapp.kit import ids
from webapp.kit.db import db, put
from webapp.kit.dom import dom_id
from webapp.kit.push import say_fresh, say_poke, say_push

QUARTER = timedelta(minutes=15)  # zones are whole quarters apart, so midnight somewhere is one here
ROW, DAY = "groups/_message.html", "groups/_day.html"
QUOTES = 50  # rows drawn again when what they quote was taken back


def stand(group: Group, message: Message) -> Message:
    """Give the message its number. The group's row is locked: who counts next reads what is counted here."""
    group.messages += 1
    message.group_id, message.number = group.id, group.messages
    message.client_id = message.client_id or ids.client_id()
    put(message)
    was_current = (
        GroupMember.group_id == group.id,
        GroupMember.identity_id == message.author_id,
        GroupMember.read == message.number - 1,
    )
    db.session.execute(
        sa.update(GroupMember).where(*was_current).values(read=message.number),
        execution_options={"synchronize_session": False},
    )
    _say_new(message)
    return message


def _say_new(message: Message) -> None:
    topic, talk = f"group-{message.group_id}", f"talk-{message.group_id}"
    before = previous(message)
    if before is None or _quarter(before) != _quarter(message):
        say_push(topic, talk, "beforeend", DAY, "message-day", id=message.id)
    say_push(topic, talk, "beforeend", ROW, "message", id=message.id)
    say_fresh(topic, message.id, message.author_id)
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
