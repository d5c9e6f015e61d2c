"""Who asks to join is seen by itself, on whatever page of the circle; and all of it goes without scripts."""

from __future__ import annotations

import pytest

from tests.server.harness import Server

pytestmark = pytest.mark.browser


def lane(school: Server, page: str = "") -> str:
    return f"{school.origin}/circles/{school.world.circles['lane']}{page}"


def live(page) -> None:  # type: ignore[no-untyped-def]
    page.wait_for_selector("html[data-live=on]", state="attached")


def test_a_request_arrives_at_those_who_decide(school, window):
    members, feed, ou = window("yu"), window("yu"), window("ou")
    members.goto(lane(school, "/members"))
    feed.goto(lane(school))
    for page in (members, feed):
        live(page)
    ou.goto(lane(school))
    ou.fill("input[name=message]", "I live at no. 3")
    ou.click("form[action$='/join'] button")
    members.wait_for_selector("form[aria-labelledby=requests] >> text=no. 3")
    feed.wait_for_selector("nav.tabs .badge:has-text('1')")
    members.click("button[value^='admit-']")
    feed.wait_for_selector("nav.tabs .badge", state="detached")
    members.wait_for_selector("ul.list >> text=Outsider Ou")


def test_a_member_who_is_brought_in_appears_in_the_list(school, window):
    pan, yu = window("pan_private"), window("yu")
    pan.goto(lane(school, "/members"))
    live(pan)
    window("ou").goto(lane(school))
    ou = window("ou")
    ou.goto(lane(school))
    ou.click("form[action$='/join'] button")
    yu.goto(lane(school, "/members"))
    yu.click("button[value^='admit-']")
    pan.wait_for_selector(f"#members-{school.world.circles['lane']} >> text=Outsider Ou")


def test_joining_deciding_and_handing_over_without_scripts(school, window):
    ou, yu = window("ou", javascript=False, width=360), window("yu", javascript=False, width=360)
    ou.goto(lane(school))
    ou.click("form[action$='/join'] button")
    yu.goto(lane(school, "/members"))
    yu.click("button[value^='admit-']")
    assert yu.locator("ul.list strong:has-text('Outsider Ou')").count() == 1
    yu.click("a[aria-label='What can be done with Outsider Ou']")
    yu.click("a:has-text('Hand the circle over')")
    assert yu.is_checked("input[name=membership] >> nth=0")
    yu.click("form.card button.btn")
    ou.goto(lane(school, "/settings"))
    assert ou.locator("h2:has-text('Settings')").count() == 1
