"""A pupil's post waits for a moderator of the class circle."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.circles.models import Circle
from webapp.feed.events import CardPublished
from webapp.feed.models import FeedRow
from webapp.kit import events
from webapp.kit.db import db, write
from webapp.posts.actions import approve_post, hide_post, refuse_post
from webapp.posts.events import PostApproved, PostHidden, PostRefused, PostWaits
from webapp.posts.models import Post
from webapp.posts.queries import waiting_count


@pytest.fixture
def heard(monkeypatch):
    """The CardPublished facts of this test."""
    told = []
    monkeypatch.setitem(events._now, CardPublished, [told.append])
    return told


def test_a_pupils_post_waits_and_nobody_else_sees_it(as_, world, heard):
    here = f"/circles/{world.circles['class']}"
    answer = as_("shen").post(f"{here}/posts", body="My bean sprouts", notify="1")
    assert answer.location == here
    assert not heard
    assert "My bean sprouts" not in as_("pan").get(here).text
    post = db.session.scalars(sa.select(Post)).one()
    assert as_("pan").get(f"/posts/{post.id}").status_code == 404
    assert as_("shen").get(f"/posts/{post.id}").status_code == 200
    assert as_("tang").get(f"/posts/{post.id}").status_code == 200
    assert waiting_count(world.circles["class"]) == 1


def test_the_line_above_the_feed_tells_moderators_and_the_author_and_nobody_else(as_, world):
    post_as(world, "shen", "class", "My bean sprouts")
    here = f"/circles/{world.circles['class']}"
    assert "1 post waits for you" in as_("tang").get(here).text
    assert "1 of your posts waits for a moderator" in as_("shen").get(here).text
    assert "waits for" not in as_("pan").get(here).text
    line = as_("tang").get(f"{here}/waiting", htmx=True).text
    assert line.startswith(f'<div id="waiting-{world.circles["class"]}"')


def test_htmx_says_that_the_post_waits(as_, world):
    answer = as_("shen").post(f"/circles/{world.circles['class']}/posts", htmx=True, body="Hello")
    assert "It waits for a moderator" in answer.text
    assert "afterbegin" not in answer.text


def test_a_circle_without_approval_publishes_a_pupils_post_at_once(as_, world, heard):
    with write():
        db.session.get_one(Circle, world.circles["class"]).approval = False
    as_("shen").post(f"/circles/{world.circles['class']}/posts", body="At once")
    assert len(heard) == 1


def test_an_approved_post_is_published_as_if_it_were_posted_now(as_, world, heard):
    post, here = post_as(world, "shen", "class", "My bean", notify=True), f"/circles/{world.circles['class']}"
    queue = as_("lei").get(f"{here}/waiting").text
    assert "My bean" in queue
    answer = as_("lei").post(f"/posts/{post}/approve", version="1")
    assert (answer.status_code, answer.location) == (303, f"{here}/waiting")
    assert "My bean" in as_("pan").get(here).text
    row = db.session.scalars(sa.select(FeedRow)).one()
    assert heard == [CardPublished("post", post, row.circle_id, row.id, world.identities["shen"], True)]


def test_who_does_not_moderate_decides_nothing(as_, world):
    post = post_as(world, "shen", "class", "My bean")
    for who, code in (("shen", 403), ("pan", 404), ("ou", 404)):
        assert as_(who).post(f"/posts/{post}/approve").status_code == code
        assert as_(who).post(f"/posts/{post}/refuse", reason="No").status_code == code
    assert db.session.get_one(Post, post).state == "waiting"
    assert "My bean" not in as_("pan").get(f"/circles/{world.circles['class']}/waiting").text


def test_the_second_decision_is_told_that_there_was_one(as_, world):
    post = post_as(world, "shen", "class", "My bean")
    as_("lei").post(f"/posts/{post}/approve")
    answer = as_("tang").post(f"/posts/{post}/refuse", reason="Too short")
    assert answer.status_code == 409
    assert "decided already" in answer.text
    assert as_("tang").post(f"/posts/{post}/approve").status_code == 409
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FeedRow)) == 1


def test_a_text_that_changed_while_it_was_read_is_not_let_through(as_, world):
    post = post_as(world, "shen", "class", "My bean")
    as_("shen").post(f"/posts/{post}/edit", body="Something else", version="1")
    answer = as_("tang").post(f"/posts/{post}/approve", version="1")
    assert answer.status_code == 409
    assert "changed the text meanwhile" in answer.text
    assert db.session.get_one(Post, post).state == "waiting"


def test_a_refused_post_says_why_to_its_author_and_waits_again_after_an_edit(as_, world):
    post, shen = post_as(world, "shen", "class", "Rude words"), as_("shen")
    url = f"/posts/{post}/refuse"
    bad = as_("tang").post(url, reason="  ")
    assert bad.status_code == 422
    assert "Say why" in bad.text
    as_("tang").post(url, reason="Find kinder words")
    assert "Find kinder words" in shen.get(f"/posts/{post}").text
    assert "was not let through" in shen.get(f"/circles/{world.circles['class']}").text
    assert as_("pan").get(f"/posts/{post}").status_code == 404
    shen.post(f"/posts/{post}/edit", body="Kind words", version="1")
    assert db.session.get_one(Post, post).state == "waiting"


def test_a_published_text_that_was_reviewed_is_not_edited_past_the_review(as_, world):
    post = post_as(world, "shen", "class", "My bean")
    as_("tang").post(f"/posts/{post}/approve")
    assert as_("shen").post(f"/posts/{post}/edit", body="Rude words", version="1").status_code == 403
    assert as_("shen").post(f"/posts/{post}/delete").status_code == 303


def test_the_author_takes_a_waiting_post_back(as_, world):
    post = post_as(world, "shen", "class", "My bean")
    assert as_("shen").post(f"/posts/{post}/delete").status_code == 303
    assert waiting_count(world.circles["class"]) == 0


@pytest.mark.parametrize(
    ("circle", "member", "boss"),
    [("lane", "pan_private", "yu"), ("staff", "tang", "hao"), ("trade", "sun", "mei"), ("trade", "dong", "mei")],
)
def test_any_kind_of_circle_may_want_a_look_first(as_, world, circle, member, boss):
    """Where its switch is on, members' posts wait and moderators' do not."""
    with write():
        db.session.get_one(Circle, world.circles[circle]).approval = True
    post = post_as(world, member, circle, "Good morning")
    assert db.session.get_one(Post, post).state == "waiting"
    assert "Good morning" not in as_(boss).get(f"/circles/{world.circles[circle]}").text
    assert as_(member).post(f"/posts/{post}/approve").status_code == 403
    assert as_(boss).post(f"/posts/{post}/approve").status_code == 303
    assert "Good morning" in as_(member).get(f"/circles/{world.circles[circle]}").text
    own = post_as(world, boss, circle, "From above")
    assert db.session.get_one(Post, own).state == "published"


def test_whose_switch_is_off_waits_for_nobody(world):
    assert db.session.get_one(Post, post_as(world, "pan_private", "lane", "Hello")).state == "published"


def test_in_a_class_guardians_who_may_post_do_not_wait(world):
    with write():
        db.session.get_one(Circle, world.circles["class"]).posting = "everyone"
    assert db.session.get_one(Post, post_as(world, "pan", "class", "Hello")).state == "published"


def test_the_author_edits_while_it_waits_and_the_waiting_text_is_the_new_one(as_, world):
    post = post_as(world, "shen", "class", "My baen")
    assert as_("shen").post(f"/posts/{post}/edit", body="My bean", version="1").status_code == 303
    assert "My bean" in as_("tang").get(f"/circles/{world.circles['class']}/waiting").text
    assert as_("tang").post(f"/posts/{post}/edit", body="Mine", version="2").status_code == 403


def test_what_is_decided_is_said_to_whoever_listens(world, monkeypatch):
    told = []
    for fact in (PostWaits, PostApproved, PostRefused, PostHidden):
        monkeypatch.setitem(events._now, fact, [told.append])
    post, other = (post_as(world, "shen", "class", words) for words in ("One", "Two"))
    tang, shen = world.viewer("tang"), world.viewer("shen")
    with write():
        approve_post(tang, db.session.get_one(Post, post))
        hide_post(tang, db.session.get_one(Post, post), "No")
        refuse_post(tang, db.session.get_one(Post, other), "Not yet")
    ids = (world.circles["class"], shen.identity_id)
    assert told == [
        PostWaits(post, *ids),
        PostWaits(other, *ids),
        PostApproved(post, *ids, tang.identity_id),
        PostHidden(post, *ids, tang.identity_id, "No"),
        PostRefused(other, *ids, tang.identity_id, "Not yet"),
    ]
