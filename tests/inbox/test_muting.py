"""What is muted does not come; being named and being asked always does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.inbox.conftest import thread_of
from webapp.circles.models import Membership
from webapp.home.queries import nav
from webapp.inbox.models import Mute
from webapp.kit.db import db


def membership(world, who, circle="class") -> int:
    mine = (Membership.identity_id == world.identities[who], Membership.circle_id == world.circles[circle])
    return db.session.scalars(sa.select(Membership.id).where(*mine)).one()


def test_a_muted_circle_tells_nothing_but_where_one_is_named_or_asked(as_, life, here):
    answer = as_("tang").post(f"{here('class')}/quiet")
    assert (answer.status_code, answer.location) == (303, "/inbox/muted")
    post = life.post("tang", "Look")
    life.comment("lei", post)
    life.react("pan", post)
    life.post("lei", "For all", notify=True)
    assert life.lines("tang") == []
    life.comment("lei", post, "@Teacher Tang look")
    life.post("shen", "Waiting")
    assert life.words("tang") == [
        "Student Shen would like to post in Class 3-2",
        "Teacher Lei mentioned you in Class 3-2",
    ]
    assert life.lines("shen"), "others hear as before"


def test_a_muted_thread_is_silent_and_the_next_one_is_not(as_, life):
    quiet, other = life.post("tang", "Quiet"), life.post("tang", "Other")
    as_("tang").post(f"/threads/{thread_of(quiet).id}/quiet")
    life.comment("lei", quiet)
    assert life.lines("tang") == []
    life.comment("lei", other)
    assert len(life.lines("tang")) == 1


def test_a_muted_person_is_silent_in_every_identity_and_others_are_not(as_, life, world):
    post = life.post("tang", "Look")
    as_("tang").post(f"/memberships/{membership(world, 'lei')}/quiet")
    life.comment("lei", post)
    assert life.lines("tang") == []
    life.comment("shen", post)
    assert life.words("tang") == ["Student Shen commented on your post"]


def test_a_muted_person_who_names_me_comes_through(as_, life, world):
    as_("pan").post(f"/memberships/{membership(world, 'lei')}/quiet")
    life.post("lei", "For @Parent Pan")
    assert life.counter("pan") == 1


@pytest.mark.parametrize("what", ["circle", "thread", "person"])
def test_a_line_can_mute_what_it_came_from(as_, life, what):
    post = life.post("tang", "Look")
    life.comment("lei", post)
    line = life.line("tang")
    menu = as_("tang").get(f"/inbox/{line}/menu")
    assert f'value="{what}"' in menu.text
    as_("tang").post("/inbox/read")
    as_("tang").post(f"/inbox/{line}/mute", what=what)
    life.comment("lei", post)
    assert life.counter("tang") == 0


def test_only_what_the_line_is_about_can_be_muted_from_it(as_, life):
    life.comment("lei", life.post("tang", "Look"))
    line = life.line("tang")
    assert as_("tang").post(f"/inbox/{line}/mute", what="group").status_code == 400
    assert as_("tang").post(f"/inbox/{line}/mute").status_code == 400
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mute)) == 0


def test_the_totals_leave_out_a_muted_circle_and_group_and_the_badges_keep_them(as_, life, world, here):
    life.post("tang", "One")
    life.say("tang", "Hello")
    group = f"/groups/{world.groups['parents']}"
    as_("pan").post(f"{here('class')}/quiet")
    as_("pan").post(f"{group}/quiet")
    db.session.rollback()
    counters = nav(world.viewer("pan"))
    assert (counters.circles, counters.groups) == (0, 0)
    assert counters.unread[f"circle-{world.circles['class']}"] == 1
    page = as_("pan").get("/circles").text
    assert f'data-topics="circle-{world.circles["class"]}' not in page, "what arrives there moves no total"
    assert "One" in as_("pan").get("/").text, "it still stands on home"


def test_what_is_muted_is_listed_and_can_be_heard_again(as_, life, world, here):
    post = life.post("tang", "Look")
    as_("tang").post(f"{here('class')}/quiet")
    as_("tang").post(f"/threads/{thread_of(post).id}/quiet")
    as_("tang").post(f"/memberships/{membership(world, 'lei')}/quiet")
    page = as_("tang").get("/inbox/muted").text
    assert page.count("Unmute ") == 3 and "Teacher Lei" in page and f"/posts/{post}" in page
    for target in (f"circle-{world.circles['class']}", f"post-{post}", f"person-{world.people['lei']}"):
        as_("tang").post("/inbox/muted/delete", target=target)
    assert "Unmute " not in as_("tang").get("/inbox/muted").text
    life.comment("lei", post)
    assert life.counter("tang") == 1


def test_muting_twice_is_muting_once(as_, here):
    for _ in range(2):
        assert as_("pan").post(f"{here('class')}/quiet").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mute)) == 1


def test_a_mute_is_of_the_identity_that_set_it(as_, life, here):
    as_("pan").post(f"{here('class')}/quiet")
    life.post("tang", "For all", notify=True)
    assert life.lines("pan") == []
    assert len(life.lines("shen")) == 1


def test_what_one_may_not_see_cannot_be_muted(as_, world, here, life):
    post = life.post("tang", "Look")
    for who in ("ou", "pan_private"):
        assert as_(who).post(f"{here('class')}/quiet").status_code == 404
        assert as_(who).post(f"/groups/{world.groups['parents']}/quiet").status_code == 404
        assert as_(who).post(f"/threads/{thread_of(post).id}/quiet").status_code == 404
        assert as_(who).post(f"/memberships/{membership(world, 'lei')}/quiet").status_code == 404
