"""The chat in real windows: rows by themselves, one's own told apart, quoting, taking back, reading on."""

from __future__ import annotations

from tests.browser.test_two_people import group, live, pytestmark  # noqa: F401
from tests.groups.saying import say


def test_what_one_says_is_there_for_both_and_only_ones_own_stands_on_the_right(school, window):
    tang, pan = window("tang"), window("pan", width=360)
    for page in (tang, pan):
        page.goto(group(school))
        live(page)
    pan.fill("#say-body", "May we bring umbrellas?")
    pan.press("#say-body", "Enter")
    for page, mine in ((pan, 1), (tang, 0)):
        page.wait_for_selector(".talk >> text=May we bring umbrellas?")
        assert page.locator(".msg.me").count() == mine
        assert page.locator(".talk .msg").count() == 1
    assert pan.input_value("#say-body") == ""
    tang.click(".msg details.menu summary")
    tang.click(".msg .menu >> text=Reply")
    tang.wait_for_selector("#say .quote >> text=May we bring umbrellas?")
    tang.fill("#say-body", "Two of them")
    tang.press("#say-body", "Enter")
    pan.wait_for_selector(".talk .quote >> text=May we bring umbrellas?")
    tang.reload()
    live(tang)
    tang.wait_for_selector(".msg.me >> text=Two of them")
    assert tang.locator(".msg.me").count() == 1
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not pan.evaluate(overflow) and not tang.evaluate(overflow)


def test_taken_back_it_is_gone_from_both_windows(school, window):
    tang, pan = window("tang"), window("pan")
    for page in (tang, pan):
        page.goto(group(school))
        live(page)
    pan.fill("#say-body", "Too quick")
    pan.press("#say-body", "Enter")
    tang.wait_for_selector(".talk >> text=Too quick")
    pan.click(".msg details.menu summary")
    pan.click(".msg .menu >> text=Take back")
    for page in (tang, pan):
        page.wait_for_selector(".talk .gone >> text=Parent Pan took back a message")
        assert page.locator("text=Too quick").count() == 0


def test_earlier_messages_come_above_and_what_is_read_stays(school, window, world):
    for n in range(120):
        say(world, "tang" if n % 3 else "pan", f"line {n:03}")
    pan = window("pan")
    pan.goto(group(school))
    live(pan)
    assert pan.locator(".talk .msg").count() == 50
    pan.evaluate("scrollTo(0, 60)")
    pan.wait_for_selector(".talk .msg >> text=line 020", state="attached")
    rows = pan.locator(".talk .msg")
    assert "line 119" in rows.last.inner_text()
    assert pan.evaluate("scrollY") > 1000, "what was being read did not move"
    texts = [text.split("line ")[1][:3] for text in rows.all_inner_texts()]
    assert texts == sorted(texts)
    assert pan.locator(".msg.me").count() > 20


def test_a_name_is_offered_while_it_is_written(school, window):
    tang = window("tang")
    tang.goto(group(school))
    live(tang)
    tang.type("#say-body", "Look @par")
    tang.wait_for_selector("#say-names [data-name='Parent Pan']")
    tang.press("#say-body", "Enter")
    assert tang.input_value("#say-body") == "Look @Parent Pan "
    tang.press("#say-body", "Enter")
    tang.wait_for_selector(".talk b >> text=@Parent Pan")


def test_the_menu_of_a_long_message_stays_on_the_screen_of_a_phone(school, window):
    assert (
        school.say("A long message that fills the whole line of a small phone, and then some", who="tang").status == 200
    )
    pan = window("pan", width=360)
    pan.goto(group(school))
    pan.click(".talk .menu summary")
    pan.wait_for_selector(".talk .menu[open] li")
    assert not pan.evaluate("document.documentElement.scrollWidth > innerWidth")
