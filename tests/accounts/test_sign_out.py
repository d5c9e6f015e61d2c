from datetime import timedelta

import sqlalchemy as sa

from webapp.accounts import sessions
from webapp.accounts.models import SignIn
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox


def ended_topics():
    return set(db.session.scalars(sa.select(Outbox.topic).where(Outbox.kind == "end")))


def test_after_signing_out_the_old_cookie_is_nobody(as_, world):
    browser = as_("tang")
    token = browser.client.get_cookie("sid_8000", domain="quanzi.test").value
    assert browser.post("/sign-out").location == "/sign-in"
    browser.client.set_cookie("sid_8000", token, domain="quanzi.test")
    assert browser.get("/me").status_code == 302


def test_signing_out_everywhere_reaches_the_other_devices_and_their_streams(as_, world):
    here, there, other = as_("tang"), as_("tang_private"), as_("shen")
    sessions = db.session.scalars(sa.select(SignIn.id).where(SignIn.person_id == world.people["tang"])).all()
    here.post("/sign-out/everywhere")
    assert there.get("/me").status_code == 302
    assert other.get("/me").status_code == 200
    assert {f"session-{number}" for number in sessions} <= ended_topics()


def test_signing_out_leaves_the_other_devices_alone(as_):
    here, there = as_("tang"), as_("tang_private")
    here.post("/sign-out")
    assert there.get("/me").status_code == 200


def test_signing_out_twice_is_no_error(as_):
    assert as_("nobody").post("/sign-out").status_code == 303


def test_sessions_that_ended_are_forgotten_after_a_month_and_living_ones_are_not(as_, world):
    as_("tang").post("/sign-out")
    for days, gone in ((29, 0), (31, 1)):
        before = db.session.scalar(sa.select(sa.func.count(SignIn.id)))
        with clock.at(clock.now() + timedelta(days=days)), write():
            sessions.sweep({})
        assert before - db.session.scalar(sa.select(sa.func.count(SignIn.id))) == gone
