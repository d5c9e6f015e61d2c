import re

import pytest

from tests.cast import PASSWORD
from tests.conftest import Person


@pytest.fixture
def sign_in(app):
    """`sign_in("tang")` goes through the sign-in page and answers (browser, answer)."""

    def through(login, password=PASSWORD, browser=None, **more):
        browser = browser or Person(app)
        answer = browser.client.post(
            "/sign-in",
            data={"_login": login, "_password": password, **more},
            headers={"Host": "quanzi.test", "Origin": "http://quanzi.test", "Accept-Language": "en"},
            base_url="http://quanzi.test",
        )
        return browser, answer

    return through


def hidden_fields(html):
    """Every hidden field of the page's forms, as a browser would send it."""
    from html import unescape

    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    found += re.findall(r'<textarea hidden name="([^"]+)" aria-hidden="true">\n(.*?)</textarea>', html, re.S)
    return {unescape(name): unescape(value) for name, value in found}
