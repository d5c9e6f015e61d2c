from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.cast import PASSWORD
from webapp.accounts import passwords, tries
from webapp.accounts.models import Person, SignIn
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.throttle import Bucket


def test_a_person_signs_in_and_is_known(sign_in):
    browser, answer = sign_in("tang")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Teacher Tang" in browser.get("/me").text


@pytest.mark.parametrize("login", ["TANG", "+86 138 0000 4410", "Tang@Example.org"])
def test_each_of_three_names_opens_the_door(sign_in, world, login):
    with write():
        person = db.session.get(Person, world.people["tang"])
        person.phone, person.email = "+8613800004410", "tang@example.org"
    assert sign_in(login)[1].status_code == 303


def test_wrong_password_and_unknown_name_get_the_same_words(sign_in):
    known, unknown = sign_in("tang", "wrong one here")[1], sign_in("nobody9", "wrong one here")[1]
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace("tang", "nobody9") == unknown.text
    assert "These do not fit together" in known.text


def test_known_and_unknown_are_hashed_once_each(sign_in, monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "verify", lambda stored, _given: asked.append(stored) or False)
    sign_in("tang"), sign_in("nobody9")
    assert len(asked) == 2


def test_a_name_that_was_typed_stays_and_a_password_does_not(sign_in):
    text = sign_in("tang", "wrong one here")[1].text
    assert 'value="tang"' in text
    assert "wrong one here" not in text


def test_an_empty_form_says_what_is_missing(sign_in):
    answer = sign_in("")[1]
    assert answer.status_code == 422
    assert "Who are you?" in answer.text


@pytest.mark.parametrize(
    ("going_to", "lands"),
    [
        ("/me?a=1", "/me?a=1"),
        ("//evil.test", "/"),
        ("https://evil.test", "/"),
        ("/\\evil.test", "/"),
        ("/\t/evil", "/"),
    ],
)
def test_it_goes_on_to_local_pages_only(sign_in, going_to, lands):
    assert sign_in("tang", _next=going_to)[1].location == lands


def test_staying_signed_in_is_a_cookie_that_outlives_the_browser(sign_in):
    def age(answer):
        return [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("sid_8000")]

    assert "Max-Age=7776000" in age(sign_in("tang", _stay="y")[1])[0]
    assert "Max-Age" not in age(sign_in("tang")[1])[0]
    assert "HttpOnly" in age(sign_in("tang")[1])[0]


def test_an_old_hash_is_renewed_when_its_person_signs_in(sign_in, world):
    before = db.session.get(Person, world.people["tang"]).password
    sign_in("tang")
    db.session.rollback()
    after = db.session.scalar(sa.select(Person.password).where(Person.id == world.people["tang"]))
    assert after != before
    assert not passwords.outdated(after)


def test_signing_in_over_another_session_ends_that_one(sign_in, as_, app):
    browser = as_("shen")
    token = browser.client.get_cookie("sid_8000", domain="quanzi.test").value
    sign_in("tang", browser=browser)
    browser.client.set_cookie("sid_8000", token, domain="quanzi.test")
    assert browser.get("/me").status_code == 302


def test_a_preset_cookie_is_not_taken_over(sign_in):
    browser, answer = sign_in("tang")
    assert "sid_8000=" in "".join(answer.headers.getlist("Set-Cookie"))
    stored = db.session.scalars(sa.select(SignIn.token_hash)).all()
    assert browser.client.get_cookie("sid_8000", domain="quanzi.test").value not in stored


def test_ten_wrong_tries_from_a_strange_browser_stop_it_and_keep_the_words_plain(sign_in):
    for _ in range(tries.PER_ACCOUNT):
        assert sign_in("tang", "wrong one here")[1].status_code == 422
    answer = sign_in("tang")[1]
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.text


def test_an_unknown_name_is_stopped_after_as_many(sign_in):
    answers = [sign_in("nobody9", "wrong one here")[1].status_code for _ in range(tries.PER_ACCOUNT + 1)]
    assert answers == [422] * tries.PER_ACCOUNT + [429]


def test_nobody_locks_out_the_person_on_their_own_browser(sign_in):
    browser, _ = sign_in("tang")
    browser.post("/sign-out")
    for _ in range(tries.PER_ACCOUNT + 1):
        sign_in("tang", "wrong one here")
    assert sign_in("tang", browser=browser)[1].status_code == 303


def test_an_address_is_stopped_after_very_many(sign_in):
    with write():
        db.session.add(Bucket(key="try from 127.0.0.1", count=300, until=clock.now() + timedelta(minutes=9)))
    assert sign_in("tang")[1].status_code == 429


def test_signing_in_is_not_counted_against_anybody(sign_in):
    for _ in range(tries.PER_ACCOUNT + 2):
        assert sign_in("tang")[1].status_code == 303


@pytest.mark.parametrize("address", ["2001:db8::1", "2001:db8::ffff"])
def test_a_household_is_one_address(address):
    assert tries.address_key(address) == "try from 2001:db8::/64"


def test_a_signed_in_person_needs_no_sign_in_page(as_):
    assert as_("tang").get("/sign-in?next=/me").location == "/me"


def test_the_page_speaks_the_language_that_was_chosen_and_a_get_changes_nothing(as_):
    browser = as_("nobody")
    assert '<html lang="en"' in browser.get("/sign-in?lang=zh").text
    answer = browser.post("/language", lang="zh", next="/sign-in?next=/me")
    assert answer.location == "/sign-in?next=/me"
    assert '<html lang="zh-CN"' in browser.get("/sign-in").text


def test_a_language_that_is_not_there_is_not_kept(as_):
    answer = as_("nobody").post("/language", lang="xx", next="//evil.test")
    assert (answer.location, answer.headers.get("Set-Cookie")) == ("/sign-in", None)


def test_the_form_comes_from_here(as_):
    evil = {"Origin": "http://evil.test", "Sec-Fetch-Site": "cross-site"}
    assert as_("nobody").post("/sign-in", headers=evil, _login="tang", _password=PASSWORD).status_code == 403
