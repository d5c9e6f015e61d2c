"""A link made on a phone, and opened on another without script or account."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SHARE = "navigator.share = data => { window.shared = data; return Promise.resolve(); }"


def make_link(yu, school):
    """On the page that makes it, with a share sheet in the browser."""
    yu.add_init_script(SHARE)
    yu.goto(f"{school.origin}/shared-links/circle/{school.world.circles['birds']}")
    yu.get_by_role("button", name="Make the link").click()
    expect(yu.locator("#shared-url")).to_be_visible()
    return yu.locator("#shared-url").inner_text()


def test_the_share_sheet_gets_the_link_and_a_title_that_tells_nothing(window, school):
    yu = window("yu", width=360)
    url = make_link(yu, school)
    yu.get_by_role("button", name="Share").click()
    assert yu.evaluate("window.shared") == {"url": url, "title": "A circle introduces itself"}
    expect(yu.get_by_role("button", name="Copy")).to_be_visible()


def test_a_phone_without_script_opens_it_in_two_requests_and_counts_once(window, school):
    yu = window("yu")
    url = make_link(yu, school)
    phone, asked = window("", javascript=False, width=360), []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(url)
    expect(phone.get_by_role("heading", name="Birds")).to_be_visible()
    assert len(asked) == 2
    phone.reload()
    yu.reload()
    expect(yu.get_by_text("1 person or device opened it.")).to_be_visible()
