"""Reactions: one mood a person, and signals to a teacher that name nobody."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.circles.models import Circle
from webapp.feed.events import ThreadMoved
from webapp.feed.models import Reaction, Thread
from webapp.feed.queries import thread_of
from webapp.feed.reactions import shown
from webapp.kit import events
from webapp.kit.db import db, write


@pytest.fixture
def card(app, world):
    post = post_as(world, "tang", "class", "Fractions")
    return post, thread_of("post", post).id


def counts(thread: int) -> dict[str, int]:
    db.session.rollback()
    return db.session.scalar(sa.select(Thread.reactions).where(Thread.id == thread))


def test_a_tap_sets_a_reaction_another_changes_it_and_the_same_takes_it_back(as_, card):
    post, thread = card
    pan, url = as_("pan"), f"/threads/{thread}/reactions"
    answer = pan.post(url, key="like")
    assert (answer.status_code, answer.location) == (303, f"/posts/{post}#thread-{thread}-acts")
    assert counts(thread) == {"like": 1}
    pan.post(url, axis="mood", key="hug")
    assert counts(thread) == {"hug": 1}
    as_("lei").post(url, key="hug")
    assert counts(thread) == {"hug": 2}
    pan.post(url, key="hug")
    assert counts(thread) == {"hug": 1}


def test_ones_own_reaction_is_pressed_and_nobody_elses(as_, card):
    post, thread = card
    as_("pan").post(f"/threads/{thread}/reactions", key="like")
    pressed = 'value="like" aria-pressed="true"'
    for url in (f"/posts/{post}", "/circles/1"):
        assert pressed in as_("pan").get(url).text
        assert pressed not in as_("shen").get(url).text
        assert "Like 1" in as_("shen").get(url).text


def test_htmx_gets_the_line_of_reactions_and_the_menu(as_, card):
    _post, thread = card
    url = f"/threads/{thread}/reactions"
    answer = as_("pan").post(url, htmx=True, key="aha").text
    assert answer.startswith(f'<form class="acts" id="thread-{thread}-acts"')
    assert "Aha 1" in answer
    menu = as_("pan").get(url, htmx=True).text
    assert menu.count("<li>") == 4
    assert 'value="aha" aria-pressed="true"' in menu
    assert as_("pan").get(url).text.startswith("<!doctype html>")


def test_who_may_not_read_the_card_does_not_react(as_, card):
    _post, thread = card
    assert as_("shen").post(f"/threads/{thread}/reactions", key="like").status_code == 303
    for who in ("ou", "ex", "wen"):
        assert as_(who).post(f"/threads/{thread}/reactions", key="like").status_code == 404
        assert as_(who).get(f"/threads/{thread}/reactions").status_code == 404
    assert counts(thread) == {"like": 1}


def test_nobody_reacts_in_an_archived_circle(as_, card, world):
    _post, thread = card
    with write():
        db.session.get_one(Circle, world.circles["class"]).archived_at = sa.func.now()
    assert as_("pan").post(f"/threads/{thread}/reactions", key="like").status_code == 403


def test_what_is_no_reaction_is_refused(as_, card):
    _post, thread = card
    for form in ({"key": "angry"}, {}, {"axis": "mood", "key": "lost"}, {"axis": "signal", "key": "like"}):
        assert as_("pan").post(f"/threads/{thread}/reactions", **form).status_code == 400
    assert counts(thread) == {}


def test_a_signal_goes_beside_the_mood_and_only_on_a_teachers_card_in_a_class(as_, card, world):
    post, thread = card
    shen = as_("shen")
    assert 'value="lost"' in shen.get(f"/posts/{post}").text
    assert 'value="lost"' not in as_("tang").get(f"/posts/{post}").text  # it is the teacher's own
    shen.post(f"/threads/{thread}/reactions", key="like")
    shen.post(f"/threads/{thread}/reactions", key="lost")
    assert counts(thread) == {"like": 1, "lost": 1}
    plain = thread_of("post", post_as(world, "hao", "staff", "To colleagues")).id
    assert as_("tang").post(f"/threads/{plain}/reactions", key="lost").status_code == 400


def test_signals_are_shown_from_five_voters_on(as_, card):
    _post, thread = card
    as_("shen").post(f"/threads/{thread}/reactions", key="lost")
    assert "I did not get it 1" not in as_("tang").get("/circles/1").text
    assert shown({"lost": 3, "got": 1}) == []
    assert shown({"lost": 3, "got": 2, "like": 1}) == [("Like", 1), ("I got it", 2), ("I did not get it", 3)]


def test_a_signal_names_nobody(as_, card):
    post, thread = card
    as_("shen").post(f"/threads/{thread}/reactions", key="lost")
    for url in (f"/posts/{post}", "/circles/1", f"/threads/{thread}/reactions"):
        assert "Student Shen" not in as_("tang").get(url).text


def test_each_tap_is_told_to_groups_and_pages(as_, card, world, monkeypatch):
    post, thread = card
    told: list[ThreadMoved] = []
    monkeypatch.setitem(events._now, ThreadMoved, [told.append])
    as_("pan").post(f"/threads/{thread}/reactions", key="like")
    assert told == [ThreadMoved("post", post, world.circles["class"])]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Reaction)) == 1
