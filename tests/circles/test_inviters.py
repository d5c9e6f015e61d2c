"""A link admits only while who made it could make it today."""

import pytest
import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions import inviting
from webapp.circles.actions.joining import NotAdmitted
from webapp.circles.models import Circle, Membership
from webapp.kit.db import db, write
from webapp.organisations.actions import end_identity

SECRET = "only for the tests, no secret at all"


def link_of(world, circle, who, role="member"):
    with write():
        here = db.session.get_one(Circle, world.circles[circle])
        made = inviting.make_invitation(world.viewer(who), here, SECRET, days=1, limit=None, role=role)
    return made, f"/i/{inviting.token_of(SECRET, made)}"


def change(world, circle, who, **values):
    with write():
        mine = (Membership.circle_id == world.circles[circle], Membership.identity_id == world.identities[who])
        db.session.execute(sa.update(Membership).where(*mine).values(**values))


def put_in(world, circle, who, **values):
    with write():
        row = {"circle_id": world.circles[circle], "identity_id": world.identities[who], "party": "customer"}
        db.session.add(Membership(**row, **values))


@pytest.mark.parametrize("state", ["removed", "banned", "left"])
def test_the_link_of_somebody_who_is_gone_is_over(as_, world, state):
    put_in(world, "birds", "ou")
    _, path = link_of(world, "birds", "ou")
    assert as_("pan_private").get(path).status_code == 200
    change(world, "birds", "ou", state=state)
    assert as_("pan_private").get(path).status_code == 410
    assert as_("pan_private").post(path).status_code == 410
    page = as_("yu").get(f"/circles/{world.circles['birds']}/invitations").text
    assert "Over." in page and path not in page


def test_it_ends_while_its_page_is_open(app, world):
    put_in(world, "birds", "ou")
    link, _ = link_of(world, "birds", "ou")
    change(world, "birds", "ou", state="banned")
    with pytest.raises(NotAdmitted), write():
        here = db.session.get_one(Circle, world.circles["birds"])
        inviting.accept_invitation(world.viewer("pan_private"), here, link)


def test_it_ends_with_the_identity_that_made_it(as_, world):
    _, path = link_of(world, "class", "lei")
    assert as_("qiu").get(path).status_code == 200
    with write():
        end_identity(world.viewer("hao"), db.session.get_one(Identity, world.identities["lei"]))
    assert as_("qiu").post(path).status_code == 410


def test_it_ends_with_the_office_that_it_needed(as_, world):
    _, path = link_of(world, "class", "lei")
    change(world, "class", "lei", role="member")
    assert as_("qiu").get(path).status_code == 410


def test_a_link_for_administrators_ends_when_the_circle_is_handed_over(as_, world):
    _, office = link_of(world, "class", "tang", role="admin")
    _, plain = link_of(world, "class", "tang")
    change(world, "class", "tang", role="admin")
    change(world, "class", "lei", role="owner")
    assert as_("wen").get(office).status_code == 410
    assert as_("wen").get(plain).status_code == 200


def test_a_members_link_holds_where_members_invite(as_, world):
    put_in(world, "birds", "ou")
    _, path = link_of(world, "birds", "ou")
    assert as_("pan_private").post(path).status_code == 303
