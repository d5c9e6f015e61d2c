"""Pins, featured posts, and posts that are taken down."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.feed.cards import kind
from webapp.feed.events import CardWithdrawn
from webapp.feed.models import FeedRow
from webapp.kit import events
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox
from webapp.kit.web import draw
from webapp.posts.actions import delete_post
from webapp.posts.models import Post


def test_a_pinned_post_stands_first_until_it_is_unpinned(as_, world):
    here = f"/circles/{world.circles['class']}"
    old, _new = post_as(world, "tang", "class", "The old one"), post_as(world, "tang", "class", "The new one")
    assert order(as_("pan").get(here).text, "The new one", "The old one")
    answer = as_("lei").post(f"/posts/{old}/pin")
    assert (answer.status_code, answer.location) == (303, here)
    page = as_("pan").get(here).text
    assert order(page, "The old one", "The new one")
    assert page.count("The old one") == 1
    as_("lei").post(f"/posts/{old}/pin/delete")
    assert order(as_("pan").get(here).text, "The new one", "The old one")


def order(page: str, first: str, second: str) -> bool:
    return page.index(first) < page.index(second)


def test_a_fourth_pin_is_told_to_take_one_down_first(as_, world):
    posts = [post_as(world, "tang", "class", f"Post {n}") for n in range(4)]
    tang = as_("tang")
    assert [tang.post(f"/posts/{post}/pin").status_code for post in posts] == [303, 303, 303, 409]
    assert "Take one down first" in tang.post(f"/posts/{posts[3]}/pin").text
    assert tang.post(f"/posts/{posts[0]}/pin").status_code == 303  # it is pinned already: nothing changes


@pytest.mark.parametrize("verb", ["pin", "pin/delete", "feature", "feature/delete", "hide"])
def test_only_moderators_tidy_up(as_, world, verb):
    post = post_as(world, "tang", "class", "A post")
    assert as_("pan").get(f"/posts/{post}").status_code == 200
    for who, code in (("pan", 403), ("shen", 403), ("ou", 404), ("wen", 404), ("ex", 404)):
        assert as_(who).post(f"/posts/{post}/{verb}", reason="x").status_code == code, who
    assert db.session.get_one(Post, post).state == "published"


def test_featured_posts_have_a_page(as_, world):
    post = post_as(world, "tang", "class", "Worth keeping")
    post_as(world, "tang", "class", "An ordinary one")
    url = f"/circles/{world.circles['class']}/featured"
    assert "Nothing featured yet" in as_("pan").get(url).text
    as_("tang").post(f"/posts/{post}/feature")
    page = as_("pan").get(url).text
    assert "Worth keeping" in page
    assert "An ordinary one" not in page
    assert as_("ou").get(url).status_code == 404
    as_("tang").delete(f"/posts/{post}/feature")
    assert "Worth keeping" not in as_("pan").get(url).text


def test_a_hidden_post_keeps_its_reason_for_moderators_and_is_gone_for_others(as_, world, monkeypatch):
    told = []
    monkeypatch.setitem(events._now, CardWithdrawn, [told.append])
    post = post_as(world, "tang", "class", "Not fit")
    row = db.session.scalars(sa.select(FeedRow.id)).one()
    assert as_("lei").post(f"/posts/{post}/hide", reason="").status_code == 422
    assert as_("lei").post(f"/posts/{post}/hide", reason="Names a child").status_code == 303
    assert "Names a child" in as_("lei").get(f"/posts/{post}").text
    assert as_("pan").get(f"/posts/{post}").status_code == 404
    assert "Not fit" not in as_("lei").get(f"/circles/{world.circles['class']}").text
    assert told == [CardWithdrawn("post", post)]
    gone = db.session.scalars(sa.select(Outbox.payload).where(Outbox.kind == "gone")).all()
    assert gone == [{"data": f"feed-row-{row}"}]


def test_the_menu_shows_what_one_may_do_and_nothing_else(as_, world):
    post = post_as(world, "tang", "class", "A post")
    menus = (as_(who).get(f"/posts/{post}/menu", htmx=True).text for who in ("tang", "lei", "pan"))
    author, moderator, reader = menus
    assert author.lstrip().startswith("<li>")
    assert "/edit" in author and "/delete" in author and "#hide" not in author
    assert "/pin" in moderator and "#hide" in moderator and "/edit" not in moderator
    for verb in ("/pin", "/edit", "/delete", "/feature", "#hide"):
        assert verb not in reader
    page = as_("lei").get(f"/posts/{post}/menu").text
    assert page.startswith("<!doctype html>")
    assert f'action="/posts/{post}/hide"' in page


def test_a_withdrawn_post_is_a_line_that_says_so(app, world):
    post = post_as(world, "tang", "class", "<b>Soon</b> gone")
    with app.test_request_context():
        line = draw(kind("post").line, thread=None, **kind("post").load([post])[post])
        assert "&lt;b&gt;Soon" in line
        assert f'href="/posts/{post}"' in line
    with write():
        delete_post(world.viewer("tang"), db.session.get_one(Post, post))
    with app.test_request_context():
        line = draw(kind("post").line, thread=None, **kind("post").load([post])[post])
        assert "Soon" not in line
