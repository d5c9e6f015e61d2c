"""Messages are drawn once and kept: what changes one shows at the next look."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.groups.saying import say
from tests.groups.test_links import publish
from webapp.accounts.models import Identity, SignIn
from webapp.circles.models import Circle
from webapp.feed.actions import add_comment
from webapp.feed.models import Thread
from webapp.groups.actions import recall_message
from webapp.groups.models import Message
from webapp.kit import clock
from webapp.kit.db import db, load, write
from webapp.posts.actions import edit_post, hide_post
from webapp.posts.models import Post


@pytest.fixture
def chat(as_, world):
    """Reads the parents' chat as somebody."""
    return lambda who: as_(who).get(f"/groups/{world.groups['parents']}").text


def test_who_is_renamed_is_renamed_above_what_they_said(chat, world):
    say(world, "pan", "Hello")
    assert "Parent Pan" in chat("tang")
    with write():
        db.session.get_one(Identity, world.identities["pan"]).person.name = "Parent Pang"
    assert "Parent Pang" in chat("tang")


def test_a_message_that_was_taken_back_is_gone_from_where_it_is_quoted_too(chat, world):
    first = say(world, "pan", "Who has the list")
    say(world, "tang", "I have", quote=db.session.get_one(Message, first))
    assert chat("lei").count("Who has the list") == 2
    with write():
        recall_message(world.viewer("pan"), load(Message, first))
    page = chat("lei")
    assert "Who has the list" not in page and "This message was taken back." in page


def test_what_follows_a_message_that_was_taken_back_stands_under_its_name_again(chat, world):
    first, _second = say(world, "pan", "One"), say(world, "pan", "Two")
    assert chat("lei").count("Parent Pan") == 1
    with write():
        recall_message(world.viewer("pan"), load(Message, first))
    assert "<b>Parent Pan</b>" in chat("lei")


def test_a_card_shows_its_new_text_its_counters_and_its_circles_new_name(chat, world):
    number = publish(world, "Bring umbrellas", notify=True)
    chat("pan")
    with write():
        edit_post(world.viewer("tang"), load(Post, number), "Bring raincoats", 1)
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == number)).one()
        add_comment(world.viewer("pan"), thread, "Two", "comment-one")
        db.session.get_one(Circle, world.circles["class"]).name = "Class 4-2"
    page = chat("pan")
    assert "Bring raincoats" in page and "1 comment" in page and "Class 4-2</a> · <time" in page
    with write():
        hide_post(world.viewer("lei"), load(Post, number), "wrong day")
    assert "Bring raincoats" not in chat("pan")


def test_yesterday_and_today_keep_apart_when_the_day_turns(chat, world):
    say(world, "pan", "Late words")
    with write():
        db.session.execute(sa.update(SignIn).values(stay=True))
    assert "Today" in chat("lei")
    with clock.at(clock.now() + timedelta(days=1)):
        assert "Yesterday" in chat("lei")


def test_a_chat_that_was_drawn_costs_no_more_than_its_stamps(chat, as_, world):
    for number in range(60):
        say(world, ("pan", "tang")[number % 2], f"Words {number}")
    chat("lei")
    said: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    assert chat("lei").count('class="msg') == 50
    assert len(said) <= 6 and not [each for each in said if "message.body" in each]
