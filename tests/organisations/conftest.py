import pytest

from tests.conftest import HOST, Person

PASSWORD = "four new plain words"


@pytest.fixture
def sign_in_with_code(app):
    """Set a password with a one-time code and sign in with it; answers the browser."""

    def through(login, code):
        browser = Person(app)
        browser.post("/code", login=login, code=code, password=PASSWORD)
        form = {"_login": login, "_password": PASSWORD}
        answer = browser.client.post("/sign-in", data=form, headers=HOST, base_url="http://quanzi.test")
        assert answer.status_code == 303
        return browser

    return through
