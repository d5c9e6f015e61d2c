import pytest
import sqlalchemy as sa

from webapp.accounts import first_run
from webapp.accounts.models import Person
from webapp.kit.db import db, write

FORM = {"name": "Gu", "login": "admin", "password": "four plain words here"}


@pytest.fixture
def code(app):
    return first_run.code(app.config["SECRET_KEY"])


@pytest.fixture
def empty(app):
    """A server on which nobody is yet."""
    with write():
        for table in ("membership", "group_member", "link", "guardianship", "sign_in", "identity", "person"):
            db.session.execute(sa.text(f"DELETE FROM {table}"))


def test_the_first_person_becomes_the_administrator_and_is_in(empty, as_, code):
    browser = as_("nobody")
    assert browser.get("/sign-in").location == "/first-run"
    assert browser.get("/first-run").status_code == 200
    assert browser.post("/first-run", code=code, **FORM).location == "/people"
    assert browser.get("/people").status_code == 200


def test_afterwards_the_page_is_gone_for_ever(empty, as_, code):
    as_("nobody").post("/first-run", code=code, **FORM)
    assert as_("nobody").get("/first-run").status_code == 404
    assert as_("nobody").post("/first-run", code=code, **FORM).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_without_the_code_nobody_is_made_and_the_form_stays(empty, as_):
    answer = as_("nobody").post("/first-run", code="guessed", **FORM)
    assert answer.status_code == 422
    assert 'value="admin"' in answer.text
    assert first_run.needed()


def test_where_people_are_the_page_does_not_exist(as_, code):
    assert as_("nobody").get("/first-run").status_code == 404
    assert as_("nobody").post("/first-run", code=code, **FORM).status_code == 404
