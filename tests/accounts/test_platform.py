"""Administrators of the server appoint each other, and one always stays."""

import pytest

from tests.cast import HASH
from webapp.accounts.actions import LastAdministrator, dismiss_platform_admin
from webapp.accounts.models import Person
from webapp.kit.db import db, write


def admins(world):
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.query(Person).filter_by(platform_admin=True)
    return {key for key, number in world.people.items() if number in {row.id for row in rows}}


def test_one_more_is_appointed_and_taken_back(as_, world):
    root, tang = as_("root"), world.people["tang"]
    assert "Make an administrator" in root.get(f"/people/{tang}").text
    assert root.post(f"/people/{tang}/appoint").location == f"/people/{tang}"
    assert admins(world) == {"root", "tang"}
    assert as_("tang").get("/people").status_code == 200
    assert root.post(f"/people/{tang}/dismiss").status_code == 303
    assert admins(world) == {"root"}
    assert as_("tang").get("/people").status_code == 403


@pytest.mark.parametrize("who", ["hao", "tang", "ou", "shen"])
def test_nobody_else_appoints(as_, world, who):
    for verb in ("appoint", "dismiss"):
        assert as_(who).post(f"/people/{world.people['root']}/{verb}").status_code == 404
    assert as_(who).post(f"/people/{world.people['tang']}/appoint").status_code == 404
    assert as_(who).get(f"/people/{world.people['tang']}").status_code == 404
    assert admins(world) == {"root"}


def test_the_last_one_stays(as_, world):
    assert "Appoint another person first" in as_("root").get(f"/people/{world.people['root']}").text
    assert as_("root").post(f"/people/{world.people['root']}/dismiss").status_code == 403
    assert admins(world) == {"root"}


def test_who_cannot_sign_in_yet_does_not_count_as_another(as_, world):
    with write():
        fresh = db.session.get(Person, world.people["tang"])
        fresh.password, fresh.platform_admin = None, True
    assert as_("root").post(f"/people/{world.people['root']}/dismiss").status_code == 403
    with write():
        db.session.get(Person, world.people["tang"]).password = HASH
    assert as_("root").post(f"/people/{world.people['root']}/dismiss").location == "/me"
    assert admins(world) == {"tang"}


def test_the_action_asks_again_for_two_who_dismiss_each_other(world):
    with pytest.raises(LastAdministrator), write():
        dismiss_platform_admin(world.viewer("root"), db.session.get(Person, world.people["root"]))
    assert admins(world) == {"root"}
