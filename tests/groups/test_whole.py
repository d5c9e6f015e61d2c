"""A group's life: renamed, asked into, invited to, left, dissolved; and the + menu."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.groups.saying import say, told
from tests.groups.test_links import publish, set_push
from webapp.circles.models import Circle
from webapp.groups.actions import make_group
from webapp.groups.models import Group, GroupInvitation, GroupMember, Link
from webapp.groups.queries import open_group
from webapp.groups.tools import tools
from webapp.kit import clock
from webapp.kit.db import db, write


@pytest.fixture
def url(world):
    return f"/groups/{world.groups['parents']}"


def state(world, who, group="parents"):
    mine = (GroupMember.group_id == world.groups[group], GroupMember.identity_id == world.identities[who])
    return db.session.scalar(sa.select(GroupMember.state).where(*mine))


def make_link(person, url, **form):
    made = person.post(f"{url}/invitations", **{"days": "7", "limit": "", **form})
    assert made.status_code == 303
    return re.findall(r'href="http://quanzi.test(/g/[\w-]+)"', person.get(f"{url}/invitations").text)[0]


# ---- name ------------------------------------------------------------------------------------------------
def test_administrators_rename_a_group_and_members_do_not(as_, url, world):
    assert as_("lei").post(f"{url}/name", name="Parents of 3-2").status_code == 303
    assert "Parents of 3-2" in as_("pan").get(url).text
    assert as_("pan").post(f"{url}/name", name="Mine").status_code == 403
    assert as_("ou").post(f"{url}/name", name="Mine").status_code == 404
    empty = as_("lei").post(f"{url}/name", name=" ")
    assert empty.status_code == 422 and "Give the group a name." in empty.text


# ---- asking ----------------------------------------------------------------------------------------------
def test_who_may_not_join_asks_and_an_administrator_lets_in(as_, url, world):
    assert f"{url}/requests" in as_("shen").get(url).text
    assert as_("shen").post(f"{url}/requests").status_code == 303
    assert state(world, "shen") == "asked"
    assert "You asked to join." in as_("shen").get(url).text
    page = as_("lei").get(f"{url}/members").text
    (answer,) = re.findall(rf'action="({url}/requests/\d+)"', page)
    assert "Student Shen" in page and "asks to join" not in as_("pan").get(f"{url}/members").text
    assert as_("pan").post(answer, decision="admit").status_code == 404
    assert as_("lei").post(answer, decision="admit").status_code == 303
    assert state(world, "shen") == "active" and as_("shen").get(url).status_code == 200


def test_who_was_refused_does_not_ask_again(as_, url, world):
    as_("shen").post(f"{url}/requests")
    (answer,) = re.findall(rf'action="({url}/requests/\d+)"', as_("lei").get(f"{url}/members").text)
    as_("lei").post(answer, decision="refuse")
    assert state(world, "shen") == "refused"
    assert as_("shen").post(f"{url}/requests").status_code == 403
    second = as_("tang").post(answer, decision="admit")
    assert second.status_code == 303 and state(world, "shen") == "refused", "decided once"


def test_the_desk_of_the_circle_answers_requests_too(as_, url, world):
    as_("shen").post(f"{url}/requests")
    link = db.session.scalars(sa.select(Link.id)).one()
    as_("lei").post(f"{url}/leave")
    assert "1 asks to join" in as_("lei").get(f"/circles/{world.circles['class']}/groups").text
    (answer,) = re.findall(rf'action="({url}/requests/\d+)"', as_("lei").get(f"/links/{link}").text)
    assert as_("lei").post(answer, decision="admit", link=link).location == f"/links/{link}"
    assert state(world, "shen") == "active"


def test_strangers_cannot_ask(as_, url):
    for who in ("ou", "wen", "pan_private"):
        assert as_(who).post(f"{url}/requests").status_code == 404


# ---- links -----------------------------------------------------------------------------------------------
def test_a_link_lets_in_people_of_the_organisation_and_nobody_else(as_, url, world):
    door = make_link(as_("lei"), url)
    assert as_("nobody").get(door).status_code == 200
    assert as_("hao").post(door).location == url
    assert state(world, "hao") == "active"
    for who in ("ou", "mei"):
        refused = as_(who).post(door)
        assert refused.status_code == 422 and "its organisation" in refused.text
    assert as_("qiu").post(door).status_code == 422, "a pupil who is not in the circle"


def test_a_link_ends_by_uses_by_time_and_by_being_revoked(as_, url, world):
    once = make_link(as_("lei"), url, limit="1")
    assert as_("pan").post(once).status_code == 303, "a member uses nothing up"
    assert as_("hao").post(once).status_code == 303
    assert as_("wen").post(once).status_code == 410
    later = make_link(as_("lei"), url, days="1")
    with write():
        db.session.execute(sa.update(GroupInvitation).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert as_("wen").get(later).status_code == 410
    third = make_link(as_("lei"), url)
    number = db.session.scalar(sa.select(sa.func.max(GroupInvitation.id)))
    assert as_("pan").post(f"/group-invitations/{number}/delete").status_code == 404
    assert as_("tang").post(f"/group-invitations/{number}/delete").status_code == 303
    assert as_("wen").post(third).status_code == 410 and state(world, "wen") is None


def test_who_was_removed_does_not_come_back_by_a_link(as_, url, world):
    door = make_link(as_("tang"), url)
    member = db.session.scalars(
        sa.select(GroupMember.id).where(GroupMember.identity_id == world.identities["pan"])
    ).first()
    as_("tang").post(f"{url}/members/{member}/remove")
    refused = as_("pan").post(door)
    assert refused.status_code == 422 and "took you out" in refused.text
    assert state(world, "pan") == "removed"


def test_a_link_dies_with_its_makers_membership(as_, url):
    door = make_link(as_("lei"), url)
    as_("lei").post(f"{url}/leave")
    assert as_("hao").post(door).status_code == 410


def test_members_invite_among_friends_and_not_into_an_organisations_group(as_, world, url):
    friends = f"/groups/{world.groups['friends']}"
    door = make_link(as_("pan_private"), friends)
    assert as_("ou").post(door).location == friends
    assert as_("shen").post(door).status_code == 422, "pupils are in the groups of their school only"
    assert as_("pan").get(f"{url}/invitations").status_code == 403
    assert as_("pan").post(f"{url}/invitations", days="7").status_code == 403
    own = as_("yu").get(f"{friends}/invitations").text
    assert "/g/" in own, "administrators see all links"
    assert "/g/" not in as_("ou").get(f"{friends}/invitations").text


def test_a_stranger_makes_an_account_at_the_door(as_, world):
    door = make_link(as_("yu"), f"/groups/{world.groups['friends']}")
    newcomer = as_("nobody")
    wrong = newcomer.post(f"{door}/account", name="", login="newcomer", password="long enough")
    assert wrong.status_code == 422 and 'value="newcomer"' in wrong.text
    made = newcomer.post(f"{door}/account", name="New Comer", login="newcomer", password="long enough")
    assert made.status_code == 303 and made.location == door
    assert "Join the group" in newcomer.get(door).text


def test_a_bad_number_of_uses_comes_back(as_, url):
    answer = as_("tang").post(f"{url}/invitations", days="7", limit="many")
    assert answer.status_code == 422 and 'value="many"' in answer.text


# ---- the end ---------------------------------------------------------------------------------------------
def test_a_dissolved_group_is_read_by_its_members_and_nobody_writes_or_joins(as_, url, world):
    say(world, "pan", "Last words")
    door = make_link(as_("tang"), url)
    assert as_("lei").get(f"{url}/dissolve").status_code == 403
    assert as_("lei").post(f"{url}/dissolve").status_code == 403
    assert as_("tang").get(f"{url}/dissolve").status_code == 200
    assert as_("tang").post(f"{url}/dissolve").location == url
    page = as_("pan").get(url).text
    assert "Last words" in page and "dissolved" in page and 'id="say"' not in page
    assert as_("pan").post(f"{url}/messages", body="More", client_id="after-the-end").status_code == 403
    for path in ("members/add", "settings", "invitations"):
        assert as_("tang").get(f"{url}/{path}").status_code == 403, path
    assert as_("hao").post(door).status_code == 410
    assert as_("shen").get(url).status_code == 404, "who found it by the circle finds it no more"
    assert as_("pan").post(f"{url}/leave").status_code == 303
    assert db.session.scalars(sa.select(Link)).all() == []


def test_nothing_is_pushed_into_a_dissolved_group_and_the_circle_lists_it_no_more(as_, url, world):
    set_push(world, "all")
    as_("tang").post(f"{url}/dissolve")
    publish(world, "Too late", notify=True)
    assert "Too late" not in as_("pan").get(url).text
    assert url not in as_("tang").get(f"/circles/{world.circles['class']}/groups").text
    assert "dissolved" in as_("pan").get("/groups").text
    assert ("poke", f"board-group-{world.groups['parents']}") in told(f"group-{world.groups['parents']}")


# ---- the + menu ------------------------------------------------------------------------------------------
def test_the_menu_offers_what_this_member_may_do(as_, url, world):
    tang, pan = as_("tang").get(f"{url}/tools").text, as_("pan").get(f"{url}/tools", htmx=True).text
    post = f"/circles/{world.circles['class']}/posts/new"
    assert post in tang and f"{url}/settings#announcement" in tang and f"{url}/invitations" in tang
    assert post not in pan and "settings" not in pan and "invitations" not in pan and f"{url}/keep" in pan
    assert "<html" not in pan and f'data-src="{url}/tools"' in as_("pan").get(url).text
    assert as_("ou").get(f"{url}/tools").status_code == 404


def test_a_group_without_circle_offers_no_circles_tools(world):
    with write():
        group = make_group(world.viewer("ou"), "Walks")
    offered = [each.address for each in tools(world.viewer("ou"), open_group(world.viewer("ou"), group.id))]
    assert offered == [f"/groups/{group.id}/settings#announcement", f"/groups/{group.id}/invitations"]


def test_messages_to_keep_are_ones_own_or_those_one_may_ask_for(as_, url, world):
    say(world, "pan", "Mine to keep")
    say(world, "tang", "Not hers")
    page = as_("pan").get(f"{url}/keep").text
    assert "Mine to keep" in page and "Not hers" not in page
    assert "Mine to keep" in as_("lei").get(f"{url}/keep").text
    assert as_("ou").get(f"{url}/keep").status_code == 404


def test_a_post_in_five_groups_is_new_once(as_, world):
    groups = [world.groups["parents"]]
    with write():
        for number in range(4):
            group = make_group(world.viewer("tang"), f"Group {number}")
            db.session.add(GroupMember(group_id=group.id, identity_id=world.identities["pan"]))
            groups.append(group.id)
            db.session.add(Link(group_id=group.id, circle_id=world.circles["class"], made_by=world.identities["tang"]))
        outside = make_group(world.viewer("tang"), "Others").id
        db.session.add(GroupMember(group_id=outside, identity_id=world.identities["hao"]))
        db.session.add(Link(group_id=outside, circle_id=world.circles["class"], made_by=world.identities["tang"]))
    publish(world, "Bring umbrellas", notify=True)
    page = as_("pan").get("/groups").text
    unread = [number for number in groups if f'data-unread="group-{number}">1<' in page]
    assert unread == [groups[0]]
    assert f'data-unread="group-{outside}">1<' in as_("hao").get("/groups").text
    for number in groups:
        assert "Bring umbrellas" in as_("pan").get(f"/groups/{number}").text


def test_a_dissolved_group_cannot_be_linked_again(as_, url, world):
    as_("tang").post(f"{url}/dissolve")
    circle = world.circles["class"]
    assert as_("tang").post(f"/circles/{circle}/links", group=world.groups["parents"]).status_code == 403
    assert db.session.get_one(Circle, circle) and db.session.get_one(Group, world.groups["parents"]).archived_at
