"""Circles: made, found, joined, left; who may and who must not."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from webapp.circles.kinds import ACTIONS, KINDS, PARTIES, cell, party_of
from webapp.circles.models import Circle, Invitation, Membership
from webapp.circles.policy import Rule
from webapp.kit.db import db, write
from webapp.kit.policy import allowed, can


def row(world, circle, who):
    db.session.rollback()
    return db.session.scalars(
        sa.select(Membership).where(
            Membership.circle_id == world.circles[circle], Membership.identity_id == world.identities[who]
        )
    ).one_or_none()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("party", PARTIES)
def test_each_cell_of_the_table_is_what_the_rules_say(app, world, kind, party):
    """A member in every column, and every action asked of the rules."""
    rules = {"view": Rule.CIRCLE_READ, "post": Rule.CIRCLE_POST, "comment": Rule.CIRCLE_COMMENT}
    rules |= {"invite": Rule.CIRCLE_INVITE, "moderate": Rule.CIRCLE_MODERATE}
    role = party if party in ("owner", "admin") else "member"
    with write() as session:
        circle = Circle(kind=kind, name="T", name_key="t", joining="invite")
        session.add(circle)
        session.flush()
        ordinary = "teacher" if kind == "class" else "staff"
        member = Membership(circle_id=circle.id, identity_id=world.identities["ou"], role=role)
        member.party = ordinary if role != "member" else party
        session.add(member)
    viewer = world.viewer("ou")
    for action in ACTIONS:
        written = cell(kind, role, member.party, action)
        assert can(rules[action], viewer, circle) == (written in ("Y", "s", "r", "c+")), (action, written)


def test_list_and_check_agree_for_everybody(app, world):
    circles = db.session.scalars(sa.select(Circle)).all()
    for who in world.tokens:
        viewer = world.viewer(who)
        for rule in Rule:
            if not rule.startswith("circle."):
                continue
            listed = set(db.session.scalars(sa.select(Circle.id).where(allowed(rule, viewer))))
            assert listed == {circle.id for circle in circles if can(rule, viewer, circle)}, (who, rule)


def test_a_party_for_each_identity():
    assert party_of("class", "guardian", True) == "parent"
    assert party_of("class", "guardian", False) is None
    assert party_of("internal", "pupil", True) is None
    assert party_of("business", "staff", False, "dealer") == "partner"
    assert party_of("business", "staff", False) is None
    assert party_of("interest", "pupil", False) is None
    assert party_of("community", "private", False) == "customer"


def test_a_teacher_makes_a_class_circle(as_, world):
    form = {"kind": "class", "name": "Class 9-9", "organisation": world.organisations["school"], "intro": "New"}
    made = as_("tang").post("/circles", **form)
    assert made.status_code == 303
    page = as_("tang").get(made.location)
    assert page.status_code == 200 and "Class 9-9" in page.text


def test_a_guardian_cannot_make_a_class_circle(as_, world):
    form = {"kind": "class", "name": "Mine", "organisation": world.organisations["school"]}
    refused = as_("pan").post("/circles", **form)
    assert refused.status_code == 422 and "Mine" in refused.text


def test_a_missing_name_keeps_what_was_typed(as_, world):
    refused = as_("tang").post(
        "/circles", kind="class", organisation=world.organisations["school"], name=" ", intro="kept"
    )
    assert refused.status_code == 422
    assert "kept" in refused.text and "A circle needs a name." in refused.text and 'aria-invalid="true"' in refused.text


def test_a_name_is_given_once_in_an_organisation(as_, world):
    form = {"kind": "class", "name": "class 3-2", "organisation": world.organisations["school"]}
    assert "already" in as_("wen").post("/circles", **form).text


def test_an_outsider_finds_no_class_circle(as_, world):
    for circle in ("class", "staff", "trade", "secret"):
        assert as_("ou").get(f"/circles/{world.circles[circle]}").status_code == 404
    assert "Class 3-2" not in as_("ou").get("/circles").text + as_("ou").get("/discover").text


def test_a_stranger_sees_of_an_open_circle_its_introduction_only(as_, world):
    page = as_("ou").get(f"/circles/{world.circles['birds']}")
    assert page.status_code == 200 and "for its members" in page.text
    assert as_("ou").get(f"/circles/{world.circles['birds']}/members").status_code == 403


def test_an_open_circle_is_joined_at_once(as_, world):
    assert as_("ou").post(f"/circles/{world.circles['birds']}/join").status_code == 303
    assert row(world, "birds", "ou").state == "active"


def test_a_pupil_cannot_join_it(as_, world):
    assert as_("shen").post(f"/circles/{world.circles['birds']}/join").status_code == 422
    assert row(world, "birds", "shen") is None


def test_a_request_is_decided_once(as_, world):
    lane = world.circles["lane"]
    as_("ou").post(f"/circles/{lane}/join", message="I live at no. 3")
    asked = row(world, "lane", "ou")
    assert asked.state == "requested" and "no. 3" in as_("yu").get(f"/circles/{lane}/members").text
    assert as_("pan_private").post(f"/circles/{lane}/requests", request=asked.id, decision="admit").status_code == 403
    as_("yu").post(f"/circles/{lane}/requests", request=asked.id, decision="admit")
    as_("yu").post(f"/circles/{lane}/requests", request=asked.id, decision="refuse")
    assert row(world, "lane", "ou").state == "active"


def test_an_internal_circle_takes_nobody_from_outside_by_any_path(as_, world):
    staff = world.circles["staff"]
    link = make_link(as_("hao"), staff)
    for who in ("mei", "ou", "ning", "pan", "shen"):
        assert as_(who).post(f"/circles/{staff}/join").status_code in (404, 422)
        assert as_(who).post(link).status_code == 422
        as_("hao").post(f"/circles/{staff}/members/pick", identity=world.identities[who])
        assert row(world, "staff", who) is None, who


def make_link(person, circle_id, **form):
    sent = {"days": "7", "limit": "", "role": "member", "tag": "", **form}
    assert person.post(f"/circles/{circle_id}/invitations", **sent).status_code == 303
    page = person.get(f"/circles/{circle_id}/invitations").text
    return re.search(r"/i/[\w-]{22}", page)[0]


def test_an_invitation_admits_and_ends_with_its_uses(as_, world):
    link = make_link(as_("yu"), world.circles["secret"], limit="1")
    assert "Secret" in as_("ou").get(link).text
    assert as_("ou").post(link).status_code == 303
    assert row(world, "secret", "ou").state == "active"
    assert as_("root").get(link).status_code == 410
    assert as_("root").post(link).status_code == 410


def test_opening_an_invitation_changes_nothing(as_, world):
    link = make_link(as_("yu"), world.circles["secret"], limit="1")
    for _ in range(5):
        assert as_("nobody").get(link).status_code == 200
    db.session.rollback()
    assert db.session.scalars(sa.select(Invitation.uses)).one() == 0


def test_a_revoked_or_altered_link_opens_nothing(as_, world):
    link = make_link(as_("yu"), world.circles["secret"])
    number = db.session.scalars(sa.select(Invitation.id)).one()
    assert as_("ou").get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 410
    as_("yu").post(f"/circles/{world.circles['secret']}/invitations/{number}/delete")
    assert as_("ou").get(link).status_code == 410


def test_an_account_is_made_by_an_invitation(as_, world):
    link = make_link(as_("yu"), world.circles["secret"])
    browser = as_("nobody")
    form = {"name": "New Neighbour", "login": "newneighbour", "password": "quite a long one"}
    made = browser.post(f"{link}/account", **form)
    assert made.status_code == 303
    joined = browser.client.post(link, base_url="http://quanzi.test", headers={"Origin": "http://quanzi.test"})
    assert joined.status_code == 303
    bad = as_("nobody").post(f"{link}/account", name="X", login="newneighbour", password="quite a long one")
    assert bad.status_code == 422 and "already" in bad.text


def test_a_request_that_meets_an_invitation_makes_a_member(as_, world):
    lane = world.circles["lane"]
    as_("ou").post(f"/circles/{lane}/join")
    as_("ou").post(make_link(as_("yu"), lane))
    assert row(world, "lane", "ou").state == "active"


def test_a_company_comes_in_by_its_administrator(as_, world):
    link = make_link(as_("mei"), world.circles["trade"], tag="supplier")
    assert as_("sun").post(link).status_code == 422
    assert as_("fei").post(link).status_code == 422
    assert (
        as_("dong")
        .post(f"/circles/{world.circles['trade']}/members/pick", identity=world.identities["fei"])
        .status_code
        == 303
    )
    assert row(world, "trade", "fei").company == "Corner Shop"


def test_only_the_administrator_of_a_partner_brings_its_people_in(as_, world):
    with write():
        other = {"circle_id": world.circles["trade"], "identity_id": world.identities["fei"], "party": "partner"}
        db.session.add(Membership(**other))
        membership = sa.select(Membership).where(Membership.identity_id == world.identities["dong"])
        db.session.delete(db.session.scalars(membership).one())
    path = f"/circles/{world.circles['trade']}/members/pick"
    assert "Dealer Dong" not in as_("fei").get(path).text
    as_("fei").post(path, identity=world.identities["dong"])
    assert row(world, "trade", "dong") is None


def test_an_owner_cannot_leave_before_handing_over(as_, world):
    path = f"/circles/{world.circles['class']}"
    assert as_("tang").post(f"{path}/leave").status_code == 422
    assert as_("tang").post(f"{path}/members/{row(world, 'class', 'pan').id}/hand-over").status_code == 403
    assert as_("tang").post(f"{path}/members/{row(world, 'class', 'lei').id}/hand-over").status_code == 303
    assert as_("tang").post(f"{path}/leave").status_code == 303
    assert (row(world, "class", "lei").role, row(world, "class", "tang").state) == ("owner", "left")


def test_an_administrator_touches_members_and_not_the_owner(as_, world):
    path = f"/circles/{world.circles['class']}/members"
    assert as_("lei").post(f"{path}/{row(world, 'class', 'tang').id}/remove").status_code == 403
    assert as_("lei").post(f"{path}/{row(world, 'class', 'shen').id}/appoint").status_code == 403
    assert as_("shen").post(f"{path}/{row(world, 'class', 'pan').id}/remove").status_code == 403
    assert as_("ou").post(f"{path}/{row(world, 'class', 'pan').id}/remove").status_code == 404
    assert as_("lei").post(f"{path}/{row(world, 'class', 'pan').id}/remove").status_code == 303
    assert row(world, "class", "pan").state == "removed"


def test_a_foreign_member_is_not_reached_through_ones_own_circle(as_, world):
    other = row(world, "nextdoor", "qiu").id
    path = f"/circles/{world.circles['class']}/members/{other}"
    assert as_("tang").post(f"{path}/remove").status_code in (403, 404)
    assert row(world, "nextdoor", "qiu").state == "active"


def test_who_is_muted_reads_and_does_not_write(as_, world):
    path = f"/circles/{world.circles['class']}/members/{row(world, 'class', 'shen').id}"
    as_("tang").post(f"{path}/mute")
    circle = db.session.get_one(Circle, world.circles["class"])
    shen = world.viewer("shen")
    assert can(Rule.CIRCLE_READ, shen, circle) and not can(Rule.CIRCLE_POST, shen, circle)
    assert not can(Rule.CIRCLE_COMMENT, shen, circle)
    as_("tang").post(f"{path}/unmute")
    db.session.rollback()
    assert can(Rule.CIRCLE_COMMENT, shen, circle)


def test_who_is_banned_comes_in_by_no_way(as_, world):
    lane = world.circles["lane"]
    as_("yu").post(f"/circles/{lane}/members/{row(world, 'lane', 'pan_private').id}/ban")
    assert as_("pan_private").post(f"/circles/{lane}/join").status_code == 422
    assert as_("pan_private").post(make_link(as_("yu"), lane)).status_code == 422
    as_("yu").post(f"/circles/{lane}/members/{row(world, 'lane', 'pan_private').id}/unban")
    as_("pan_private").post(f"/circles/{lane}/join")
    assert row(world, "lane", "pan_private").state == "requested"


def test_opening_a_circle_admits_those_who_wait_and_hiding_refuses_them(as_, world):
    lane = world.circles["lane"]
    form = {"name": "Lane", "intro": "", "posting": "members", "commenting": "members", "sharing": "members"}
    as_("ou").post(f"/circles/{lane}/join")
    as_("yu").post(f"/circles/{lane}/settings", joining="hidden", **form)
    assert row(world, "lane", "ou").state == "refused"
    as_("yu").post(f"/circles/{lane}/settings", joining="request", **form)
    as_("ou").post(f"/circles/{lane}/join")
    as_("yu").post(f"/circles/{lane}/settings", joining="open", **form)
    assert row(world, "lane", "ou").state == "active"


def test_an_archived_circle_is_read_and_not_written(as_, world):
    path = f"/circles/{world.circles['class']}"
    assert as_("lei").post(f"{path}/archive").status_code == 403
    as_("tang").post(f"{path}/archive")
    db.session.rollback()
    circle = db.session.get_one(Circle, world.circles["class"])
    assert can(Rule.CIRCLE_READ, world.viewer("pan"), circle) and not can(
        Rule.CIRCLE_POST, world.viewer("tang"), circle
    )


def test_the_organisation_ends_somebody_and_the_internal_circle_loses_them(app, world):
    from webapp.accounts.models import Identity
    from webapp.organisations.actions import end_identity

    with write():
        end_identity(world.viewer("hao"), db.session.get_one(Identity, world.identities["tang"]))
    assert row(world, "staff", "tang").state == "left"
    assert row(world, "class", "tang").state == "left"
    assert row(world, "class", "lei").role == "owner"


def test_a_private_identity_has_none_of_the_rights_of_the_teacher(as_, world):
    assert as_("tang_private").get(f"/circles/{world.circles['class']}").status_code == 404


def test_the_pages_speak_chinese(as_, world):
    page = as_("nobody").get("/sign-in", **{"Accept-Language": "zh-CN"}).text
    assert 'lang="zh-CN"' in page and "登录" in page


def test_mentions_are_for_members(as_, world):
    path = f"/circles/{world.circles['class']}/mentions?q=sh"
    assert 'data-name="Student Shen"' in as_("pan").get(path).text
    assert as_("ou").get(path).status_code == 404


def test_a_pupil_makes_no_circle(as_):
    assert as_("shen").get("/circles/new").status_code == 403
    assert as_("shen").post("/circles", kind="interest", name="Mine").status_code == 403
    assert "/circles/new" not in as_("shen").get("/circles").text
    assert "/circles/new" in as_("tang").get("/circles").text
