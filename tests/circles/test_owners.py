"""No circle is left without an owner: it passes on, or rests until somebody of the organisation takes it over."""

import pytest
import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.models import Circle, Membership
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.organisations.actions import end_identity


def change(world, circle, **values):
    with write():
        for name, value in values.items():
            setattr(db.session.get_one(Circle, world.circles[circle]), name, value)


def end(world, who, by):
    with write():
        end_identity(world.viewer(by), db.session.get_one(Identity, world.identities[who]))


def owner(world, circle):
    db.session.rollback()
    db.session.expire_all()
    owners = sa.select(Membership.identity_id).where(
        Membership.circle_id == world.circles[circle], Membership.role == "owner", Membership.state == "active"
    )
    found = db.session.scalars(owners).one_or_none()
    return next((who for who, number in world.identities.items() if number == found), None)


def nobody_owns(world, circle):
    with write():
        here = Membership.circle_id == world.circles[circle]
        db.session.execute(sa.update(Membership).where(here).values(state="left", role="member"))


def test_an_archived_circle_passes_on_like_any_other(app, world):
    change(world, "nextdoor", archived_at=clock.now())
    end(world, "wen", by="hao")
    assert owner(world, "nextdoor") == "hao"
    assert db.session.get(Circle, world.circles["nextdoor"]).archived_at is not None


def test_a_ban_that_the_owner_said_does_not_shut_out_who_runs_the_school(app, world):
    with write():
        row = {"circle_id": world.circles["nextdoor"], "identity_id": world.identities["hao"], "party": "teacher"}
        db.session.add(Membership(**row, state="banned"))
    end(world, "wen", by="hao")
    assert owner(world, "nextdoor") == "hao"


def test_where_nobody_can_own_it_a_circle_rests(app, world):
    """A company run by somebody who is a teacher there: no such party is in a business circle."""
    with write():
        row = db.session.get_one(Identity, world.identities["sun"])
        row.kind, row.power = "teacher", "owner"
        db.session.get_one(Identity, world.identities["mei"]).power = "member"
        here = Membership.identity_id == world.identities["sun"]
        db.session.execute(sa.update(Membership).where(here).values(state="left"))
    end(world, "mei", by="sun")
    assert owner(world, "trade") is None
    assert db.session.get(Circle, world.circles["trade"]).archived_at is not None


@pytest.mark.parametrize("archived", [False, True])
def test_who_runs_the_organisation_takes_an_ownerless_circle_over(as_, world, archived):
    nobody_owns(world, "nextdoor")
    change(world, "nextdoor", archived_at=clock.now() if archived else None)
    path = f"/circles/{world.circles['nextdoor']}"
    assert f"{path}/take-over" in as_("hao").get("/circles").text
    assert as_("hao").post(f"{path}/take-over").location == path
    assert owner(world, "nextdoor") == "hao"
    assert as_("hao").get(f"{path}/settings").status_code == 200
    assert f"{path}/take-over" not in as_("hao").get("/circles").text


def test_nobody_takes_a_circle_that_has_an_owner(as_, world):
    path = f"/circles/{world.circles['nextdoor']}/take-over"
    assert as_("hao").post(path).status_code == 404
    assert owner(world, "nextdoor") == "wen"


@pytest.mark.parametrize("who", ["tang", "shen", "pan", "mei", "root", "hao_private"])
def test_nobody_else_takes_an_ownerless_circle(as_, world, who):
    nobody_owns(world, "nextdoor")
    assert as_(who).post(f"/circles/{world.circles['nextdoor']}/take-over").status_code == 404
    assert owner(world, "nextdoor") is None


def test_who_could_not_lead_its_kind_does_not_take_it(as_, world):
    nobody_owns(world, "trade")
    with write():
        db.session.get_one(Identity, world.identities["mei"]).kind = "teacher"
    assert as_("mei").post(f"/circles/{world.circles['trade']}/take-over").status_code == 404
