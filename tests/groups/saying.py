"""What the tests of groups say and make."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.groups.actions import send_message
from webapp.groups.models import Group, Message
from webapp.kit import clock
from webapp.kit.db import db, load, write
from webapp.kit.outbox import Outbox


def say(world, who, body, group="parents", at=None, quote=None, client_id=None):
    """Send a message and return its id."""
    with clock.at(at or clock.now()), write():
        room = load(Group, world.groups[group])
        client_id = client_id or f"test-{who}-{body}"[:40]
        return send_message(world.viewer(who), room, body, client_id, quote).id


def told(topic):
    """What was said on a topic: (kind, what it was about)."""
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.topic == topic).order_by(Outbox.id))
    return [(row.kind, row.payload.get("target") or row.payload.get("data")) for row in rows]


def messages(group_id):
    found = sa.select(Message).where(Message.group_id == group_id).order_by(Message.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))
