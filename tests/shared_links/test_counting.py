"""Opens are people and devices, each once; machines that look ahead are none."""

from __future__ import annotations

import pytest

from tests.rules.test_matrix import counted
from tests.shared_links.links import Made, look, opens
from webapp.kit.db import db
from webapp.shared_links.models import LinkUse

BOTS = (
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "curl/8.5.0",
    "",
)


def test_a_device_counts_once_however_often_it_opens(as_, world):
    made, phone = Made(world), as_("nobody")
    for _ in range(5):
        opens(phone, made.path)
    assert made.row.opens == 1 and made.uses == 1


def test_each_device_counts(as_, world):
    made = Made(world)
    for _ in range(3):
        opens(as_("nobody"), made.path)
    assert made.row.opens == 3


def test_a_person_counts_once_on_all_their_devices_and_the_maker_never(as_, world):
    made = Made(world)
    for who in ("ou", "ou", "yu"):
        opens(as_(who), made.path)
    assert made.row.opens == 1


def test_a_browser_that_never_asks_for_the_sheet_is_not_counted_until_it_comes_back(as_, world):
    """A preview bot that calls itself a browser: it takes the page and forgets the cookie."""
    made, reader = Made(world), as_("nobody")
    for _ in range(20):
        look(as_("nobody"), made.path)
    assert made.row.opens == 0
    look(reader, made.path)
    look(reader, made.path)
    assert made.row.opens == 1


@pytest.mark.parametrize("agent", BOTS)
def test_a_bot_that_says_what_it_is_counts_never(as_, world, agent):
    made, bot = Made(world), as_("nobody")
    for _ in range(2):
        opens(bot, made.path, agent)
    assert made.row.opens == 0


def test_what_a_browser_fetches_ahead_is_no_opening(as_, world):
    made, phone = Made(world), as_("nobody")
    look(phone, made.path)
    phone.client.delete_cookie("ld_8000", path="/s")
    for purpose in ("Purpose", "Sec-Purpose", "X-Purpose"):
        look(phone, made.path, **{purpose: "prefetch"})
    assert made.row.opens == 0


def test_a_hundred_gets_and_heads_change_nothing_but_the_log(as_, world):
    made, phone = Made(world), as_("nobody")
    opens(phone, made.path)
    before = counted()
    for _ in range(50):
        look(phone, made.path)
        look(phone, made.path, method="HEAD")
    assert counted() == before, "the same device is in the log already"
    opens(as_("nobody"), made.path)
    changed = {name for name, rows in counted().items() if rows != before[name]}
    assert changed == {"link_use", "shared_link"}
    assert made.row.opens == 2


def test_a_made_up_cookie_is_nobody(as_, world):
    made, bot = Made(world), as_("nobody")
    bot.client.set_cookie("ld_8000", "abc.def", domain="quanzi.test", path="/s")
    look(bot, f"{made.path}/link.css")
    assert made.row.opens == 0


def test_the_logs_of_two_links_cannot_be_joined(as_, world):
    phone = as_("nobody")
    for made in (Made(world), Made(world, who="pan_private", circle="lane", text="Another")):
        opens(phone, made.path)
    db.session.rollback()
    names = {row.by for row in db.session.query(LinkUse)}
    assert len(names) == 2


def test_the_sheet_of_a_wrong_link_is_the_same_and_counts_nothing(as_, world):
    made, phone = Made(world), as_("nobody")
    look(phone, made.path)
    wrong = look(phone, "/s/" + "x" * 22 + "/link.css")
    assert wrong.status_code == 200 and made.row.opens == 0


def test_with_a_code_only_who_knew_it_is_counted(as_, world):
    made, phone = Made(world, coded=True), as_("nobody")
    opens(phone, made.path)
    opens(phone, made.path)
    assert made.row.opens == 0
