"""Each side's administrators decide about their own people, and either side can end it."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.circles.models import Membership, Partner
from webapp.kit.db import db, write


def member(world, who, circle="trade"):
    db.session.rollback()
    return db.session.scalars(
        sa.select(Membership).where(
            Membership.circle_id == world.circles[circle], Membership.identity_id == world.identities[who]
        )
    ).one_or_none()


def partners(world):
    db.session.rollback()
    return list(db.session.scalars(sa.select(Partner.organisation_id)))


def bring(world):
    """The dealer's owner and its shop assistant are in the circle, as a company that accepted an invitation is."""
    with write():
        trade, own = world.circles["trade"], {"tag": "dealer", "company": "Corner Shop"}
        mine = (Membership.circle_id == trade, Membership.identity_id == world.identities["dong"])
        db.session.execute(sa.update(Membership).where(*mine).values(**own))
        fei = {"circle_id": trade, "identity_id": world.identities["fei"], "party": "partner", "role": "member"}
        db.session.add(Membership(**fei, **own))
    return f"/circles/{trade}"


def test_a_companys_administrator_sees_and_takes_out_own_people(as_, world):
    path = bring(world)
    page = as_("dong").get(f"{path}/company").text
    assert "Dealer Fei" in page and "Staff Sun" not in page
    assert as_("dong").post(f"{path}/company/members/{member(world, 'fei').id}/delete").status_code == 303
    assert member(world, "fei").state == "removed"


def test_they_do_not_touch_the_hosts_people(as_, world):
    path = bring(world)
    for who in ("sun", "mei"):
        assert as_("dong").post(f"{path}/company/members/{member(world, who).id}/delete").status_code == 403
        assert member(world, who).state == "active"


def test_nobody_else_has_that_desk(as_, world):
    path = bring(world)
    for who in ("fei", "mei", "sun"):
        assert as_(who).get(f"{path}/company").status_code == 403, who
        assert as_(who).post(f"{path}/company/leave").status_code == 403, who
    assert as_("ou").get(f"{path}/company").status_code == 404
    assert world.organisations["dealer"] in partners(world)


def test_the_host_ends_a_partnership_and_its_people_are_out(as_, world):
    path = bring(world)
    assert "Corner Shop" in as_("mei").get(f"{path}/members").text
    ended = f"{path}/companies/{world.organisations['dealer']}/delete"
    assert as_("sun").post(ended).status_code == 403 and as_("ou").post(ended).status_code == 404
    assert as_("mei").post(ended).status_code == 303
    assert partners(world) == []
    assert {member(world, who).state for who in ("dong", "fei")} == {"removed"}
    assert as_("dong").get(path).status_code == 404
    assert member(world, "sun").state == "active"
    assert as_("mei").post(ended).status_code == 303


def test_a_company_leaves_with_all_its_people_after_being_asked(as_, world):
    path = bring(world)
    assert "whole company" in as_("dong").get(f"{path}/company/leave").text
    assert member(world, "fei").state == "active"
    assert as_("dong").post(f"{path}/company/leave").status_code == 303
    assert {member(world, who).state for who in ("dong", "fei")} == {"left"} and partners(world) == []


def test_the_desk_is_offered_to_those_who_have_it(as_, world):
    path = bring(world)
    assert f"{path}/company" in as_("dong").get(f"{path}/members").text
    assert f'"{path}/company"' not in as_("fei").get(f"{path}/members").text
