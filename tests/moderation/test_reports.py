"""Reports: who sends them to whom, what is decided, once, and what the reported person is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.groups.saying import say, told
from tests.groups.test_links import publish
from webapp.accounts.models import Identity
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment
from webapp.feed.models import Comment, Thread
from webapp.groups.ending import dissolve
from webapp.groups.models import Group, GroupMember, Message
from webapp.kit import clock
from webapp.kit.db import db, load, write
from webapp.moderation.models import Case, Report
from webapp.posts.models import Post


@pytest.fixture
def post(world):
    return publish(world, "A bad word", who="lei")


def comment_on(world, post, who="pan", body="A bad comment"):
    with write():
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == post)).one()
        return add_comment(world.viewer(who), thread, body, f"comment-{who}-{body}"[:40]).id


def membership(world, who, circle="class"):
    mine = (Membership.circle_id == world.circles[circle], Membership.identity_id == world.identities[who])
    return db.session.scalars(sa.select(Membership.id).where(*mine)).one()


def group_member(world, who, group="parents"):
    mine = (GroupMember.group_id == world.groups[group], GroupMember.identity_id == world.identities[who])
    return db.session.scalars(sa.select(GroupMember.id).where(*mine)).one()


def send(person, path, **form):
    answer = person.post(path, **{"cause": "abuse", "words": "", **form})
    assert answer.status_code == 303, answer.text
    return db.session.scalar(sa.select(sa.func.max(Case.id)))


def case(number):
    return db.session.get_one(Case, number, populate_existing=True)


# ---- sending ---------------------------------------------------------------------------------------------
def test_everything_that_can_be_reported_has_its_way_in_and_a_form(as_, world, post):
    comment, message = comment_on(world, post, "lei"), say(world, "lei", "A bad message")
    doors = {
        f"/posts/{post}/menu": f"/posts/{post}/report",
        f"/comments/{comment}": f"/comments/{comment}/report",
        f"/messages/{message}/menu": f"/messages/{message}/report",
        f"/circles/{world.circles['class']}/members/{membership(world, 'lei')}": (
            f"/memberships/{membership(world, 'lei')}/report"
        ),
        f"/groups/{world.groups['parents']}/members/{group_member(world, 'lei')}": (
            f"/group-members/{group_member(world, 'lei')}/report"
        ),
    }
    pan = as_("pan")
    for page, report in doors.items():
        assert f'href="{report}"' in pan.get(page).text, page
        assert "Teacher Lei" in pan.get(report).text
        assert pan.post(report, cause="spam").status_code == 303
        assert as_("ou").get(report).status_code == 404
        assert as_("lei").get(report).status_code in (403, 404), "nobody reports themselves"
        assert as_("lei").post(report, cause="spam").status_code in (403, 404)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 5


def test_a_form_that_says_too_little_comes_back_with_what_was_written(as_, post):
    url, pan = f"/posts/{post}/report", as_("pan")
    empty = pan.post(url, words="It is mean")
    assert empty.status_code == 422 and "Choose what is wrong" in empty.text and 'value="It is mean"' in empty.text
    other = pan.post(url, cause="other", words=" ")
    assert other.status_code == 422 and "in a few words" in other.text
    assert pan.post(url, cause="abuse", desk="server").status_code == 422
    assert db.session.scalars(sa.select(Case)).all() == []


def test_who_reports_chooses_between_the_circle_and_the_organisation(as_, world, post):
    page = as_("pan").get(f"/posts/{post}/report").text
    assert 'value="circle" checked' in page and 'value="organisation"' in page
    number = send(as_("pan"), f"/posts/{post}/report", desk="organisation")
    assert "A bad word" in as_("hao").get(f"/cases/{number}").text
    assert as_("tang").get(f"/cases/{number}").status_code == 404, "the circle's moderators do not see it"
    assert as_("tang").get(f"/organisations/{world.organisations['school']}/reports").status_code == 403
    assert "A bad word" in as_("hao").get(f"/organisations/{world.organisations['school']}/reports").text


def test_what_the_only_moderator_wrote_goes_to_the_organisation(as_, world):
    with write():
        db.session.get_one(Membership, membership(world, "lei")).role = "member"
    number = publish(world, "By the owner", who="tang")
    page = as_("pan").get(f"/posts/{number}/report").text
    assert 'value="circle"' not in page and "The organisation’s administrators" in page
    found = send(as_("pan"), f"/posts/{number}/report")
    assert case(found).desk == "organisation"
    assert as_("tang").get(f"/cases/{found}").status_code == 404
    assert as_("hao").get(f"/cases/{found}").status_code == 200


def test_where_there_is_no_organisation_it_goes_to_the_servers_administrators(as_, world):
    number = publish(world, "By Yu, who owns it", who="yu", circle="lane")
    found = send(as_("pan_private"), f"/posts/{number}/report")
    assert case(found).desk == "server"
    assert "By Yu" in as_("root").get("/server/reports").text
    assert as_("yu").get(f"/cases/{found}").status_code == 404
    assert as_("hao").get("/server/reports").status_code == 403


def test_a_case_whose_last_other_moderator_left_rises_to_the_organisation(as_, world):
    number = publish(world, "By the owner", who="tang")
    found = send(as_("pan"), f"/posts/{number}/report", desk="circle")
    assert as_("lei").get(f"/cases/{found}").status_code == 200
    assert as_("hao").get(f"/cases/{found}").status_code == 404
    with write():
        db.session.get_one(Membership, membership(world, "lei")).role = "member"
    assert as_("lei").get(f"/cases/{found}").status_code == 404
    school = world.organisations["school"]
    assert "By the owner" in as_("hao").get(f"/organisations/{school}/reports").text
    assert as_("hao").post(f"/cases/{found}", outcome="hidden", reason="rude").status_code == 303


def test_the_same_person_in_another_role_decides_nothing_about_themselves(as_, world):
    number = publish(world, "By Pan", who="pan_private", circle="lane")
    with write():
        here = {"circle_id": world.circles["lane"], "identity_id": world.identities["pan"]}
        db.session.add(Membership(**here, party="customer", role="admin"))
    found = send(as_("yu"), f"/posts/{number}/report")
    assert case(found).desk == "circle"
    assert as_("pan").get(f"/cases/{found}").status_code == 404
    assert as_("yu").get(f"/cases/{found}").status_code == 200


def test_reported_twice_is_reported_once_and_two_who_report_make_one_case(as_, world, post):
    url = f"/posts/{post}/report"
    assert send(as_("pan"), url) == send(as_("pan"), url) == send(as_("shen"), url)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 2
    assert "2 reports" in as_("tang").get(f"/circles/{world.circles['class']}/reports").text


def test_there_is_a_pace(as_, world):
    pan = as_("pan")
    for number in range(10):
        send(pan, f"/messages/{say(world, 'lei', f'Message {number}')}/report")
    eleventh = pan.post(f"/messages/{say(world, 'lei', 'One more')}/report", cause="spam", words="Kept words")
    assert eleventh.status_code == 429 and "Kept words" in eleventh.text


def test_a_message_that_was_taken_back_quickly_can_still_be_reported(as_, world):
    message = say(world, "pan", "Meant to hurt")
    as_("pan").post(f"/messages/{message}/recall")
    found = send(as_("lei"), f"/messages/{message}/report")
    assert "Meant to hurt" in as_("tang").get(f"/cases/{found}").text


def test_what_stands_in_a_dissolved_group_goes_past_its_administrators(as_, world):
    message = say(world, "lei", "Before the end")
    with write():
        dissolve(world.viewer("tang"), load(Group, world.groups["parents"]))
    assert case(send(as_("pan"), f"/messages/{message}/report")).desk == "organisation"


# ---- the queue -------------------------------------------------------------------------------------------
def test_moderators_see_how_many_wait_and_hear_of_it_live(as_, world, post):
    circle = f"/circles/{world.circles['class']}"
    assert "waits for you" not in as_("tang").get(circle).text
    send(as_("pan"), f"/posts/{post}/report")
    assert "1 report waits for you" in as_("tang").get(circle).text
    for who in ("lei", "pan", "shen"):
        assert "waits for you" not in as_(who).get(circle).text, "neither the reported moderator nor members"
    key = ("poke", f"reports-circle-{world.circles['class']}")
    assert key in told(f"viewer-{world.identities['tang']}")
    assert key not in told(f"viewer-{world.identities['lei']}") + told(f"circle-{world.circles['class']}")
    assert "1 report waits" in as_("tang").get(f"{circle}/reports/line", htmx=True).text
    assert as_("pan").get(f"{circle}/reports").status_code == 403


def test_the_organisations_page_and_the_groups_settings_count_too(as_, world, post):
    send(as_("pan"), f"/posts/{post}/report", desk="organisation")
    send(as_("pan"), f"/messages/{say(world, 'lei', 'Bad')}/report", desk="group")
    assert "1 report waits for you" in as_("hao").get(f"/organisations/{world.organisations['school']}").text
    assert "1 report waits for you" in as_("tang").get(f"/groups/{world.groups['parents']}/settings").text
    assert "waits for you" not in as_("lei").get(f"/groups/{world.groups['parents']}/settings").text


def test_a_case_shows_the_thing_what_stands_around_it_and_who_reported(as_, world):
    for words in ("Far before", "Before 1", "Before 2", "Before 3"):
        say(world, "pan", words)
    message = say(world, "lei", "The bad one")
    say(world, "pan", "After it")
    found = send(as_("pan"), f"/messages/{message}/report", words="It hurt me")
    page = as_("tang").get(f"/cases/{found}").text
    assert page.index("Before 1") < page.index("The bad one") < page.index("After it")
    assert "Far before" not in page and "It hurt me" in page and "Parent Pan" in page
    for who in ("pan", "lei", "ou", "shen"):
        assert as_(who).get(f"/cases/{found}").status_code == 404, who


# ---- deciding --------------------------------------------------------------------------------------------
def test_hiding_a_post_takes_it_down_and_its_author_reads_the_reason(as_, world, post):
    found = send(as_("pan"), f"/posts/{post}/report")
    url = f"/cases/{found}"
    assert as_("tang").post(url, outcome="hidden", reason=" ").status_code == 422
    done = as_("tang").post(url, outcome="hidden", reason="We do not speak so")
    assert done.location == f"/circles/{world.circles['class']}/reports"
    row = db.session.get_one(Post, post, populate_existing=True)
    assert (row.state, row.reason, row.decided_by) == ("hidden", "We do not speak so", world.identities["tang"])
    mine = as_("lei").get("/me/reports").text
    assert "We do not speak so" in mine and "A bad word" in mine
    assert "Parent Pan" not in mine and "Teacher Tang" not in mine
    assert "looked at and acted on" in as_("pan").get("/me/reports").text


def test_hiding_a_comment_and_a_message_uses_their_own_way(as_, world, post):
    comment, message = comment_on(world, post), say(world, "pan", "A bad message")
    first = send(as_("shen"), f"/comments/{comment}/report")
    second = send(as_("lei"), f"/messages/{message}/report", desk="organisation")
    as_("tang").post(f"/cases/{first}", outcome="hidden", reason="rude")
    as_("hao").post(f"/cases/{second}", outcome="hidden", reason="rude")
    assert db.session.get_one(Comment, comment, populate_existing=True).reason == "rude"
    gone = db.session.get_one(Message, message, populate_existing=True)
    assert gone.recalled_by == world.identities["hao"]
    assert "A bad message" not in as_("lei").get(f"/groups/{world.groups['parents']}").text


def test_nobody_decides_twice(as_, world, post):
    found = send(as_("pan"), f"/posts/{post}/report", desk="organisation")
    with write():
        db.session.get_one(Identity, world.identities["tang"]).power = "admin"
    assert as_("hao").post(f"/cases/{found}", outcome="dismissed", reason="").status_code == 303
    second = as_("tang").post(f"/cases/{found}", outcome="hidden", reason="rude")
    assert second.status_code == 409 and "decided already" in second.text
    assert case(found).state == "dismissed" and db.session.get_one(Post, post).state == "published"
    assert "looked at; nothing was done" in as_("pan").get("/me/reports").text
    assert "Nothing was decided about you." in as_("lei").get("/me/reports").text
    assert send(as_("shen"), f"/posts/{post}/report", desk="organisation") != found, "a new case"


@pytest.mark.parametrize("outcome", ["warned", "muted", "removed"])
def test_what_else_may_be_decided_about_a_person(as_, world, outcome):
    found = send(as_("shen"), f"/memberships/{membership(world, 'pan')}/report")
    assert as_("tang").post(f"/cases/{found}", outcome=outcome, reason="Third time").status_code == 303
    row = db.session.get_one(Membership, membership(world, "pan"), populate_existing=True)
    assert (row.state == "removed") is (outcome == "removed")
    assert (row.muted_until is not None and row.muted_until > clock.now() + timedelta(days=6)) is (outcome == "muted")
    assert "Third time" in as_("pan").get("/me/reports").text


def test_in_a_group_too(as_, world):
    found = send(as_("lei"), f"/group-members/{group_member(world, 'pan')}/report")
    assert as_("tang").post(f"/cases/{found}", outcome="removed", reason="Third time").status_code == 303
    assert db.session.get_one(GroupMember, group_member(world, "pan"), populate_existing=True).state == "removed"


def test_an_administrator_does_not_reach_above_their_role_and_nobody_removes_an_owner(as_, world):
    number = publish(world, "By the owner", who="tang")
    found = send(as_("pan"), f"/posts/{number}/report", desk="circle")
    page = as_("lei").get(f"/cases/{found}").text
    offered = re.findall(r'name="outcome" value="(\w+)"', page)
    assert offered == ["dismissed", "hidden", "warned"]
    refused = as_("lei").post(f"/cases/{found}", outcome="muted", reason="no")
    assert refused.status_code == 409 and case(found).state == "open"
    other = send(as_("pan"), f"/posts/{number}/report", desk="organisation")
    offered = re.findall(r'name="outcome" value="(\w+)"', as_("hao").get(f"/cases/{other}").text)
    assert offered == ["dismissed", "hidden", "warned", "muted"]


def test_what_was_deleted_meanwhile_cannot_be_hidden_and_is_still_decided(as_, world, post):
    found = send(as_("pan"), f"/posts/{post}/report")
    as_("lei").post(f"/posts/{post}/delete")
    page = as_("tang").get(f"/cases/{found}").text
    assert "taken down meanwhile" in page and 'value="hidden"' not in page
    assert as_("tang").post(f"/cases/{found}", outcome="hidden", reason="rude").status_code == 409
    assert as_("tang").post(f"/cases/{found}", outcome="warned", reason="rude").status_code == 303


def test_a_report_does_not_open_what_the_moderator_may_not_read_elsewhere(as_, world):
    message = say(world, "pan", "In the chat")
    found = send(as_("lei"), f"/messages/{message}/report", desk="organisation")
    assert as_("hao").get(f"/cases/{found}").status_code == 200
    assert as_("hao").get(f"/groups/{world.groups['parents']}").status_code == 404
    assert db.session.get_one(Circle, world.circles["class"]) is not None
