"""Keeping a message in a circle: its author decides."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.groups.saying import say
from webapp.groups.events import MessageKept
from webapp.groups.models import KeepRequest
from webapp.kit import events
from webapp.kit.db import db


@pytest.fixture
def kept(monkeypatch):
    """The facts that were told."""
    heard: list[MessageKept] = []
    monkeypatch.setitem(events._now, MessageKept, [heard.append])
    return heard


def test_its_author_keeps_a_message_once(as_, world, kept):
    number = say(world, "lei", "The recipe for the paste")
    page = as_("lei").get(f"/messages/{number}/keep").text
    assert "Class 3-2" in page and f'action="/messages/{number}/keep"' in page
    for _again in range(2):
        assert as_("lei").post(f"/messages/{number}/keep", circle=world.circles["class"]).status_code == 303
    (fact,) = kept
    assert (fact.message_id, fact.circle_id, fact.body) == (
        number,
        world.circles["class"],
        "The recipe for the paste",
    )
    assert fact.author_id == fact.by_id == world.identities["lei"]
    assert fact.group_id == world.groups["parents"]


def test_nobody_keeps_another_ones_words_and_nobody_keeps_where_they_may_not_post(as_, world, kept):
    number = say(world, "lei", "The recipe")
    form = {"circle": world.circles["class"]}
    assert as_("tang").post(f"/messages/{number}/keep", **form).status_code == 403
    assert as_("ou").post(f"/messages/{number}/keep", **form).status_code == 404
    mine = say(world, "pan", "My recipe")
    assert as_("pan").post(f"/messages/{mine}/keep", **form).status_code == 403
    assert as_("lei").post(f"/messages/{number}/keep", circle=world.circles["staff"]).status_code == 403
    assert kept == []


def test_an_administrator_asks_and_the_author_agrees(as_, world, kept):
    number = say(world, "pan", "My recipe")
    url, strip = f"/groups/{world.groups['parents']}", "would like to keep this in Class 3-2"
    assert as_("tang").post(f"/messages/{number}/keep-requests", circle=world.circles["class"]).status_code == 303
    assert kept == []
    assert strip in as_("pan").get(url).text and strip not in as_("lei").get(url).text
    request = db.session.scalars(sa.select(KeepRequest)).one().id
    assert as_("tang").post(f"/keep-requests/{request}/answer", answer="agree").status_code == 404
    answer = as_("pan").post(f"/keep-requests/{request}/answer", htmx=True, answer="agree")
    assert answer.status_code == 200 and strip not in answer.text
    (fact,) = kept
    assert (fact.author_id, fact.by_id) == (world.identities["pan"], world.identities["tang"])
    as_("pan").post(f"/keep-requests/{request}/answer", answer="agree")
    assert len(kept) == 1


def test_the_author_declines(as_, world, kept):
    number = say(world, "pan", "My recipe")
    as_("tang").post(f"/messages/{number}/keep-requests", circle=world.circles["class"])
    request = db.session.scalars(sa.select(KeepRequest)).one().id
    assert as_("pan").post(f"/keep-requests/{request}/answer", answer="decline").status_code == 303
    assert "declined" in as_("tang").get(f"/messages/{number}/keep").text
    assert kept == []


def test_a_member_asks_for_nothing(as_, world, kept):
    number = say(world, "lei", "The recipe")
    assert as_("pan").get(f"/messages/{number}/keep").status_code == 403
    asked = as_("pan").post(f"/messages/{number}/keep-requests", circle=world.circles["class"])
    assert asked.status_code == 403 and db.session.scalars(sa.select(KeepRequest)).all() == []


def test_what_was_taken_back_is_not_asked_for_any_more(as_, world, kept):
    number = say(world, "pan", "My recipe")
    as_("tang").post(f"/messages/{number}/keep-requests", circle=world.circles["class"])
    as_("pan").post(f"/messages/{number}/recall")
    assert db.session.scalars(sa.select(KeepRequest)).all() == []
    assert as_("tang").post(f"/messages/{number}/keep-requests", circle=world.circles["class"]).status_code == 403
