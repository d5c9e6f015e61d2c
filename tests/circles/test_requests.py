"""Who asked to join may take the request back."""

import sqlalchemy as sa

from webapp.circles.models import Circle, Membership
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox


def ask(as_, world, who="ou"):
    path = f"/circles/{world.circles['lane']}"
    as_(who).post(f"{path}/join", message="I live here")
    return path


def state(world, who="ou"):
    db.session.rollback()
    mine = (Membership.circle_id == world.circles["lane"], Membership.identity_id == world.identities[who])
    return db.session.scalar(sa.select(Membership.state).where(*mine))


def test_a_request_is_withdrawn_and_may_be_made_again(as_, world):
    path = ask(as_, world)
    assert f"{path}/request/delete" in as_("ou").get(path).text
    assert as_("ou").post(f"{path}/request/delete").location == "/circles"
    assert state(world) == "left"
    assert "I live here" not in as_("yu").get(f"{path}/members").text
    ask(as_, world)
    assert state(world) == "requested"


def test_those_who_decide_see_it_go(as_, world):
    path = ask(as_, world)
    before = db.session.scalar(sa.select(sa.func.max(Outbox.id)))
    as_("ou").post(f"{path}/request/delete")
    said = db.session.scalars(sa.select(Outbox).where(Outbox.id > before)).all()
    assert any(f"members-{world.circles['lane']}" in str(row.payload) for row in said)


def test_there_is_nothing_to_withdraw_for_others(as_, world):
    path = ask(as_, world)
    for who in ("yu", "pan_private", "tang", "hao"):
        assert as_(who).post(f"{path}/request/delete").status_code == 404
    assert state(world) == "requested"


def test_a_member_does_not_leave_by_it(as_, world):
    assert as_("pan_private").post(f"/circles/{world.circles['lane']}/request/delete").status_code == 404
    assert state(world, "pan_private") == "active"


def test_a_request_to_a_circle_that_is_not_shown_any_more_can_still_be_withdrawn(as_, world):
    circle = world.circles["staff"]
    as_("wen").post(f"/circles/{circle}/join")
    with write():
        db.session.get_one(Circle, circle).joining = "invite"
    assert f"/circles/{circle}/request/delete" in as_("wen").get("/circles").text
    assert as_("wen").post(f"/circles/{circle}/request/delete").status_code == 303
    assert f"/circles/{circle}" not in as_("wen").get("/circles").text
