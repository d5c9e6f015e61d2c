import sqlalchemy as sa

from tests.cast import PASSWORD
from webapp.accounts import passwords, tries
from webapp.accounts.models import Identity, Person, SignIn
from webapp.kit.db import db, write

PROFILE = {"name": "Tang Li", "about": "I teach.", "lang": "en", "zone": "Europe/Berlin", "theme": "dark"}
FRESH = "four new plain words"


def person(world, who="tang"):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Person, world.people[who])


def test_the_page_shows_profile_roles_and_sessions(as_):
    text = as_("tang").get("/me").text
    assert "Sunrise School" in text
    assert "Privately" in text
    assert 'class="ring p l t"' in text


def test_it_is_only_for_people_who_are_signed_in(as_):
    for path in ("/me", "/me/password", "/me/identity", "/me/sessions/end"):
        assert as_("nobody").post(path).status_code == 401


def test_a_profile_is_kept(as_, world):
    assert as_("tang").post("/me", **PROFILE).location == "/me"
    row = person(world)
    assert {key: getattr(row, key) for key in PROFILE} == PROFILE
    assert 'data-theme="dark"' in as_("tang").get("/me").text


def test_a_profile_that_cannot_be_is_kept_in_the_form(as_, world):
    bad = {"name": "\u3164", "about": "Text stays", "zone": "Mars/Base", "lang": "xx", "theme": "pink"}
    answer = as_("tang").post("/me", **bad)
    assert answer.status_code == 422
    assert "Text stays" in answer.text
    assert answer.text.count('class="field bad"') == 4
    assert person(world).name == "Teacher Tang"


def test_a_password_changes_and_other_devices_are_out(as_, world):
    here, there = as_("tang"), as_("tang_private")
    assert here.post("/me/password", password_old=PASSWORD, password_new=FRESH).status_code == 303
    assert passwords.verify(person(world).password, FRESH)
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302


def test_a_password_stays_when_the_old_one_is_wrong(as_, world):
    before = person(world).password
    answer = as_("tang").post("/me/password", password_old="not this one", password_new=FRESH)
    assert answer.status_code == 422
    assert "not your password" in answer.text
    assert FRESH not in answer.text
    assert person(world).password == before


def test_a_stolen_session_cannot_try_passwords_for_ever(as_):
    browser = as_("tang")
    for _ in range(tries.PER_ACCOUNT):
        browser.post("/me/password", password_old="not this one", password_new=FRESH)
    assert browser.post("/me/password", password_old=PASSWORD, password_new=FRESH).status_code == 429


def test_one_tap_switches_the_identity_and_the_old_cookie_is_nobody(as_, world):
    browser = as_("tang")
    old = browser.client.get_cookie("sid_8000", domain="quanzi.test").value
    answer = browser.post("/me/identity", identity=world.identities["tang_private"])
    assert answer.location == "/me"
    assert browser.client.get_cookie("sid_8000", domain="quanzi.test").value != old
    assert f'data-me="{world.identities["tang_private"]}"' in browser.get("/me").text
    browser.client.set_cookie("sid_8000", old, domain="quanzi.test")
    assert browser.get("/me").status_code == 302


def test_nobody_switches_to_somebody_else_or_to_an_identity_that_ended(as_, world):
    browser = as_("tang")
    assert browser.post("/me/identity", identity=world.identities["lei"]).status_code == 404
    with write():
        ended = db.session.get(Identity, world.identities["tang_private"])
        ended.ended_at = ended.created_at
    assert browser.post("/me/identity", identity=world.identities["tang_private"]).status_code == 404
    assert browser.post("/me/identity", identity="x").status_code == 404


def test_a_form_from_before_the_switch_is_not_sent_as_somebody_else(as_, world):
    browser = as_("tang")
    browser.post("/me/identity", identity=world.identities["tang_private"])
    answer = browser.post("/me", **PROFILE)  # still carries the identity of before
    assert answer.status_code == 409
    assert "I teach." in answer.text
    assert person(world).about == ""


def test_one_device_is_signed_out(as_, world):
    here, there = as_("tang"), as_("tang_private")
    number = db.session.scalar(sa.select(SignIn.id).where(SignIn.identity_id == world.identities["tang_private"]))
    assert here.post(f"/me/sessions/{number}/end").status_code == 303
    assert there.get("/me").status_code == 302


def test_nobody_signs_out_the_device_of_somebody_else(as_, world):
    number = db.session.scalar(sa.select(SignIn.id).where(SignIn.identity_id == world.identities["lei"]))
    assert as_("tang").post(f"/me/sessions/{number}/end").status_code == 404
    assert as_("lei").get("/me").status_code == 200


def test_all_others_are_signed_out_at_once(as_):
    here, there = as_("tang"), as_("tang_private")
    here.post("/me/sessions/end")
    assert (here.get("/me").status_code, there.get("/me").status_code) == (200, 302)
