"""Two at the same moment: the database decides, not who looked first."""

from concurrent.futures import ThreadPoolExecutor

from tests.conftest import Person
from webapp.accounts import actions, tries
from webapp.accounts import models as accounts
from webapp.kit.db import db, write


def all_at_once(app, forms):
    """Send these forms from as many browsers at once; answers the sorted codes."""

    def send(form):
        with app.app_context():
            return Person(app).post(*form[:1], **form[1]).status_code

    with ThreadPoolExecutor(len(forms)) as pool:
        return sorted(pool.map(send, forms))


def test_a_code_that_two_use_at_once_works_for_one(app, world):
    with write():
        person = db.session.get(accounts.Person, world.people["shen"])
        code = actions.make_code(world.viewer("root"), person)
    form = {"login": "shen", "code": code}
    forms = [("/code", {**form, "password": f"four new plain words {number}"}) for number in range(4)]
    assert all_at_once(app, forms) == [303, 422, 422, 422]


def test_tries_at_the_same_moment_are_all_counted(app, world):
    forms = [("/sign-in", {"_login": "tang", "_password": "wrong one here"})] * (tries.PER_ACCOUNT + 3)
    assert all_at_once(app, forms) == [422] * tries.PER_ACCOUNT + [429] * 3


def test_two_who_add_the_same_name_make_one_person(app, as_, world):
    browsers = [as_("root"), as_("root")]

    def add(browser):
        with app.app_context():
            return browser.post("/people/new", name="New Nan", login="nan").status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, browsers)) == [200, 422]
