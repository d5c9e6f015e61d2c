"""Pages of circles: what they offer, ask first, keep, and refetch."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from webapp.circles.models import Circle, Invitation, Membership
from webapp.kit import clock
from webapp.kit.db import db, write


def member(world, circle, who):
    db.session.rollback()
    return db.session.scalars(
        sa.select(Membership).where(
            Membership.circle_id == world.circles[circle], Membership.identity_id == world.identities[who]
        )
    ).one_or_none()


def make_link(person, circle_id, **form):
    sent = {"days": "7", "limit": "", "role": "member", "tag": "", **form}
    assert person.post(f"/circles/{circle_id}/invitations", **sent).status_code == 303
    return re.search(r"/i/[\w-]{22}", person.get(f"/circles/{circle_id}/invitations").text)[0]


# ---- requests, live ------------------------------------------------------------------------------------------------
def test_a_request_stands_in_a_part_that_refetches_itself(as_, world):
    lane = world.circles["lane"]
    page = as_("yu").get(f"/circles/{lane}/members").text
    for part in (f"members-{lane}", f"requests-{lane}", f"members-tab-{lane}"):
        assert re.search(f'id="{part}"[^>]*data-live="members-{lane}"', page), part
    assert "asks to join" not in as_("yu").get(f"/circles/{lane}/requests", htmx=True).text
    as_("ou").post(f"/circles/{lane}/join", message="no. 3")
    part = as_("yu").get(f"/circles/{lane}/requests", htmx=True).text
    assert part.lstrip().startswith("<div") and "no. 3" in part
    assert '<b class="badge">1' in as_("yu").get(f"/circles/{lane}/members/tab?at=posts", htmx=True).text
    assert as_("pan_private").get(f"/circles/{lane}/requests").status_code == 403
    assert as_("pan_private").get(f"/circles/{lane}/members/tab").status_code == 403


def test_the_list_refetches_only_itself(as_, world):
    path = f"/circles/{world.circles['class']}/members?party=student"
    part = as_("pan").get(path, htmx=True).text
    assert "<html" not in part and "Student Shen" in part and "Teacher Tang" not in part
    assert "party=student" in part  # and goes on asking for the same


def test_one_request_is_decided_by_its_own_button_whatever_is_ticked(as_, world):
    lane = world.circles["lane"]
    for who in ("ou", "root"):
        as_(who).post(f"/circles/{lane}/join")
    first, second = member(world, "lane", "ou").id, member(world, "lane", "root").id
    as_("yu").post(f"/circles/{lane}/requests", request=second, decision=f"admit-{first}")
    assert (member(world, "lane", "ou").state, member(world, "lane", "root").state) == ("active", "requested")
    as_("yu").post(f"/circles/{lane}/requests", request=second, decision="nonsense")
    assert member(world, "lane", "root").state == "requested"
    as_("yu").post(f"/circles/{lane}/requests", decision=f"refuse-{second}")
    assert member(world, "lane", "root").state == "refused"


def test_nobody_is_ticked_beforehand(as_, world):
    """A request that arrives while the page is open must not be admitted unseen."""
    for who in ("ou", "root"):
        as_(who).post(f"/circles/{world.circles['lane']}/join")
    assert "checked" not in as_("yu").get(f"/circles/{world.circles['lane']}/requests").text


def test_a_request_of_another_circle_is_not_decided_here(as_, world):
    as_("ou").post(f"/circles/{world.circles['lane']}/join")
    asked = member(world, "lane", "ou").id
    as_("tang").post(f"/circles/{world.circles['class']}/requests", decision=f"admit-{asked}")
    assert member(world, "lane", "ou").state == "requested"


# ---- handing over ----------------------------------------------------------------------------------------------------
def test_handing_over_is_asked_first_and_offers_only_who_can_own_it(as_, world):
    path = f"/circles/{world.circles['class']}/hand-over"
    lei = member(world, "class", "lei").id
    page = as_("tang").get(f"{path}?to={lei}").text
    assert re.search(rf'value="{lei}"[^>]* checked', page)
    assert "Teacher Lei" in page and "Parent Pan" not in page and "Student Shen" not in page
    assert as_("lei").get(path).status_code == 403 and as_("lei").post(path, membership=lei).status_code == 403


def test_nobody_picked_hands_nothing_over(as_, world):
    path = f"/circles/{world.circles['class']}/hand-over"
    refused = as_("tang").post(path)
    assert refused.status_code == 422 and "Pick who takes it over" in refused.text
    assert as_("tang").post(path, membership=member(world, "class", "pan").id).status_code == 403
    assert member(world, "class", "tang").role == "owner"
    assert as_("tang").post(path, membership=member(world, "class", "lei").id).status_code == 303
    assert (member(world, "class", "lei").role, member(world, "class", "tang").role) == ("owner", "admin")


# ---- making ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("joining", "then"), [("", "request"), ("open", "open"), ("hidden", "hidden")])
def test_how_people_come_in_is_chosen_when_a_circle_is_made(as_, world, joining, then):
    assert as_("ou").post("/circles", kind="community", name="Mine", organisation=0, joining=joining).status_code == 303
    assert db.session.scalars(sa.select(Circle.joining).where(Circle.name == "Mine")).one() == then


def test_a_class_is_never_open(as_, world):
    form = {"kind": "class", "name": "Mine", "organisation": world.organisations["school"], "joining": "open"}
    refused = as_("tang").post("/circles", **form)
    assert refused.status_code == 422 and "never joined so" in refused.text and 'value="Mine"' in refused.text


def test_a_taken_name_leads_to_its_circle_where_one_may_know_of_it(as_, world):
    form = {"kind": "class", "name": "CLASS 3-2", "organisation": world.organisations["school"]}
    there = f'href="/circles/{world.circles["class"]}"'
    assert there in as_("tang").post("/circles", **form).text
    refused = as_("wen").post("/circles", **form)
    assert refused.status_code == 422 and "already" in refused.text and there not in refused.text


def test_a_class_without_a_school_is_refused_at_the_organisation(as_, world):
    refused = as_("tang").post("/circles", kind="class", name="Mine", organisation=0).text
    assert re.search(
        r'<select[^>]*aria-invalid="true"[^>]*id="organisation"|id="organisation"[^>]*aria-invalid', refused
    )


def test_a_pupil_is_not_offered_circles_that_would_refuse_them(as_, world):
    assert "Birds" in as_("ou").get("/discover").text
    assert "Birds" not in as_("shen").get("/discover").text and "Birds" not in as_("shen").get("/circles").text


def test_waiting_for_approval_is_offered_where_the_kind_knows_it(as_, world):
    assert 'name="approval"' in as_("tang").get(f"/circles/{world.circles['class']}/settings").text
    assert 'name="approval"' not in as_("yu").get(f"/circles/{world.circles['lane']}/settings").text


# ---- invitations -----------------------------------------------------------------------------------------------------
def test_an_invitation_says_who_invites(as_, world):
    assert "Neighbour Yu invites you." in as_("nobody").get(make_link(as_("yu"), world.circles["secret"])).text


def test_a_link_is_revoked_by_its_maker_and_by_administrators(as_, world):
    lane = world.circles["lane"]
    link = make_link(as_("pan_private"), lane)
    number = db.session.scalars(sa.select(Invitation.id)).one()
    revoke = f"/circles/{lane}/invitations/{number}/delete"
    assert as_("ou").post(revoke).status_code == 404
    assert as_("pan_private").post(revoke).status_code == 303
    assert as_("ou").get(link).status_code == 410


def test_whose_way_is_picking_makes_no_links(as_, world):
    with write():
        mine = Membership.identity_id == world.identities["tang"]
        db.session.execute(sa.update(Membership).where(mine).values(role="member"))
    path = f"/circles/{world.circles['class']}/invitations"
    assert as_("tang").post(path, days="7", role="member", tag="").status_code == 403
    assert db.session.scalars(sa.select(Invitation)).all() == []


def test_only_the_owners_link_makes_administrators(as_, world):
    path = f"/circles/{world.circles['class']}/invitations"
    assert as_("lei").post(path, days="7", role="admin", tag="").status_code == 422
    assert as_("tang").post(path, days="7", role="admin", tag="").status_code == 303


@pytest.mark.parametrize(("limit", "words"), [("many", "Write a number"), ("0", "Between 1"), ("-3", "Between 1")])
def test_a_number_of_people_that_is_none_is_said_in_our_words(as_, world, limit, words):
    path = f"/circles/{world.circles['lane']}/invitations"
    refused = as_("yu").post(path, days="7", limit=limit, role="member", tag="")
    assert refused.status_code == 422 and words in refused.text


def test_a_link_ends_by_itself(as_, world):
    link = make_link(as_("yu"), world.circles["secret"], days="1")
    with write():
        db.session.execute(sa.update(Invitation).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert as_("ou").get(link).status_code == 410 and as_("ou").post(link).status_code == 410
    assert member(world, "secret", "ou") is None


def test_trying_one_link_after_another_is_slowed_and_good_links_are_not_counted(as_, world):
    link = make_link(as_("yu"), world.circles["secret"])
    nobody = as_("nobody")

    def look(path):
        answer = nobody.get(path)
        answer.close()  # what a GET notes down is written when its answer is out
        return answer.status_code

    assert {look(link) for _ in range(40)} == {200}
    assert [look(f"/i/{'x' * 20}{n:02}") for n in range(32)] == [410] * 30 + [429] * 2


def test_changing_who_one_is_at_an_invitation_leads_back_to_it(as_, world):
    link = make_link(as_("yu"), world.circles["secret"])
    page = as_("shen").get(link).text
    assert f'name="next" value="{link}"' in page
    answer = as_("shen").post("/me/identity", identity=world.identities["shen_private"], next=link)
    assert answer.location == link
