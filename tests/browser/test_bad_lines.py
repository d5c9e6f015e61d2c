"""Lines that a school really has, in real Chromium: a filter that gathers answers, and a night with the lid closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.browser.cable import Cable
from tests.browser.live_js_pages import holds
from tests.browser.middle import Middle
from tests.browser.test_two_people import circle, group, live
from tests.groups.saying import say
from webapp.circles.models import Circle
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox, clear_old
from webapp.posts.actions import publish_post

pytestmark = pytest.mark.browser


@pytest.fixture
def middle(school) -> Iterator[Middle]:  # type: ignore[no-untyped-def]
    between = Middle(school)
    yield between
    between.close()


@pytest.fixture
def cable(school) -> Iterator[Cable]:  # type: ignore[no-untyped-def]
    line = Cable(school)
    yield line
    line.close()


def heard(page, mark: str) -> list[str]:  # type: ignore[no-untyped-def]
    """What stands in the talk after the mark, in order."""
    rows = page.locator(".talk li").all_inner_texts()
    return [row.split(mark)[1].split()[0] for row in rows if mark in row]


def test_behind_a_filter_that_gathers_answers_the_page_polls_by_itself(school, window, middle):
    pan = window("pan")
    pan.goto(group(school).replace(school.origin, middle.origin))
    holds(pan, "document.documentElement.dataset.live === 'poll'", 40)
    pan.fill("#say-body", "half a sen")
    sent = [school.say(f"gathered {n:02} end", who="tang") for n in range(3)]
    pan.wait_for_selector(".talk >> text=gathered 02 end")
    assert heard(pan, "gathered ") == ["00", "01", "02"] and {reply.status for reply in sent} == {200}
    assert pan.input_value("#say-body") == "half a sen" and pan.is_hidden("#offline")
    streams = [poll for path, poll in middle.asked if path.startswith("/live")]
    assert streams[:2] == [False, False] and all(streams[2:]) and len(streams) > 2
    pan.fill("#say-body", "I hear you")
    pan.press("#say-body", "Enter")
    pan.wait_for_selector(".msg.me >> text=I hear you")


def test_what_is_said_while_the_line_is_cut_is_there_afterwards_once_and_in_order(school, window, cable):
    """Three seconds here; thirty in `make bench`."""
    tang = window("tang")
    tang.goto(group(school).replace(school.origin, cable.origin))
    live(tang)
    tang.evaluate("window.stayed = 1")
    cable.cut()
    holds(tang, "document.documentElement.dataset.live === 'off'")
    for number in range(20):
        assert school.say(f"while away {number:02} end", who="pan").status == 200
    tang.wait_for_timeout(3000)
    assert heard(tang, "while away ") == [], "the line is really cut"
    cable.mend()
    tang.wait_for_selector(".talk >> text=while away 19 end", timeout=20_000)
    assert heard(tang, "while away ") == [f"{n:02}" for n in range(20)]
    assert tang.evaluate("window.stayed") == 1
    live(tang)


def test_who_comes_back_later_than_anything_is_kept_is_whole_again_without_a_reload(school, window, world, cable):
    """Over night and longer: the outbox has forgotten (48 hours), the page asks for all that it shows."""
    chat, feed = window("pan"), window("pan")
    chat.goto(group(school).replace(school.origin, cable.origin))
    feed.goto(circle(school).replace(school.origin, cable.origin))
    for page in (chat, feed):
        live(page)
        page.evaluate("window.stayed = 1")
    cable.cut()
    for number in range(230):
        say(world, "tang", f"over night {number:03} end")
    with write():
        circle_of_class = db.session.get_one(Circle, world.circles["class"])
        publish_post(world.viewer("tang"), circle_of_class, "Bring a ruler tomorrow", "client-over-night")
        db.session.execute(sa.update(Outbox).values(at=clock.now() - timedelta(hours=49)))
        clear_old({})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 0
    db.session.rollback()
    cable.mend()
    for page in (chat, feed):
        page.evaluate("dispatchEvent(new Event('online'))")
    chat.wait_for_selector(".talk >> text=over night 229 end", timeout=30_000)
    assert heard(chat, "over night ") == [f"{n:03}" for n in range(230)]
    feed.wait_for_selector("ol[data-list] >> text=Bring a ruler tomorrow", timeout=30_000)
    for page in (chat, feed):
        assert page.evaluate("window.stayed") == 1
