"""The gate of a circle holds on its side doors too: offices, partners, pasts that end, lists of people."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions import inviting, making, members
from webapp.circles.actions.joining import NotAdmitted, admit, join, leave, own_row
from webapp.circles.models import Circle, Membership, Partner
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.organisations.actions import end_identity

SECRET = "a secret of these tests"


def circle_of(world, key):
    return db.session.get_one(Circle, world.circles[key])


def identity_of(world, who):
    return db.session.get_one(Identity, world.identities[who])


def row(world, circle, who):
    db.session.rollback()
    return own_row(circle_of(world, circle), world.identities[who])


def put_in(world, circle, who, party, **more):
    with write():
        made = Membership(
            circle_id=world.circles[circle],
            identity_id=world.identities[who],
            party=party,
            **{"role": "member", **more},
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def owned_by_the_school(world, key):
    with write():
        circle_of(world, key).organisation_id = world.organisations["school"]


# ---- offices -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["qiu", "ex"])
def test_a_link_for_administrators_makes_none_of_a_pupil_or_parent(app, world, who):
    with write():
        link = inviting.make_invitation(
            world.viewer("tang"), circle_of(world, "class"), SECRET, days=1, limit=None, role="admin"
        )
    with pytest.raises(NotAdmitted), write():
        inviting.accept_invitation(world.viewer(who), circle_of(world, "class"), link)
    found = row(world, "class", who)
    assert found is None or found.state == "removed"


def test_a_link_for_administrators_makes_one_of_a_teacher(app, world):
    with write():
        link = inviting.make_invitation(
            world.viewer("tang"), circle_of(world, "class"), SECRET, days=1, limit=None, role="admin"
        )
        inviting.accept_invitation(world.viewer("wen"), circle_of(world, "class"), link)
    assert row(world, "class", "wen").role == "admin"


@pytest.mark.parametrize("act", ["appoint", "hand-over"])
def test_a_business_circle_stays_in_its_hosts_hands(as_, world, act):
    path = f"/circles/{world.circles['trade']}/members/{row(world, 'trade', 'dong').id}/{act}"
    assert as_("mei").post(path).status_code == 403
    assert row(world, "trade", "dong").role == "member" and row(world, "trade", "mei").role == "owner"


def test_its_own_staff_may_hold_office(as_, world):
    path = f"/circles/{world.circles['trade']}/members/{row(world, 'trade', 'sun').id}"
    assert as_("mei").post(f"{path}/appoint").status_code == 303
    assert row(world, "trade", "sun").role == "admin"
    assert as_("mei").post(f"{path}/hand-over").status_code == 303
    assert (row(world, "trade", "sun").role, row(world, "trade", "mei").role) == ("owner", "admin")


def test_whoever_holds_an_office_can_be_dismissed(as_, world):
    with write():
        own_row(circle_of(world, "class"), world.identities["pan"]).role = "admin"
    path = f"/circles/{world.circles['class']}/members/{row(world, 'class', 'pan').id}/dismiss"
    assert as_("tang").post(path).status_code == 303
    assert row(world, "class", "pan").role == "member"


def test_a_class_never_falls_to_a_pupil_when_its_teacher_goes(app, world):
    with write():
        end_identity(world.viewer("hao"), identity_of(world, "wen"))
    assert row(world, "nextdoor", "wen").state == "left"
    assert row(world, "nextdoor", "qiu").role == "member"
    assert row(world, "nextdoor", "hao").role == "owner"  # the head of the school takes it, rather than nobody


def test_a_request_does_not_outlive_the_identity_that_made_it(app, world):
    put_in(world, "staff", "wen", "teacher", state="requested")
    with write():
        end_identity(world.viewer("hao"), identity_of(world, "wen"))
    assert row(world, "staff", "wen").state == "left"


# ---- partners ----------------------------------------------------------------------------------------------------
def test_the_host_does_not_become_its_own_partner(app, world):
    with write():
        link = inviting.make_invitation(
            world.viewer("mei"), circle_of(world, "trade"), SECRET, days=1, limit=None, tag="dealer"
        )
    with pytest.raises(NotAdmitted), write():
        inviting.accept_for_company(world.viewer("mei"), circle_of(world, "trade"), link)
    own = sa.select(Partner).where(Partner.organisation_id == world.organisations["company"])
    assert db.session.scalars(own).all() == []


def test_a_company_comes_in_as_what_it_was_invited_as(app, world):
    with write():
        db.session.execute(sa.delete(Partner))
        link = inviting.make_invitation(
            world.viewer("mei"), circle_of(world, "trade"), SECRET, days=1, limit=1, tag="supplier"
        )
        inviting.accept_for_company(world.viewer("dong"), circle_of(world, "trade"), link)
    partner = db.session.get_one(Partner, (world.circles["trade"], world.organisations["dealer"]))
    assert partner.tag == "supplier" and link.id and row(world, "trade", "dong").state == "active"


# ---- links -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [{"revoked_at": True}, {"expires_at": True}])
def test_a_link_that_ends_while_its_page_is_open_admits_nobody(app, world, change):
    with write():
        link = inviting.make_invitation(world.viewer("yu"), circle_of(world, "secret"), SECRET, days=1, limit=None)
        values = {name: clock.now() - timedelta(seconds=1) for name in change}
        db.session.execute(sa.update(type(link)).where(type(link).id == link.id).values(**values))
    with pytest.raises(NotAdmitted), write():
        inviting.accept_invitation(world.viewer("ou"), circle_of(world, "secret"), link)
    assert row(world, "secret", "ou") is None


def test_a_refused_person_uses_nothing_up(as_, world):
    with write():
        link = inviting.make_invitation(world.viewer("tang"), circle_of(world, "class"), SECRET, days=1, limit=1)
    with pytest.raises(NotAdmitted), write():
        inviting.accept_invitation(world.viewer("ou"), circle_of(world, "class"), link)
    db.session.rollback()
    db.session.refresh(link)
    assert link.uses == 0


# ---- pasts that stay -----------------------------------------------------------------------------------------------
def test_leaving_and_coming_back_does_not_end_a_mute(app, world):
    until = clock.now() + timedelta(days=1)
    with write():
        join(world.viewer("ou"), circle_of(world, "birds"))
        own_row(circle_of(world, "birds"), world.identities["ou"]).muted_until = until
    with write():
        leave(world.viewer("ou"), circle_of(world, "birds"))
    with write():
        join(world.viewer("ou"), circle_of(world, "birds"))
    assert row(world, "birds", "ou").muted_until == until


def test_removing_somebody_banned_does_not_let_them_in_again(app, world):
    put_in(world, "birds", "ou", "customer", state="banned")
    with pytest.raises(members.NotYours), write():
        members.remove(
            world.viewer("yu"), circle_of(world, "birds"), own_row(circle_of(world, "birds"), world.identities["ou"])
        )
    assert row(world, "birds", "ou").state == "banned"


# ---- settings ------------------------------------------------------------------------------------------------------
def test_opening_a_circle_refuses_those_who_cannot_be_in_it_and_admits_the_rest(app, world):
    put_in(world, "lane", "shen", "customer", state="requested")
    put_in(world, "lane", "ou", "customer", state="requested")
    with write():
        lane = circle_of(world, "lane")
        making.update_settings(world.viewer("yu"), lane, name="Lane", intro="", rules=making.Rules("open"))
    assert (row(world, "lane", "shen").state, row(world, "lane", "ou").state) == ("refused", "active")


def test_opening_an_archived_circle_admits_nobody_yet(as_, world):
    put_in(world, "lane", "ou", "customer", state="requested")
    as_("yu").post(f"/circles/{world.circles['lane']}/archive")
    form = {
        "name": "Lane",
        "intro": "",
        "posting": "members",
        "commenting": "members",
        "joining": "open",
        "sharing": "admins",
    }
    assert as_("yu").post(f"/circles/{world.circles['lane']}/settings", **form).status_code == 303
    assert row(world, "lane", "ou").state == "requested"


# ---- lists of people -----------------------------------------------------------------------------------------------
def test_a_parent_in_the_schools_community_is_not_shown_the_schools_other_parents(as_, world):
    owned_by_the_school(world, "birds")
    put_in(world, "birds", "pan", "customer")
    path = f"/circles/{world.circles['birds']}/members/pick"
    assert "Former Xu" not in as_("pan").get(path).text and "Teacher Wen" not in as_("pan").get(path).text
    as_("pan").post(path, identity=world.identities["ex"])
    assert row(world, "birds", "ex") is None


def test_a_teacher_of_the_school_brings_its_people_in(as_, world):
    owned_by_the_school(world, "birds")
    put_in(world, "birds", "tang", "staff")
    path = f"/circles/{world.circles['birds']}/members/pick"
    assert "Former Xu" in as_("tang").get(path).text
    as_("tang").post(path, identity=world.identities["ex"])
    assert row(world, "birds", "ex").state == "active"


def test_picking_somebody_who_cannot_be_in_it_says_so_and_brings_in_the_others(as_, world):
    path = f"/circles/{world.circles['staff']}/members/pick"
    sent = as_("hao").post(path, identity=[world.identities["pan"], world.identities["wen"]])
    assert sent.status_code == 303
    assert row(world, "staff", "pan") is None and row(world, "staff", "wen").state == "active"


def test_a_member_is_shown_in_their_own_circle_only(as_, world):
    put_in(world, "nextdoor", "tang", "teacher")
    other = row(world, "nextdoor", "qiu").id
    assert as_("tang").get(f"/circles/{world.circles['nextdoor']}/members/{other}").status_code == 200
    assert as_("tang").get(f"/circles/{world.circles['class']}/members/{other}").status_code == 404
    assert as_("tang").post(f"/circles/{world.circles['class']}/members/{other}/remove").status_code == 404


# ---- an internal circle, by every path -------------------------------------------------------------------------------
OUTSIDE = ("mei", "ou", "ning", "pan", "shen", "tang_private")


def by_link(world, who):
    link = inviting.make_invitation(world.viewer("hao"), circle_of(world, "staff"), SECRET, days=1, limit=None)
    inviting.accept_invitation(world.viewer(who), circle_of(world, "staff"), link)


def by_open_door(world, who):
    circle_of(world, "staff").joining = "open"
    join(world.viewer(who), circle_of(world, "staff"))


def by_request(world, who):
    join(world.viewer(who), circle_of(world, "staff"))


def by_pick(world, who):
    members.pick(world.viewer("hao"), circle_of(world, "staff"), identity_of(world, who))


def by_group(world, who):
    admit(circle_of(world, "staff"), identity_of(world, who), via="group-1")


@pytest.mark.parametrize("path", [by_link, by_open_door, by_request, by_pick, by_group])
@pytest.mark.parametrize("who", OUTSIDE)
def test_an_internal_circle_admits_nobody_from_outside(app, world, path, who):
    with pytest.raises(NotAdmitted), write():
        path(world, who)
    assert row(world, "staff", who) is None


@pytest.mark.parametrize("path", [by_link, by_open_door, by_pick, by_group])
def test_an_internal_circle_admits_a_colleague_by_the_same_paths(app, world, path):
    with write():
        path(world, "wen")
    assert row(world, "staff", "wen").state == "active"
