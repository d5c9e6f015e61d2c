"""Writing with JavaScript: what is typed is kept by itself, and what others answer moves."""

from __future__ import annotations

import pytest

from tests.browser.test_two_people import circle, live

pytestmark = pytest.mark.browser


def test_what_is_typed_is_on_another_device_and_posting_it_ends_the_draft(school, window):
    laptop, phone = window("tang"), window("tang")
    laptop.goto(circle(school))
    live(laptop)
    with laptop.expect_response("**/draft"):
        laptop.fill("#write-body", "Bring a leaf")
    assert laptop.inner_text("#flash") == ""
    phone.goto(circle(school))
    assert phone.input_value("#write-body") == "Bring a leaf"
    laptop.click("form.write button[name=more]")
    laptop.wait_for_selector("#write [name=publish_at]")
    assert laptop.input_value("#write-body") == "Bring a leaf"
    laptop.click("#write-send")
    laptop.wait_for_selector("ol[data-list] >> text=Bring a leaf")
    assert laptop.input_value("#write-body") == ""
    phone.goto(f"{school.origin}/me/drafts")
    assert "Bring a leaf" not in phone.inner_text("main")


def test_a_vote_moves_the_results_for_others_and_stays_ones_own(school, window):
    tang, pan = window("tang"), window("pan")
    tang.goto(circle(school))
    live(tang)
    tang.fill("#write-body", "Which path first?")
    tang.click("form.write button[name=more]")
    tang.click("#write summary:has-text('Poll')")
    for place, words in enumerate(("The boardwalk", "The mud path")):
        tang.locator("[name=option]").nth(place).fill(words)
    tang.click("#write-send")
    tang.wait_for_selector("ol[data-list] button.opt >> text=The mud path")
    pan.goto(circle(school))
    live(pan)
    pan.click("button.opt:has-text('The mud path')")
    pan.wait_for_selector("button.opt[aria-pressed=true]:has-text('The mud path')")
    tang.wait_for_selector("text=1 person voted")
    assert tang.locator("button.opt[aria-pressed=true]").count() == 0
