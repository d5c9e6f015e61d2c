"""Making a group, coming in, going out, and who decides about whom."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.groups.saying import told
from webapp.groups.models import Group, GroupMember, Link
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.push import permitted


@pytest.fixture
def url(world):
    return f"/groups/{world.groups['parents']}"


def member(world, who, group=None):
    group = group or world.groups["parents"]
    mine = (GroupMember.group_id == group, GroupMember.identity_id == world.identities[who])
    return db.session.scalar(sa.select(GroupMember).where(*mine).execution_options(populate_existing=True))


def test_a_group_is_made_and_linked_to_a_circle_that_one_runs(as_, world):
    form = as_("tang").get("/groups/new").text
    assert "Class 3-2" in form and "Class 3-1" not in form
    answer = as_("tang").post("/groups", name="Reading", organisation="1", circles=world.circles["class"])
    group = db.session.scalars(sa.select(Group).where(Group.name == "Reading")).one()
    assert answer.location == f"/groups/{group.id}"
    assert group.organisation_id == world.organisations["school"]
    assert member(world, "tang", group.id).role == "owner"
    assert db.session.scalars(sa.select(Link).where(Link.group_id == group.id)).one().push == "chosen"


def test_a_group_is_not_linked_to_a_circle_that_one_does_not_run(as_, world):
    for circle, code in (("class", 403), ("nextdoor", 404)):
        assert as_("pan").post("/groups", name="Mothers", circles=world.circles[circle]).status_code == code
    assert db.session.scalar(sa.select(Group).where(Group.name == "Mothers")) is None


def test_a_guardian_founds_no_group_of_the_school(as_, world):
    as_("pan").post("/groups", name="Mothers", organisation="1")
    assert db.session.scalars(sa.select(Group).where(Group.name == "Mothers")).one().organisation_id is None


def test_a_group_without_a_name_is_asked_for_one(as_):
    answer = as_("tang").post("/groups", name=" ")
    assert answer.status_code == 422 and "Give the group a name." in answer.text


def test_a_teacher_of_the_circle_joins_by_themself(as_, url, world):
    as_("lei").post(f"{url}/leave")
    assert "Join" in as_("lei").get(url).text
    assert as_("lei").post(f"{url}/join").location == url
    assert member(world, "lei").state == "active"
    assert as_("lei").get(f"{url}/members").status_code == 200


def test_a_pupil_does_not_join_the_chat_of_the_parents(as_, url, world):
    assert "/join" not in as_("shen").get(url).text
    assert as_("shen").post(f"{url}/join").status_code == 403
    assert as_("shen").get(f"{url}/members").status_code == 403


def test_an_outsider_and_one_who_was_removed_do_not(as_, url, world):
    assert as_("ou").post(f"{url}/join").status_code == 404
    as_("tang").post(f"{url}/members/{member(world, 'pan').id}/remove")
    assert member(world, "pan").state == "removed"
    assert as_("pan").post(f"{url}/join").status_code == 403
    assert as_("pan").get(url).status_code == 200 and "Ask an administrator" in as_("pan").get(url).text


def test_who_is_removed_hears_nothing_more(as_, url, world):
    topic = f"group-{world.groups['parents']}"
    assert topic in permitted(world.viewer("pan"), [topic])[0]
    as_("tang").post(f"{url}/members/{member(world, 'pan').id}/remove")
    db.session.rollback()
    assert topic not in permitted(world.viewer("pan"), [topic])[0]
    assert ("end", None) in told(f"viewer-{world.identities['pan']}")


def test_colleagues_and_members_of_linked_circles_are_added(as_, url, world):
    offered = as_("tang").get(f"{url}/members/add").text
    assert "Teacher Wen" in offered and "Student Shen" in offered and "Outsider Ou" not in offered
    assert as_("tang").post(f"{url}/members", identity=world.identities["wen"]).status_code == 303
    assert member(world, "wen").state == "active"


def test_others_are_not_added_and_members_add_nobody(as_, url, world):
    assert as_("tang").post(f"{url}/members", identity=world.identities["ou"]).status_code == 404
    assert as_("pan").post(f"{url}/members", identity=world.identities["shen"]).status_code == 403
    assert member(world, "ou") is None and member(world, "shen") is None


def test_a_guardian_is_offered_no_directory_of_the_school(as_, world):
    group = world.groups["parents"]
    with write():
        member(world, "pan").role = "admin"
    offered = as_("pan").get(f"/groups/{group}/members/add").text
    assert "Student Shen" in offered and "Teacher Wen" not in offered


def test_an_administrator_mutes_a_member_for_a_day(as_, url, world):
    number = member(world, "pan").id
    as_("lei").post(f"{url}/members/{number}/mute")
    assert member(world, "pan").muted_until > clock.now()
    as_("lei").post(f"{url}/members/{number}/unmute")
    assert member(world, "pan").muted_until is None


def test_leaving_and_joining_again_sheds_no_muting(as_, url, world):
    as_("tang").post(f"{url}/members/{member(world, 'lei').id}/mute")
    as_("lei").post(f"{url}/leave")
    as_("lei").post(f"{url}/join")
    assert member(world, "lei").state == "active" and member(world, "lei").muted_until > clock.now()


@pytest.mark.parametrize(
    ("who", "whom", "act", "code"),
    [
        ("pan", "lei", "mute", 403),
        ("lei", "tang", "remove", 403),
        ("lei", "pan", "appoint", 403),
        ("tang", "tang", "appoint", 403),
        ("ou", "pan", "remove", 404),
    ],
)
def test_who_may_not_decide(as_, url, world, who, whom, act, code):
    assert as_(who).post(f"{url}/members/{member(world, whom).id}/{act}").status_code == code


def test_the_owner_appoints_dismisses_and_hands_over(as_, url, world):
    number, tang = member(world, "pan").id, as_("tang")
    tang.post(f"{url}/members/{number}/appoint")
    assert member(world, "pan").role == "admin"
    tang.post(f"{url}/members/{number}/dismiss")
    assert member(world, "pan").role == "member"
    tang.post(f"{url}/members/{number}/hand-over")
    assert (member(world, "pan").role, member(world, "tang").role) == ("owner", "admin")


def test_when_the_owner_leaves_the_oldest_administrator_owns_it(as_, url, world):
    assert as_("tang").post(f"{url}/leave").location == "/groups"
    assert member(world, "lei").role == "owner"
    assert as_("tang").get(f"{url}/fresh").status_code == 403


def test_a_member_of_another_group_is_not_found_under_this_one(as_, url, world):
    other = member(world, "pan_private", world.groups["friends"])
    assert as_("tang").get(f"{url}/members/{other.id}").status_code == 404


def test_the_announcement_and_muting_all_are_seen_at_once(as_, url, world):
    tang = as_("tang")
    assert tang.post(f"{url}/announcement", words="Homework goes to the circle").status_code == 303
    tang.post(f"{url}/mute", silent="1")
    board = as_("pan").get(f"{url}/board", htmx=True).text
    assert "Homework goes to the circle" in board and "Only administrators and teachers" in board
    group = world.groups["parents"]
    assert told(f"group-{group}") == [("poke", f"board-group-{group}")] * 2
    assert as_("pan").post(f"{url}/announcement", words="No").status_code == 403
    assert as_("pan").post(f"{url}/mute", silent="0").status_code == 403
    assert tang.post(f"{url}/announcement", words="x" * 301).status_code == 422


def test_members_are_found_by_name(as_, url):
    assert "Teacher Lei" not in as_("tang").get(f"{url}/members?q=pan").text
    assert "Parent Pan" in as_("tang").get(f"{url}/members?q=pan", htmx=True).text
    assert as_("shen").get(f"{url}/members").status_code == 403
