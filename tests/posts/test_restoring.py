"""A hidden post stands again where it stood, for everybody who has the page open too."""

from __future__ import annotations

import sqlalchemy as sa

from tests.groups.saying import told
from tests.posts.acting import post_as
from webapp.feed.models import FeedRow
from webapp.feed.queries import thread_of
from webapp.groups.models import Message
from webapp.kit.db import db
from webapp.posts.models import Post


def hide(as_, post, by="lei"):
    assert as_(by).post(f"/posts/{post}/hide", reason="Names a child").status_code == 303


def state(post):
    db.session.rollback()
    return db.session.get_one(Post, post, populate_existing=True).state


def test_whoever_may_hide_it_shows_it_again(as_, world):
    here = f"/circles/{world.circles['class']}"
    old, new = post_as(world, "tang", "class", "The old one"), post_as(world, "tang", "class", "The new one")
    as_("pan").post(f"/threads/{thread(old)}/comments", body="A comment", client_id="restored-comment")
    hide(as_, old)
    assert "The old one" not in as_("pan").get(here).text
    assert f"/posts/{old}/hide/delete" in as_("lei").get(f"/posts/{old}").text
    assert as_("lei").post(f"/posts/{old}/hide/delete").location == f"/posts/{old}"
    page = as_("pan").get(here).text
    assert page.index("The new one") < page.index("The old one")
    assert "A comment" in as_("pan").get(f"/posts/{old}").text
    assert (state(old), state(new)) == ("published", "published")


def thread(post):
    return thread_of("post", post).id


def test_open_pages_are_told_in_the_circle_and_in_the_groups(as_, world):
    post = post_as(world, "tang", "class", "For all", notify=True)
    card = db.session.scalars(sa.select(Message.id).where(Message.item_id == post)).one()
    row = db.session.scalars(sa.select(FeedRow.id)).one()
    hide(as_, post)
    before = len(told(f"circle-{world.circles['class']}")), len(told(f"group-{world.groups['parents']}"))
    as_("lei").post(f"/posts/{post}/hide/delete")
    circle = told(f"circle-{world.circles['class']}")[before[0] :]
    group = told(f"group-{world.groups['parents']}")[before[1] :]
    assert any(kind == "fresh" and f" {row} " in about for kind, about in circle)
    assert ("push", f"message-{card}") in group
    assert "For all" in as_("pan").get(f"/groups/{world.groups['parents']}").text


def test_nobody_else_shows_it_again(as_, world):
    post = post_as(world, "tang", "class", "Not fit")
    hide(as_, post)
    for who in ("pan", "shen", "ou", "wen", "nobody"):
        assert as_(who).post(f"/posts/{post}/hide/delete").status_code in (401, 404), who
    assert state(post) == "hidden"


def test_what_its_author_took_back_stays_taken_back(as_, world):
    post = post_as(world, "tang", "class", "Mine")
    as_("tang").post(f"/posts/{post}/delete")
    assert as_("lei").post(f"/posts/{post}/hide/delete").status_code == 404
    assert state(post) == "deleted"


def test_its_author_reads_why_and_may_take_it_away_but_not_show_it(as_, world):
    circle = world.circles["class"]
    post = post_as(world, "shen", "class", "A name")
    as_("lei").post(f"/posts/{post}/approve", version=1)
    hide(as_, post)
    assert "Names a child" in as_("shen").get(f"/posts/{post}").text
    assert "was hidden. See why" in as_("shen").get(f"/circles/{circle}").text
    assert "Names a child" in as_("shen").get(f"/circles/{circle}/waiting").text
    assert as_("shen").post(f"/posts/{post}/hide/delete").status_code == 403
    assert as_("shen").post(f"/posts/{post}/edit", body="x", version=1).status_code == 403
    assert as_("shen").post(f"/posts/{post}/delete").status_code == 303
    assert as_("lei").post(f"/posts/{post}/hide/delete").status_code == 404


def test_moderators_find_what_is_hidden_and_others_do_not(as_, world):
    url = f"/circles/{world.circles['class']}/waiting"
    post = post_as(world, "tang", "class", "Out of sight")
    hide(as_, post)
    assert url in as_("lei").get(f"/circles/{world.circles['class']}").text
    page = as_("lei").get(url).text
    assert "Out of sight" in page and f"/posts/{post}/hide/delete" in page
    assert "Out of sight" not in as_("pan").get(url).text
