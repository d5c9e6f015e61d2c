"""Lists that follow what is said, and the password that a form waits for, in real Chromium."""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD
from tests.server.harness import Server
from webapp.accounts.models import Identity, SignIn
from webapp.kit.db import db, write

pytestmark = pytest.mark.browser


def test_the_last_line_and_the_count_of_a_group_move_in_the_list(school: Server, window):
    pan, row = window("pan"), f"#listed-group-{school.world.groups['parents']}"
    pan.goto(f"{school.origin}/groups")
    pan.wait_for_selector("html[data-live=on]", state="attached")
    assert school.say("Bring umbrellas", who="tang").status == 200
    pan.wait_for_selector(f"{row} >> text=Bring umbrellas")
    pan.wait_for_selector(f"{row} .badge:has-text('1')")
    assert school.say("And boots", who="tang").status == 200
    pan.wait_for_selector(f"{row} >> text=And boots")
    pan.wait_for_selector(f"{row} .badge:has-text('2')")


def test_the_groups_of_a_circle_come_beside_its_feed_where_there_is_room(school: Server, window):
    circle = f"{school.origin}/circles/{school.world.circles['class']}"
    wide, asked = window("pan"), list[str]()
    wide.goto(circle)
    wide.wait_for_selector(f"aside #listed-group-{school.world.groups['parents']}")
    phone = window("pan", width=360)
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(circle)
    phone.wait_for_selector("html[data-live=on]", state="attached")
    assert not [url for url in asked if "/beside" in url]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_form_waits_for_the_password_and_is_done(school: Server, window, javascript):
    """A real browser sends the same form on with 307."""
    with write():
        db.session.query(SignIn).update({"proved_at": None})
    hao, wen = window("hao", javascript=javascript), school.world.identities["wen"]
    hao.goto(f"{school.origin}/identities/{wen}")
    hao.click("text=Make an administrator")
    hao.fill("input[name=_password]", PASSWORD)
    hao.click("button:has-text('Go on')")
    hao.wait_for_url(f"{school.origin}/identities/{wen}")
    db.session.rollback()
    assert db.session.get_one(Identity, wen, populate_existing=True).power == "admin"
