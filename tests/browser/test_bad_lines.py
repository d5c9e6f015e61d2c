"""Lines that a school really has, in real Chromium: a filter that gathers answers, and a night with the lid closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.browser.live_js_pages import holds
from tests.browser.middle import Middle
from tests.browser.test_two_people import circle, group, live
from tests.groups.saying import say
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox, clear_old

pytestmark = pytest.mark.browser


@pytest.fixture
def middle(school) -> Iterator[Middle]:  # type: ignore[no-untyped-def]
    between = Middle(school)
    yield between
    between.close()


def heard(page, mark: str) -> list[str]:  # type: ignore[no-untyped-def]
    """What stands in the talk after the mark, in order."""
    rows = page.locator(".talk li").all_inner_texts()
    return [row.split(mark)[1].split()[0] for row in rows if mark in row]


def test_behind_a_filter_that_gathers_answers_the_page_polls_by_itself(school, window, middle):
    pan = window("pan")
    pan.goto(group(school).replace(school.origin, middle.origin))
    holds(pan, "document.documentElement.dataset.live === 'poll'", 15)
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


def test_who_comes_back_later_than_anything_is_kept_is_whole_again_without_a_reload(school, window, world):
    """Over night and longer: the outbox has forgotten (48 hours), the page asks for all that it shows."""
    chat, feed = window("pan"), window("pan")
    chat.goto(group(school))
    feed.goto(circle(school))
    for page in (chat, feed):
        live(page)
        page.evaluate("window.stayed = 1")
        page.context.set_offline(True)
    for number in range(230):
        say(world, "tang", f"over night {number:03} end")
    with write():
        db.session.execute(sa.update(Outbox).values(at=clock.now() - timedelta(hours=49)))
        clear_old({})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 0
    db.session.rollback()
    for page in (chat, feed):
        page.context.set_offline(False)
    chat.wait_for_selector(".talk >> text=over night 229 end", timeout=35_000)
    assert heard(chat, "over night ") == [f"{n:03}" for n in range(230)]
    holds(feed, "document.querySelector('[data-unread-total=group]').textContent === '99+'", 35)
    for page in (chat, feed):
        assert page.evaluate("window.stayed") == 1
