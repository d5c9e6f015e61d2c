"""Discover: which circles are offered to whom, with what, and that what became private is gone at once."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from tests.search.finding import post
from webapp.circles.models import Circle
from webapp.kit import clock, text
from webapp.kit.db import db, put, write


def offered(page) -> list[str]:
    """The names of the offered circles, in their order."""
    assert page.status_code == 200
    return re.findall(r'<h3><a href="/circles/\d+">([^<]+)', page.text)


def test_my_circles_are_mine_by_kind_and_two_more_are_offered(as_, world):
    page = as_("pan_private").get("/circles")
    assert "Lane" in page.text and offered(page) == ["Birds"]
    assert "Class 3-2" not in page.text, "the other identity's"
    assert offered(as_("shen").get("/circles")) == [], "a pupil is offered nothing that would refuse them"


def test_public_circles_are_offered_to_whom_is_not_in(as_, world):
    assert offered(as_("ou").get("/discover")) == ["Birds", "Lane"]
    assert offered(as_("pan_private").get("/discover")) == ["Birds"]
    assert offered(as_("yu").get("/discover")) == []


def test_an_offer_says_whom_it_is_for_how_many_are_in_its_life_and_how_one_joins(as_, world):
    with clock.at(clock.now() - timedelta(days=20)):
        post(world, "yu", "lane", "long ago")
    post(world, "yu", "birds", "heron")
    page = as_("ou").get("/discover").text
    birds, lane = page.split("</article>")[:2]
    assert "For:" in birds and "1 member" in birds and "1 post in seven days" in birds and ">Join<" in birds
    assert "2 members" in lane and "last post" in lane and "Ask to join" in lane
    with write():
        db.session.execute(sa.text("DELETE FROM feed_row"))
    assert "no post yet" in as_("ou").get("/discover").text


def test_the_circles_of_my_organisation_stand_apart(as_, world):
    page = as_("wen").get("/discover/organisation")
    assert offered(page) == ["Staff room", "Class 3-1"], "the staff room can be asked for, the own class is marked"
    assert page.text.count("You are in it") == 1 and "Class 3-2" not in page.text
    assert offered(as_("wen").get("/discover")) == ["Birds", "Lane"]
    assert "/discover/organisation" not in as_("ou").get("/discover").text
    assert offered(as_("ou").get("/discover/organisation")) == []


def test_a_circle_made_private_is_gone_at_the_next_request(as_, world):
    assert "Birds" in offered(as_("ou").get("/discover"))
    with write():
        db.session.get_one(Circle, world.circles["birds"]).joining = "hidden"
    assert "Birds" not in offered(as_("ou").get("/discover")) and "Birds" not in as_("ou").get("/circles").text
    assert as_("ou").get(f"/circles/{world.circles['birds']}").status_code == 404


def test_what_was_asked_for_or_forbidden_is_said_or_left_out(as_, world):
    as_("ou").post(f"/circles/{world.circles['lane']}/join")
    assert "You have asked" in as_("ou").get("/discover").text
    with write():
        db.session.execute(sa.text("UPDATE membership SET state = 'banned' WHERE state = 'requested'"))
    assert offered(as_("ou").get("/discover")) == ["Birds"]


def test_many_circles_come_in_stretches(as_, world):
    with write():
        for number in range(30):
            name = f"Club {number}"
            put(Circle(kind="interest", name=name, name_key=text.folded(name), joining="open"))
    first = as_("ou").get("/discover")
    older = re.search(r'href="(\?from=\d+)"', first.text)[1]
    rest = as_("ou").get(f"/discover{older}")
    assert len(offered(first)) == 20 and len({*offered(first), *offered(rest)}) == 32
    assert len(first.data) < 40_000


def test_a_stranger_is_asked_to_sign_in(as_):
    for path in ("/circles", "/discover", "/discover/organisation", "/topics", "/topics/beans"):
        assert as_("nobody").get(path).status_code == 302, path


def test_discover_asks_the_database_a_fixed_number_of_times(app, as_, world):
    said = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    for path in ("/circles", "/discover", "/topics"):
        said.clear()
        as_("wen").get(path)
        assert len([text for text in said if text.lstrip().upper().startswith("SELECT")]) <= 6, path
