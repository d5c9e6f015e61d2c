"""The demo world loads in both languages into an empty database, whole, and what it counts is what there is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from webapp import schema
from webapp.app import create_app
from webapp.circles.models import Circle
from webapp.demo.doors import DOORS, open_doors
from webapp.demo.life import load_world
from webapp.feed.models import Comment, FeedRow, Thread
from webapp.groups.models import Group, Message
from webapp.kit.db import db, write
from webapp.posts.models import Post

LOADED = (Circle, Group, Post, Comment, Message)


def unfilled() -> list[str]:
    """Texts in which a place was left open."""
    texts = [sa.select(model.body).where(model.body.contains("{")) for model in (Post, Comment, Message)]
    return list(db.session.scalars(sa.union_all(*texts)))


def miscounted() -> list[str]:
    """Circles, groups and threads whose counters are not what was counted."""
    cards = sa.select(sa.func.coalesce(sa.func.max(FeedRow.number), 0)).where(FeedRow.circle_id == Circle.id)
    said = sa.select(sa.func.coalesce(sa.func.max(Message.number), 0)).where(Message.group_id == Group.id)
    living = (Comment.thread_id == Thread.id, Comment.deleted_at.is_(None))
    comments = sa.select(sa.func.count()).select_from(Comment).where(*living)
    wrong = []
    for model, kept, count in (
        (Circle, Circle.cards, cards),
        (Group, Group.messages, said),
        (Thread, Thread.comments, comments),
    ):
        off = sa.select(model.id).where(kept != count.scalar_subquery())
        wrong += [f"{model.__tablename__} {key}" for key in db.session.scalars(off)]
    return wrong


@pytest.fixture
def empty(app: Flask, database):
    """The application on an empty database."""
    db.session.rollback()
    db.engine.dispose()
    schema.downgrade(database.settings, "base")
    schema.upgrade(database.settings)
    with create_app(database.settings, TESTING=True).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_world_loads(empty, lang):
    load_world(lang)
    assert all(db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in LOADED)
    assert [found.door.key for found in open_doors()] == [door.key for door in DOORS]
    assert unfilled() == []
    assert miscounted() == []


def test_an_open_place_and_a_wrong_counter_are_found(app, world):
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        circle.cards += 1
        db.session.add(
            Message(
                group_id=world.groups["parents"],
                number=1,
                author_id=world.identities["pan"],
                client_id="seed-1",
                body="On {day}",
            )
        )
    assert unfilled() == ["On {day}"]
    assert miscounted() == [f"circle {circle.id}", f"chat_group {world.groups['parents']}"]
