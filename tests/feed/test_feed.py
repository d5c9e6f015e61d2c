"""A circle's feed: its order, its stretches, what it costs, what its bookkeeping does."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import g

from tests.posts.acting import post_as
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment, react
from webapp.feed.models import FeedRow
from webapp.feed.queries import thread_of
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.kit.outbox import Outbox

BUDGET = 6  # with the session, the page's cursor and the counters of the navigation


@pytest.fixture
def statements(app):
    """The SQL of this test so far; `clear()` forgets it."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith("PRAGMA"):
            said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(db.engine, "before_cursor_execute", note)


def fill(world, count: int, comments: int = 3) -> None:
    """Posts by two authors, with comments and a reaction each."""
    tang, lei = world.viewer("tang"), world.viewer("lei")
    for number in range(count):
        post = post_as(world, ("tang", "lei")[number % 2], "class", f"Post number {number}.")
        with write():
            thread = thread_of("post", post)
            for _ in range(comments):
                add_comment((tang, lei)[number % 2], thread, "Well said", client_id())
            react(tang, thread, "mood", "like")


def rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-row="(\d+)"', page)]


@pytest.mark.parametrize("count", [10, 60])
def test_a_page_costs_six_statements_whatever_its_length(as_, world, statements, count):
    fill(world, count)
    with write():
        db.session.execute(sa.update(Membership).values(read=10**6))
    for who in ("tang", "pan"):
        person = as_(who)
        person.get("/")
        g.pop("nav", None)  # the context of a test outlives its requests
        statements.clear()
        page = person.get(f"/circles/{world.circles['class']}")
        assert len(rows(page.text)) == min(count, 20)
        assert len(statements) <= BUDGET, "\n\n".join(statements)


def test_an_empty_feed_costs_no_more(as_, world, statements):
    g.pop("nav", None)
    statements.clear()
    page = as_("tang").get(f"/circles/{world.circles['class']}")
    assert "Nothing here yet" in page.text
    assert len(statements) <= BUDGET


def test_twenty_rows_newest_first_and_older_ones_follow_by_a_link_that_stays(as_, world):
    for number in range(45):
        post_as(world, "tang", "class", f"Post {number}")
    here, pan = f"/circles/{world.circles['class']}", as_("pan")
    first = pan.get(here).text
    older = re.search(r'href="(\?from=\d+)"', first)[1]
    second = pan.get(here + older).text
    third = pan.get(here + re.search(r'href="(\?from=\d+)"', second)[1]).text
    numbers = rows(first) + rows(second) + rows(third)
    assert (len(rows(first)), len(rows(second)), len(rows(third))) == (20, 20, 5)
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 45
    assert "?from=" not in third
    post_as(world, "tang", "class", "One more")
    assert rows(pan.get(here + older).text) == rows(second)


def test_the_list_says_how_it_is_kept_live_and_an_older_stretch_does_not(as_, world):
    for number in range(21):
        post_as(world, "tang", "class", f"Post {number}")
    circle = world.circles["class"]
    page = as_("pan").get(f"/circles/{circle}").text
    newest = db.session.scalar(sa.select(sa.func.max(FeedRow.id)))
    assert f'<ol id="feed-{circle}" tabindex="-1" data-list="circle-{circle}"' in page
    assert f'data-fresh-url="/circles/{circle}/fresh" data-newest="{newest}"' in page
    assert f'data-bar="feed-{circle}"' in page
    assert f"circle-{circle}" in re.search(r'data-topics="([^"]*)"', page)[1]
    older = as_("pan").get(f"/circles/{circle}?from={newest}").text
    assert "data-fresh-url" not in older


def test_what_came_after_is_fetched_as_rows(as_, world):
    circle = world.circles["class"]
    post_as(world, "tang", "class", "Seen")
    seen = db.session.scalar(sa.select(sa.func.max(FeedRow.id)))
    post_as(world, "tang", "class", "Not seen yet")
    fresh = as_("pan").get(f"/circles/{circle}/fresh?after={seen}", htmx=True).text
    assert fresh.strip().startswith("<li")
    assert "Not seen yet" in fresh
    assert ">Seen<" not in fresh
    assert as_("ou").get(f"/circles/{circle}/fresh?after=0").status_code == 404


def test_strangers_see_a_listed_circles_preview_and_nothing_in_it(as_, world):
    post_as(world, "yu", "lane", "Between neighbours")
    for who in ("ou", "nobody"):
        page = as_(who).get(f"/circles/{world.circles['lane']}")
        assert page.status_code == 200
        assert "Lane" in page.text
        assert "Between neighbours" not in page.text
    assert "Between neighbours" in as_("pan_private").get(f"/circles/{world.circles['lane']}").text
    assert as_("ou").get(f"/circles/{world.circles['secret']}").status_code == 404
    assert as_("ex").get(f"/circles/{world.circles['class']}").status_code == 404


def test_who_is_not_signed_in_is_asked_to_whether_the_circle_exists_or_not(as_, world):
    codes = {as_("nobody").get(f"/circles/{number}").status_code for number in (world.circles["class"], 9999)}
    assert codes <= {302, 303, 401}
    assert len(codes) == 1


def read_mark(world, who: str) -> int:
    db.session.rollback()
    where = (Membership.circle_id == world.circles["class"], Membership.identity_id == world.identities[who])
    return db.session.scalar(sa.select(Membership.read).where(*where))


def pokes() -> list[str]:
    return list(db.session.scalars(sa.select(Outbox.topic).where(Outbox.kind == "poke")))


def test_looking_at_a_feed_moves_the_read_mark_once(as_, world):
    post_as(world, "tang", "class", "One")
    post_as(world, "tang", "class", "Two")
    assert (read_mark(world, "pan"), read_mark(world, "tang")) == (0, 2)
    for _ in range(2):
        as_("pan").get(f"/circles/{world.circles['class']}").close()
        assert read_mark(world, "pan") == 2
        assert pokes() == [f"viewer-{world.identities['pan']}"]


def test_an_author_who_had_not_read_all_still_has_what_came_before(as_, world):
    post_as(world, "tang", "class", "One")
    post_as(world, "lei", "class", "Two")
    assert (read_mark(world, "tang"), read_mark(world, "lei")) == (1, 0)


def test_a_feed_row_counts_up_and_is_told_to_those_who_look(app, world):
    post_as(world, "tang", "class", "One")
    post_as(world, "lei", "class", "Two")
    assert db.session.scalars(sa.select(FeedRow.number).order_by(FeedRow.id)).all() == [1, 2]
    assert db.session.get_one(Circle, world.circles["class"]).cards == 2
    row, circle = db.session.scalar(sa.select(sa.func.max(FeedRow.id))), world.circles["class"]
    fresh = db.session.scalars(sa.select(Outbox.payload).where(Outbox.kind == "fresh")).all()
    assert fresh[-1] == {"data": f"circle-{circle} {row} {world.identities['lei']}"}


def test_the_same_card_is_drawn_in_each_ones_language(as_, world):
    post_as(world, "tang", "class", "One")
    here = f"/circles/{world.circles['class']}"
    english = as_("pan").get(here).text
    assert ">Like</button>" in english
    with write():
        db.session.execute(sa.text("UPDATE person SET lang = 'zh' WHERE username = 'pan'"))
    chinese = as_("pan").get(here).text
    assert ">赞</button>" in chinese
    assert ">老师<" not in english


def test_a_card_whose_text_changed_is_drawn_anew(as_, world):
    post = post_as(world, "tang", "class", "Befor")
    here = f"/circles/{world.circles['class']}"
    assert "Befor" in as_("pan").get(here).text
    as_("tang").post(f"/posts/{post}/edit", body="After", version="1")
    page = as_("pan").get(here).text
    assert "After" in page
    assert "Befor<" not in page


def test_the_two_latest_comments_stand_under_a_card(as_, world):
    post = post_as(world, "tang", "class", "One")
    with write():
        thread = thread_of("post", post)
        for word in ("first", "second", "third"):
            add_comment(world.viewer("pan"), thread, f"The {word} one", client_id())
    page = as_("pan").get(f"/circles/{world.circles['class']}").text
    assert "The first one" not in page
    assert page.index("The second one") < page.index("The third one")
    assert "See all 3 comments" in page


@pytest.mark.parametrize("circle, author, reader", [("class", "tang", "pan"), ("lane", "yu", "pan_private")])
def test_a_page_of_twenty_posts_keeps_its_weight(as_, world, circle, author, reader):
    for number in range(20):
        post_as(world, author, circle, " ".join(f"word{n}" for n in range(45)) + f" {number}")
    page = as_(reader).get(f"/circles/{world.circles[circle]}").get_data()
    assert len(page) <= 40_000, len(page)
