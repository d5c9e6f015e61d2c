"""My groups with their last line, which moves by itself; and a circle's groups beside its feed."""

from __future__ import annotations

from tests.groups.saying import say, told
from webapp.groups.actions import make_group, remove_message
from webapp.groups.models import Message
from webapp.kit.db import db, write


def test_a_list_is_told_what_was_said_last(as_, world):
    group = world.groups["parents"]
    page = as_("pan").get("/groups").text
    assert f'id="listed-group-{group}" data-live="last-group-{group}" hx-get="/groups/{group}/listed"' in page
    say(world, "tang", "Bring umbrellas")
    assert ("poke", f"read-group-{group} last-group-{group}") in told(f"group-{group}")
    part = as_("pan").get(f"/groups/{group}/listed", htmx=True).text
    assert "Teacher Tang: Bring umbrellas" in part and f'data-unread="group-{group}">1<' in part
    assert part.strip().startswith(f'<li id="listed-group-{group}"')


def test_without_htmx_it_is_the_list(as_, world):
    assert as_("pan").get(f"/groups/{world.groups['parents']}/listed").location == "/groups"


def test_it_is_for_members(as_, world):
    say(world, "tang", "Bring umbrellas")
    for who, code in (("shen", 403), ("ou", 404), ("wen", 404)):
        answer = as_(who).get(f"/groups/{world.groups['parents']}/listed", htmx=True)
        assert answer.status_code == code and "umbrellas" not in answer.text


def test_what_was_taken_down_is_not_the_last_line(as_, world):
    group, number = world.groups["parents"], say(world, "pan", "Too quick")
    before = len(told(f"group-{group}"))
    with write():
        remove_message(world.viewer("lei"), db.session.get_one(Message, number))
    assert ("poke", f"last-group-{group}") in told(f"group-{group}")[before:]
    assert "An administrator removed a message of Parent Pan" in as_("tang").get("/groups").text


def test_a_circles_groups_stand_beside_its_feed(as_, world):
    circle = f"/circles/{world.circles['class']}"
    say(world, "tang", "Bring umbrellas")
    assert f'hx-get="{circle}/groups/beside" hx-trigger="intersect once"' in as_("pan").get(circle).text
    mine = as_("pan").get(f"{circle}/groups/beside", htmx=True).text
    assert "Teacher Tang: Bring umbrellas" in mine and f"/groups/{world.groups['parents']}" in mine
    assert as_("pan").get(f"{circle}/groups/beside").location == f"{circle}/groups"


def test_what_is_said_in_a_group_is_not_beside_the_feed_of_who_is_not_in_it(as_, world):
    say(world, "tang", "Bring umbrellas")
    beside = as_("shen").get(f"/circles/{world.circles['class']}/groups/beside", htmx=True).text
    assert "Parents" in beside and "3 members" in beside and "umbrellas" not in beside


def test_groups_of_other_circles_do_not_stand_there(as_, world):
    with write():
        make_group(world.viewer("tang"), "Reading club", None)
    path = f"/circles/{world.circles['class']}/groups/beside"
    assert "Reading club" not in as_("tang").get(path, htmx=True).text
    assert as_("ou").get(path, htmx=True).status_code == 404
