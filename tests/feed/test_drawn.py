"""Rows of a feed are drawn once and kept: what changes one shows at the next look, and nobody sees another's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.posts.acting import post_as
from webapp.accounts.models import Identity, SignIn
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment, delete_comment, pin_card, react
from webapp.feed.models import Comment, Thread
from webapp.feed.queries import thread_of
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.posts.actions import edit_post
from webapp.posts.models import Post


@pytest.fixture
def feed(as_, world):
    """Reads the class circle's feed as somebody."""
    return lambda who: as_(who).get(f"/circles/{world.circles['class']}").text


@pytest.fixture
def post(world):
    return post_as(world, "tang", "class", "The beans came up.")


def thread() -> Thread:
    return db.session.query(Thread).order_by(Thread.id.desc()).first()


def test_each_form_carries_the_identity_of_whoever_looks(feed, post, world):
    for who in ("tang", "pan", "lei", "tang"):
        page = feed(who)
        assert set(re.findall(r'name="_identity" value="([^"]*)"', page)) == {str(world.identities[who])}
        assert "<me>" not in page


def test_words_that_look_like_the_mark_stay_words(feed, world):
    post_as(world, "tang", "class", "Write <me> here")
    assert "Write &lt;me&gt; here" in feed("pan")


def test_ones_own_reaction_is_nobody_elses(feed, post, world):
    feed("pan"), feed("lei")
    with write():
        react(world.viewer("pan"), thread(), "mood", "like")
    pressed = 'value="like" aria-pressed="true"'
    assert pressed in feed("pan") and pressed not in feed("lei") and pressed not in feed("tang")
    assert "Like 1" in feed("lei")


def test_a_comment_shows_and_goes(feed, post, world):
    feed("lei")
    with write():
        comment = add_comment(world.viewer("pan"), thread(), "Ours too", client_id()).id
    assert "Ours too" in feed("lei")
    with write():
        delete_comment(world.viewer("pan"), db.session.get_one(Comment, comment))
    assert "Ours too" not in feed("lei")


def test_an_edited_text_is_the_new_one(feed, post, world):
    feed("lei")
    with write():
        edit_post(world.viewer("tang"), db.session.get_one(Post, post), "The peas came up.", 1)
    assert "The peas came up." in feed("lei") and "The beans" not in feed("lei")


def test_a_renamed_author_and_commenter_are_renamed(feed, post, world):
    with write():
        add_comment(world.viewer("pan"), thread_of("post", post), "Ours too", client_id())
    assert "Teacher Tang" in feed("lei") and "Parent Pan" in feed("lei")
    with write():
        for who, name in (("tang", "Teacher Tan"), ("pan", "Parent Ban")):
            db.session.get_one(Identity, world.identities[who]).person.name = name
    assert "Teacher Tan<" in feed("lei") and "Parent Ban" in feed("lei") and "Parent Pan" not in feed("lei")


def test_another_title_and_another_company_show(feed, post, world):
    feed("lei")
    with write():
        tang = db.session.get_one(Identity, world.identities["tang"])
        tang.title = "Head of Chinese"
        own = Membership.circle_id == world.circles["class"], Membership.identity_id == tang.id
        db.session.query(Membership).filter(*own).one().company = "Sunrise Ltd"
    assert "Head of Chinese" in feed("lei") and "Sunrise Ltd" in feed("lei")


def test_a_pinned_row_says_so(feed, post, world):
    assert "Pinned" not in feed("lei")
    with write():
        pin_card("post", post)
    assert "Pinned" in feed("lei")


def test_nobody_reacts_in_an_archived_circle(feed, post, world):
    assert 'value="like"' in feed("pan")
    with write():
        db.session.get_one(Circle, world.circles["class"]).archived_at = clock.now()
    assert 'value="like"' not in feed("pan")


def test_yesterday_is_not_today(feed, post):
    assert "today" in feed("lei")
    tomorrow = clock.now() + timedelta(hours=24)
    with write():
        db.session.query(SignIn).update({"seen_at": tomorrow})
    with clock.at(tomorrow):
        assert "yesterday" in feed("lei")


def test_home_names_the_circle_by_its_new_name(as_, post, world):
    assert "The beans" in as_("pan").get("/").text
    with write():
        db.session.get_one(Circle, world.circles["class"]).name = "Class of beans"
    assert as_("pan").get("/").text.count("Class of beans") > 1
