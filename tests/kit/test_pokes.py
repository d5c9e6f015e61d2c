"""A poke is heard after the commit, so within one transaction it is said once."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox
from webapp.kit.push import say_poke


def pokes():
    db.session.rollback()
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "poke").order_by(Outbox.id))
    return [(row.topic, row.payload["data"]) for row in rows]


def test_a_poke_said_often_in_one_transaction_is_said_once(app):
    before = pokes()
    with write():
        for _ in range(3):
            say_poke("circle-1", "members-1")
        say_poke("circle-1", "circle-1")
        say_poke("circle-2", "members-1")
    assert pokes()[len(before) :] == [("circle-1", "members-1"), ("circle-1", "circle-1"), ("circle-2", "members-1")]


def test_the_next_transaction_says_it_again(app):
    before = pokes()
    for _ in range(2):
        with write():
            say_poke("circle-1", "members-1")
    assert pokes()[len(before) :] == [("circle-1", "members-1")] * 2
