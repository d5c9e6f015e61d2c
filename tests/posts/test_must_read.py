"""Must-read posts: who has read one is seen by name where it matters, and as a number by all."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.accounts.models import Identity
from webapp.circles.actions.joining import admit
from webapp.circles.models import Circle, Membership
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox
from webapp.posts.models import Post, PostReceipt


@pytest.fixture
def post(world) -> int:
    return post_as(world, "tang", "class", "Wednesday, gym shoes", must_read=True)


@pytest.fixture
def here(world) -> str:
    return f"/circles/{world.circles['class']}"


def told() -> set[str]:
    db.session.rollback()
    return {
        f"{row.kind} {row.payload.get('data') or row.payload.get('target')}"
        for row in db.session.scalars(sa.select(Outbox))
    }


def test_whoever_moderates_may_ask_for_it_and_nobody_else(as_, world, here):
    assert 'name="must_read"' in as_("tang").post(f"{here}/posts", body="x", more="1").text
    assert 'name="must_read"' not in as_("shen").post(f"{here}/posts", body="x", more="1").text
    assert as_("shen").post(f"{here}/posts", body="Read me", must_read="1").status_code == 403
    assert as_("lei").post(f"{here}/posts", body="Read me", must_read="1").status_code == 303
    assert [one.must_read for one in db.session.scalars(sa.select(Post))] == [True]


def test_it_carries_a_tag_and_a_button_until_one_has_read_it(as_, here, post):
    for page in (here, "/", f"/posts/{post}"):
        text = as_("pan").get(page).text
        assert "Must-read" in text and "I have read it" in text, page
        assert "0 of 3 have read it" in text, page
    assert "I have read it" not in as_("tang").get(here).text, "its author wrote it"
    assert as_("pan").post(f"/posts/{post}/receipt").location == f"/posts/{post}#foot-post-{post}"
    for page in (here, "/", f"/posts/{post}"):
        text = as_("pan").get(page).text
        assert "You have read it" in text and "I have read it" not in text and "1 of 3 have read it" in text, page
        assert "I have read it" in as_("shen").get(here).text, "what one did is nobody else's"
    assert as_("tang").post(f"/posts/{post}/receipt").status_code == 403


def test_htmx_answers_the_foot_and_the_number_moves_everywhere_without_names(as_, world, post):
    answer = as_("pan").post(f"/posts/{post}/receipt", htmx=True)
    assert answer.text.strip().startswith(f'<div id="foot-post-{post}"')
    assert {f"push read-post-{post}", f"poke readers-post-{post}"} <= told()
    assert "Parent Pan" not in as_("shen").get(f"/posts/{post}").text.split("<main")[1]


def test_said_twice_it_is_noted_once(as_, post):
    for _ in range(2):
        as_("pan").post(f"/posts/{post}/receipt")
    assert len(db.session.scalars(sa.select(PostReceipt)).all()) == 1


def test_author_and_moderators_see_who_has_and_who_has_not(as_, post):
    as_("pan").post(f"/posts/{post}/receipt")
    for who in ("tang", "lei"):
        for page in (f"/posts/{post}", f"/posts/{post}/readers"):
            missing, _, done = as_(who).get(page).text.partition("Have read it")
            assert "Student Shen" in missing and "Parent Pan" not in missing.split("Not read yet")[1], page
            assert "Parent Pan" in done, page
    for who in ("pan", "shen"):
        assert as_(who).get(f"/posts/{post}/readers").status_code == 403
    assert as_("ou").get(f"/posts/{post}/readers").status_code == 404


def test_the_list_is_of_the_members_as_of_now(as_, world, post):
    as_("pan").post(f"/posts/{post}/receipt")
    with write():
        admit(db.session.get_one(Circle, world.circles["class"]), db.session.get_one(Identity, world.identities["qiu"]))
        mine = sa.update(Membership).where(Membership.identity_id == world.identities["pan"])
        db.session.execute(mine.values(state="left"))
    text = as_("tang").get(f"/posts/{post}").text
    assert "Student Qiu" in text and "0 of 3 have read it" in text
    assert "Parent Pan" not in text


def test_a_newcomer_moves_the_number_of_rows_that_were_drawn(as_, world, here, post):
    assert "0 of 3" in as_("pan").get(here).text
    with write():
        admit(db.session.get_one(Circle, world.circles["class"]), db.session.get_one(Identity, world.identities["qiu"]))
    assert "0 of 4" in as_("pan").get(here).text


def test_what_waits_to_be_read_stands_above_the_feed_and_meets_a_newcomer(as_, world, here, post):
    post_as(world, "tang", "class", "Thursday, swimming", must_read=True)
    assert "2 must-read posts wait for you" in as_("pan").get(here).text
    assert "must-read posts wait" not in as_("tang").get(here).text
    listed = as_("pan").get(f"{here}/must-read").text
    assert "gym shoes" in listed and "swimming" in listed
    as_("pan").post(f"/posts/{post}/receipt")
    assert "1 must-read post waits for you" in as_("pan").get(f"{here}/must-read", htmx=True).text
    assert "gym shoes" not in as_("pan").get(f"{here}/must-read").text
    as_("tang").post(f"/posts/{post}/delete")
    with write():
        admit(db.session.get_one(Circle, world.circles["class"]), db.session.get_one(Identity, world.identities["qiu"]))
    assert "1 must-read post waits for you" in as_("qiu").get(here).text


def test_only_members_say_that_they_have_read_it(as_, world, post):
    assert as_("ou").post(f"/posts/{post}/receipt").status_code == 404
    other = post_as(world, "tang", "class", "No need")
    assert as_("pan").post(f"/posts/{other}/receipt").status_code == 403


def test_in_an_archived_circle_nothing_is_asked_any_more(as_, world, here, post):
    assert "I have read it" in as_("pan").get(here).text
    with write():
        db.session.get_one(Circle, world.circles["class"]).archived_at = clock.now()
    for page in (here, f"/posts/{post}"):
        assert "I have read it" not in as_("pan").get(page).text
    assert as_("pan").post(f"/posts/{post}/receipt").status_code == 403
