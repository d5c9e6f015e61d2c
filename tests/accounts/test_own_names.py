"""A person changes what they sign in with."""

import re

import pytest

from webapp.accounts.models import Person
from webapp.accounts.views.me import NAMES
from webapp.kit.db import db


def names(world, who="tang"):
    db.session.rollback()
    db.session.expire_all()
    row = db.session.get(Person, world.people[who])
    return row.username, row.phone, row.email


def test_they_are_kept_as_they_are_looked_up(as_, world, sign_in):
    form = {"username": "Tang.Li", "phone": "138 0013 8000", "email": "Tang@School.TEST"}
    assert as_("tang").post("/me/names", **form).location == "/me"
    assert names(world) == ("tang.li", "+8613800138000", "tang@school.test")
    for login in ("TANG.LI", "13800138000", "tang@school.test"):
        assert sign_in(login)[1].status_code == 303


def test_the_page_has_them(as_):
    assert re.search(r'<input[^>]* name="username"[^>]* value="tang"', as_("tang").get("/me").text)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("username", "a b c"), ("username", "13800138000"), ("username", "a@b.cn"), ("phone", "12"), ("phone", "tang"),
     ("email", "tang"), ("email", "a@b@c")],
)  # fmt: skip
def test_one_that_cannot_be_is_told_beside_its_field(as_, world, field, typed):
    answer = as_("tang").post("/me/names", **{"username": "tang", field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text and typed in answer.text
    assert names(world) == ("tang", None, None)


def test_one_of_the_three_stays(as_, world):
    assert as_("tang").post("/me/names", username="", phone="", email="").status_code == 422
    assert as_("tang").post("/me/names", username="", phone="13800138000", email="").status_code == 303
    assert names(world) == (None, "+8613800138000", None)


def test_one_that_is_taken_is_refused_in_the_same_words_for_each(as_, world):
    as_("lei").post("/me/names", username="lei", phone="13800138000", email="lei@school.test")
    for field, typed in (("username", "LEI"), ("phone", "+86 138 0013 8000"), ("email", "LEI@school.test")):
        answer = as_("tang").post("/me/names", **{"username": "tang", field: typed})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text and "cannot be used here" in answer.text
        assert "Lei" not in answer.text.replace("LEI", "")
    assert names(world) == ("tang", None, None)


def test_nobody_finds_out_name_after_name(as_):
    browser = as_("tang")
    for number in range(NAMES):
        browser.post("/me/names", username=f"tang{number}")
    answer = browser.post("/me/names", username="lei")
    assert answer.status_code == 429
    assert 'value="lei"' in answer.text and "cannot be used" not in answer.text


def test_they_are_ones_own_only(as_, world):
    assert as_("nobody").post("/me/names", username="x.y").status_code == 401
    as_("shen").post("/me/names", username="shen.new", person_id=world.people["tang"])
    assert names(world) == ("tang", None, None)
