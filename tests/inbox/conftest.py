"""The class with a group, and what stands in somebody's inbox."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment, react
from webapp.feed.models import Comment, Thread
from webapp.groups.actions import send_message
from webapp.groups.models import Group
from webapp.home.queries import nav
from webapp.inbox.models import InboxLine
from webapp.inbox.queries import Row, inbox
from webapp.kit import i18n
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.posts.actions import publish_post


class Life:
    """What people of the cast do, each in a transaction of its own."""

    def __init__(self, world) -> None:
        self.world = world

    def post(self, who: str, body: str, circle: str = "class", notify: bool = False) -> int:
        with write():
            place = db.session.get_one(Circle, self.world.circles[circle])
            return publish_post(self.world.viewer(who), place, body, client_id(), notify).id

    def comment(self, who: str, post: int, body: str = "Well said", parent: int | None = None) -> int:
        with write():
            above = db.session.get_one(Comment, parent) if parent else None
            return add_comment(self.world.viewer(who), thread_of(post), body, client_id(), above).id

    def react(self, who: str, post: int, key: str = "like", axis: str = "mood") -> None:
        with write():
            react(self.world.viewer(who), thread_of(post), axis, key)

    def say(self, who: str, body: str, group: str = "parents") -> int:
        with write():
            place = db.session.get_one(Group, self.world.groups[group])
            return send_message(self.world.viewer(who), place, body, client_id()).id

    def into_class(self, *people: str, party: str = "parent") -> None:
        with write():
            for who in people:
                row = {"circle_id": self.world.circles["class"], "identity_id": self.world.identities[who]}
                db.session.add(Membership(**row, party=party))

    def lines(self, who: str) -> list[Row]:
        """What this person sees in the inbox, the newest first."""
        db.session.rollback()
        return inbox(self.world.viewer(who), "", None).rows

    def words(self, who: str) -> list[str]:
        with i18n.speaking("en"):
            return [row.words for row in self.lines(who)]

    def counter(self, who: str) -> int:
        db.session.rollback()
        return nav(self.world.viewer(who)).inbox

    def line(self, who: str) -> int:
        """The newest line, whether it may be seen or not."""
        mine = sa.select(InboxLine.id).where(InboxLine.identity_id == self.world.identities[who])
        return db.session.scalars(mine.order_by(InboxLine.turn.desc())).first() or 0


def thread_of(post: int) -> Thread:
    return db.session.scalars(sa.select(Thread).where(Thread.kind == "post", Thread.item_id == post)).one()


@pytest.fixture
def life(world) -> Life:
    return Life(world)


@pytest.fixture
def here(world) -> Callable[[str], str]:
    """The address of a circle."""
    return lambda circle: f"/circles/{world.circles[circle]}"
