import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.cast import PASSWORD
from webapp.accounts import passwords
from webapp.accounts.models import Identity, PasswordCode, Person
from webapp.kit import clock
from webapp.kit.db import db, write

FRESH = "four new plain words"


def code_for(as_, world, who="shen", by="root"):
    answer = as_(by).post(f"/people/{world.people[who]}/code")
    assert answer.status_code == 200
    return re.search(r'<code id="code">([A-Z2-9]{4}-[A-Z2-9]{4})</code>', answer.text)[1]


def test_the_administrator_sees_everybody(as_):
    text = as_("root").get("/people").text
    assert "Teacher Tang" in text and "Outsider Ou" in text


@pytest.mark.parametrize("who", ["tang", "hao", "mei"])
def test_nobody_else_does(as_, who):
    assert as_(who).get("/people").status_code == 403
    assert as_(who).post("/people/new", name="X", login="xavier").status_code == 403
    assert as_("nobody").get("/people").status_code == 302


@pytest.mark.parametrize(("begins", "there"), [("teacher", 3), ("Teacher T", 1), ("tang", 1), ("%", 0), ("zz", 0)])
def test_people_are_found_by_how_their_name_begins(as_, begins, there):
    answer = as_("root").get(f"/people?q={begins.replace('%', '%25')}")
    assert (answer.status_code, answer.text.count('id="person-')) == (200, there)


def test_a_long_list_comes_in_stretches(as_, app):
    with write():
        db.session.add_all(Person(name=f"Person {number}") for number in range(60))
    first = as_("root").get("/people").text
    assert first.count('id="person-') == 40
    following = re.search(r'class="more" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert as_("root").get(following).text.count('id="person-') == 36


def test_a_new_person_comes_in_with_the_code_and_chooses_a_password(as_, sign_in):
    answer = as_("root").post("/people/new", name="New Nan", login="nan.new")
    code = re.search(r'<code id="code">(.*?)</code>', answer.text)[1]
    assert as_("nobody").post("/code", login="NAN.new", code=code.lower(), password=FRESH).location == "/sign-in"
    browser, _ = sign_in("nan.new", FRESH)
    assert "New Nan" in browser.get("/me").text


def test_a_name_that_is_taken_is_told_and_the_form_stays(as_):
    answer = as_("root").post("/people/new", name="Second Tang", login="Tang")
    assert answer.status_code == 422
    assert "Second Tang" in answer.text and "has this one already" in answer.text


@pytest.mark.parametrize("form", [{"name": "", "login": "abc"}, {"name": "Abc", "login": "?"}])
def test_a_person_needs_a_name_and_a_way_to_sign_in(as_, form):
    assert as_("root").post("/people/new", **form).status_code == 422


def test_using_a_code_ends_all_sessions(as_, world):
    there = as_("shen")
    as_("nobody").post("/code", login="shen", code=code_for(as_, world), password=FRESH)
    assert there.get("/me").status_code == 302


def test_a_code_works_once(as_, world):
    code = code_for(as_, world)
    assert as_("nobody").post("/code", login="shen", code=code, password=FRESH).status_code == 303
    again = as_("nobody").post("/code", login="shen", code=code, password="another four words")
    assert again.status_code == 422
    assert passwords.verify(db.session.get(Person, world.people["shen"]).password, FRESH)


def test_a_code_dies_after_five_wrong_tries(as_, world):
    code = code_for(as_, world)
    for _ in range(5):
        assert as_("nobody").post("/code", login="shen", code="ABCDEFGH", password=FRESH).status_code == 422
    assert as_("nobody").post("/code", login="shen", code=code, password=FRESH).status_code == 422


def test_a_code_lives_a_day(as_, world):
    code = code_for(as_, world)
    with clock.at(clock.now() + timedelta(hours=25)):
        assert as_("nobody").post("/code", login="shen", code=code, password=FRESH).status_code == 422


def test_a_new_code_makes_the_old_one_void(as_, world):
    old, new = code_for(as_, world), code_for(as_, world)
    assert as_("nobody").post("/code", login="shen", code=old, password=FRESH).status_code == 422
    assert as_("nobody").post("/code", login="shen", code=new, password=FRESH).status_code == 303


def test_a_code_is_not_anybody_elses(as_, world):
    code = code_for(as_, world)
    assert as_("nobody").post("/code", login="qiu", code=code, password=FRESH).status_code == 422


def test_a_code_is_stored_only_as_a_hash(as_, world):
    code = code_for(as_, world).replace("-", "")
    assert db.session.scalar(sa.select(PasswordCode.code_hash)) != code
    assert code not in as_("root").get("/people").text


def test_code_page_says_the_same_of_unknown_names(as_, world):
    code_for(as_, world)
    known = as_("nobody").post("/code", login="shen", code="ABCDEFGH", password=FRESH)
    unknown = as_("nobody").post("/code", login="nobody9", code="ABCDEFGH", password=FRESH)
    assert known.text.replace("shen", "nobody9") == unknown.text
    assert known.status_code == unknown.status_code == 422


def test_both_hash_once(as_, monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "hashed", lambda given: asked.append(given) or "hash")
    for login in ("shen", "nobody9"):
        as_("nobody").post("/code", login=login, code="ABCDEFGH", password=FRESH)
    assert len(asked) == 2


@pytest.mark.parametrize("password", ["short", "12345678"])
def test_a_weak_password_does_not_cost_the_code(as_, world, password):
    code = code_for(as_, world)
    assert as_("nobody").post("/code", login="shen", code=code, password=password).status_code == 422
    assert as_("nobody").post("/code", login="shen", code=code, password=FRESH).status_code == 303


def test_the_head_helps_her_schools_people_only(as_, world):
    assert code_for(as_, world, "shen", by="hao")
    for who in ("sun", "ning", "ou", "root"):
        assert as_("hao").post(f"/people/{world.people[who]}/code").status_code == 404


@pytest.mark.parametrize("who", ["tang", "pan", "shen", "hao_private", "ou"])
def test_whoever_runs_nothing_helps_nobody(as_, world, who):
    assert as_(who).post(f"/people/{world.people['qiu']}/code").status_code == 404


def test_an_administrator_does_not_take_over_the_owner_but_the_owner_helps_an_administrator(as_, world):
    with write():
        db.session.get(Identity, world.identities["lei"]).power = "admin"
    assert as_("lei").post(f"/people/{world.people['hao']}/code").status_code == 404
    assert as_("lei").post(f"/people/{world.people['shen']}/code").status_code == 200
    assert as_("hao").post(f"/people/{world.people['lei']}/code").status_code == 200


def test_a_school_does_not_open_the_account_of_somebody_who_is_also_elsewhere(as_, world):
    with write():
        db.session.add(
            Identity(person_id=world.people["pan"], organisation_id=world.organisations["company"], kind="staff")
        )
    assert as_("hao").post(f"/people/{world.people['pan']}/code").status_code == 404
    assert as_("root").post(f"/people/{world.people['pan']}/code").status_code == 200


def test_the_old_password_still_opens_until_the_code_is_used(as_, world, sign_in):
    code_for(as_, world)
    assert sign_in("shen", PASSWORD)[1].status_code == 303
