"""Taking a message back, removing one, and its menu."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.groups.saying import say, told
from webapp.groups.models import Message
from webapp.kit import clock
from webapp.kit.db import db


@pytest.fixture
def number(world):
    return say(world, "pan", "Too quick")


def recalled(number):
    return db.session.get_one(Message, number, populate_existing=True).recalled_at is not None


def test_its_author_takes_it_back_and_a_tombstone_stays(as_, number, world):
    answer = as_("pan").post(f"/messages/{number}/recall")
    assert answer.location == f"/groups/{world.groups['parents']}#message-{number}"
    page = as_("tang").get(f"/groups/{world.groups['parents']}").text
    assert "Parent Pan took back a message" in page and "Too quick" not in page
    assert f'class="gone" id="message-{number}"' in page


def test_by_htmx_the_tombstone_comes_back(as_, number):
    answer = as_("pan").post(f"/messages/{number}/recall", htmx=True)
    assert answer.text.strip().startswith(f'<li class="gone" id="message-{number}"')


def test_after_two_minutes_it_stays(as_, number):
    with clock.at(clock.now() + timedelta(minutes=2, seconds=1)):
        assert as_("pan").post(f"/messages/{number}/recall").status_code == 403
        assert "/recall" not in as_("pan").get(f"/messages/{number}/menu").text
    assert not recalled(number)


def test_nobody_else_takes_it_back(as_, number):
    assert as_("tang").post(f"/messages/{number}/recall").status_code == 403
    assert as_("ou").post(f"/messages/{number}/recall").status_code == 404
    assert not recalled(number)


def test_an_administrator_removes_it_at_any_time_in_other_words(as_, number, world):
    with clock.at(clock.now() + timedelta(hours=3)):
        assert as_("lei").post(f"/messages/{number}/remove").status_code == 303
    page = as_("pan").get(f"/groups/{world.groups['parents']}").text
    assert "An administrator removed a message of Parent Pan" in page
    assert ("push", f"message-{number}") in told(f"group-{world.groups['parents']}")


def test_a_member_removes_nothing(as_, world):
    number = say(world, "tang", "Bring umbrellas")
    assert as_("pan").post(f"/messages/{number}/remove").status_code == 403
    assert not recalled(number)


def test_the_menu_says_what_one_may_do(as_, number):
    mine, theirs = (as_(who).get(f"/messages/{number}/menu", htmx=True).text for who in ("pan", "tang"))
    assert "/recall" in mine and "/remove" not in mine and "<html" not in mine
    assert "/recall" not in theirs and "/remove" in theirs and f"?reply={number}" in theirs
    assert "<html" in as_("pan").get(f"/messages/{number}/menu").text
    assert as_("ou").get(f"/messages/{number}/menu").status_code == 404


def test_a_message_leads_to_its_place_in_the_chat(as_, number, world):
    url = f"/groups/{world.groups['parents']}"
    assert as_("tang").get(f"/messages/{number}").location == f"{url}#message-{number}"
    for n in range(50):
        say(world, "tang", f"line {n}")
    assert as_("tang").get(f"/messages/{number}").location == f"{url}?from={number + 21}#message-{number}"


def test_what_was_removed_is_shown_again_by_whoever_may_remove_it(as_, number, world):
    as_("lei").post(f"/messages/{number}/remove")
    menu = as_("tang").get(f"/messages/{number}/menu").text
    assert "Too quick" in menu and f"/messages/{number}/remove/delete" in menu
    before = len(told(f"group-{world.groups['parents']}"))
    assert as_("tang").post(f"/messages/{number}/remove/delete").status_code == 303
    assert "Too quick" in as_("pan").get(f"/groups/{world.groups['parents']}").text
    assert ("push", f"message-{number}") in told(f"group-{world.groups['parents']}")[before:]
    assert not recalled(number)


def test_nobody_else_reads_or_shows_what_was_removed(as_, number):
    as_("lei").post(f"/messages/{number}/remove")
    assert "Too quick" not in as_("pan").get(f"/messages/{number}/menu").text
    assert as_("pan").post(f"/messages/{number}/remove/delete").status_code == 403
    assert as_("ou").post(f"/messages/{number}/remove/delete").status_code == 404
    assert recalled(number)


def test_what_its_author_took_back_stays_taken_back(as_, number):
    as_("pan").post(f"/messages/{number}/recall")
    assert "Too quick" not in as_("lei").get(f"/messages/{number}/menu").text
    assert as_("lei").post(f"/messages/{number}/remove/delete").status_code == 403
    assert recalled(number)
