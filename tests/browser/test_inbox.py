"""Two windows: what concerns a parent arrives by itself, in the list and in the counter of another page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
BADGE = "#rail a[href='/inbox'] .badge"


def live(page) -> None:  # type: ignore[no-untyped-def]
    page.wait_for_selector("html[data-live=on]", state="attached")


def post(tang, school, words: str) -> None:  # type: ignore[no-untyped-def]
    tang.goto(f"{school.origin}/circles/{school.world.circles['class']}")
    live(tang)
    tang.fill("textarea[name=body]", words)
    tang.click("form.write button.btn")
    tang.wait_for_selector(f"ol[data-list] >> text={words}")


def test_a_line_arrives_in_the_list_and_moves_the_counters_up_and_down(school, window):
    tang, inbox, elsewhere = window("tang"), window("pan"), window("pan")
    inbox.goto(f"{school.origin}/inbox")
    elsewhere.goto(f"{school.origin}/me")
    for page in (inbox, elsewhere):
        live(page)
        page.evaluate("navigator.setAppBadge = async n => { document.documentElement.dataset.app = n }")
    post(tang, school, "Bring a ruler, @Parent Pan")
    inbox.wait_for_selector("#inbox >> text=Teacher Tang mentioned you in Class 3-2")
    inbox.wait_for_selector(f"{BADGE}:text('1')")
    assert inbox.locator("#inbox > li").count() == 1
    elsewhere.wait_for_selector(f"{BADGE}:text('1')")
    elsewhere.wait_for_selector("html[data-app='1']", state="attached")
    assert elsewhere.title().startswith("(2) "), "the post and the line"
    inbox.click("#inbox a.grow")
    inbox.wait_for_selector("h1, article >> text=Bring a ruler")
    elsewhere.wait_for_selector(BADGE, state="hidden")
    elsewhere.wait_for_selector("html[data-app='0']", state="attached")


def test_a_line_that_moves_stands_once(school, window):
    tang, pan = window("tang"), window("pan")
    post(tang, school, "What did you see")
    tang.goto(f"{school.origin}/inbox")
    live(tang)
    pan.goto(f"{school.origin}/circles/{school.world.circles['class']}")
    pan.click(".acts a[href^='/posts/']")
    live(pan)
    for words in ("A heron", "Two herons"):
        pan.fill("form#say textarea[name=body]", words)
        pan.click("form#say button.btn")
        tang.wait_for_selector(f"#inbox >> text={words}")
    assert tang.locator("#inbox > li").count() == 1
    assert tang.locator(BADGE).inner_text() == "1"
