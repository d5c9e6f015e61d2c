"""Forty messages at once: each has its number, none is lost, none fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.groups.saying import messages
from webapp.groups.actions import send_message
from webapp.groups.models import Group
from webapp.groups.policy import Rule
from webapp.kit.db import db, unit, write
from webapp.kit.policy import access


def test_forty_messages_by_eight_threads_are_numbered_in_turn(app, world):
    viewers = [world.viewer(who) for who in ("tang", "lei", "pan")]
    group = world.groups["parents"]
    db.session.rollback()

    def send(n):
        who = viewers[n % 3]
        with unit(app), write():
            return send_message(who, access(Rule.GROUP_SPEAK, who, Group, group), f"line {n}", f"at-once-{n}").number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(send, range(40)))
    assert sorted(numbers) == list(range(1, 41))
    db.session.rollback()
    assert [row.number for row in messages(group)] == list(range(1, 41))
    assert db.session.get_one(Group, group, populate_existing=True).messages == 40


def test_the_same_message_sent_at_once_stands_once(app, world):
    who, group = world.viewer("pan"), world.groups["parents"]
    db.session.rollback()

    def send(_n):
        with unit(app), write():
            return send_message(who, access(Rule.GROUP_SPEAK, who, Group, group), "once", "at-once-one").id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    db.session.rollback()
    assert len(messages(group)) == 1
