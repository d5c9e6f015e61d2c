"""Two windows side by side: what the teacher posts is there by itself, and nothing is missed."""

from __future__ import annotations

import pytest

from tests.server.harness import Server, eventually

pytestmark = pytest.mark.browser


def live(page) -> None:  # type: ignore[no-untyped-def]
    page.wait_for_selector("html[data-live=on]", state="attached")


def circle(school: Server) -> str:
    return f"{school.origin}/circles/{school.world.circles['class']}"


def group(school: Server) -> str:
    return f"{school.origin}/groups/{school.world.groups['parents']}"


def test_a_post_arrives_in_the_feed_and_as_a_card_in_the_group(school, window):
    tang, pan, chat = window("tang"), window("pan"), window("pan")
    pan.goto(circle(school))
    chat.goto(group(school))
    tang.goto(circle(school))
    for page in (pan, chat, tang):
        live(page)
    tang.fill("textarea[name=body]", "Bring a ruler tomorrow")
    tang.check("input[name=notify]")
    tang.click("form.write button.btn")
    tang.wait_for_selector("ol[data-list] >> text=Bring a ruler tomorrow")
    pan.wait_for_selector("ol[data-list] >> text=Bring a ruler tomorrow")
    chat.wait_for_selector(".talk >> text=Bring a ruler tomorrow")
    assert tang.locator("text=Bring a ruler tomorrow").count() == 1


def test_a_comment_moves_the_count_on_the_card_in_the_group(school, window):
    tang, pan, chat = window("tang"), window("pan"), window("lei")
    tang.goto(circle(school))
    live(tang)
    tang.fill("textarea[name=body]", "What did you see today")
    tang.check("input[name=notify]")
    tang.click("form.write button.btn")
    tang.wait_for_selector("ol[data-list] >> text=What did you see today")
    chat.goto(group(school))
    live(chat)
    pan.goto(circle(school))
    pan.click("a:has-text('What did you see today'), .acts a[href^='/posts/']")
    live(pan)
    pan.fill("form#say textarea[name=body]", "A heron on the roof")
    pan.click("form#say button.btn")
    pan.wait_for_selector("ol >> text=A heron on the roof")
    chat.wait_for_selector(".talk article [id*=counts]:has-text('1'), .talk article b:has-text('1')")


def test_the_badge_and_the_title_count_what_comes(school, window):
    pan = window("pan")
    pan.goto(school.origin)
    live(pan)
    assert school.say("one", who="tang").status == 200
    eventually(lambda: pan.title().startswith("(1)"))


def test_without_javascript_the_whole_way_works(school, window):
    pan = window("pan", javascript=False, width=360)
    pan.goto(group(school))
    pan.fill("textarea[name=body]", "Good morning")
    pan.click("form.say button.btn")
    assert pan.locator(".talk >> text=Good morning").count() == 1
    assert pan.url.split("#")[0].split("?")[0] == group(school)
