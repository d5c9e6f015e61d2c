"""The page of specimens: whom it is open to, what it shows, and that its mechanisms are at work."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from webapp.circles.models import Circle
from webapp.kit import gallery, jobs, push
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox
from webapp.posts.actions import publish_post
from webapp.style.queries import TOPIC, ask_rule
from webapp.style.still import still


@pytest.fixture
def production(app):
    kept = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(kept, env="production")
    yield
    app.config["SETTINGS"] = kept


def frames() -> list[str]:
    """What the line would carry of the topic, oldest first."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.topic == TOPIC).order_by(Outbox.id)).all()
    return [rendered(row.payload) for row in rows]


def rendered(payload: dict) -> str:
    cursor = push.Cursor(payload["arguments"]["key"] + payload["arguments"]["heard"], 0, 0)  # drawn once a cursor
    event = push.Event(cursor, TOPIC, "push", payload)
    lines = push.draw(event, "en Asia/Shanghai").decode().strip().split("\n")
    return "\n".join(line.removeprefix("data: ") for line in lines[3:])


# ---- whom it is open to --------------------------------------------------------------------------
def test_outside_production_everybody_who_is_signed_in_sees_every_fragment(as_):
    page = as_("pan").get("/-/style")
    assert page.status_code == 200
    assert {each.name for each in gallery.specimens()} <= set(re.findall(r"<code>([^<]+)</code>", page.text))


def test_a_stranger_is_asked_to_sign_in(as_):
    assert as_("nobody").get("/-/style").location.startswith("/sign-in")
    assert as_("nobody").post("/-/style/marks").status_code in (302, 303, 401)


def test_in_production_it_is_there_for_administrators_of_the_server_only(as_, production):
    assert as_("root").get("/-/style").status_code == 200
    assert as_("tang").get("/-/style").status_code == 404
    assert as_("tang").post("/-/style/marks").status_code == 404
    assert frames() == []


def test_in_production_nobody_else_follows_its_topic(app, world, production):
    with app.test_request_context():
        assert push.permitted(world.viewer("root"), [TOPIC])[1] is False
        assert push.permitted(world.viewer("tang"), [TOPIC])[1] is True


# ---- what it shows -------------------------------------------------------------------------------
def test_it_comes_in_both_languages_and_themes(as_):
    tang = as_("tang")
    english, chinese = (tang.get(f"/-/style?lang={lang}&theme=dark").text for lang in ("en", "zh"))
    assert '<html lang="en" data-theme="dark">' in english and "Lin Fang" in english
    assert '<html lang="zh-CN" data-theme="dark">' in chinese and "林芳" in chinese


def test_one_folder_can_be_looked_at_by_itself(as_):
    page = as_("tang").get("/-/style?of=feed").text
    assert "feed/_counts.html" in page
    assert "groups/_message.html" not in page


def test_no_two_specimens_share_an_id(as_):
    ids = re.findall(r'\sid="([^"]+)"', as_("tang").get("/-/style").text)
    assert len(ids) == len(set(ids))


def test_a_specimen_is_held_still():
    loud = (
        '<form id="say" action="/posts/1/delete" method="post" hx-post="/x" hx-trigger="load">'
        '<label for="say-body">A &amp; B</label><textarea id="say-body" data-draft="x" autofocus>&lt;b&gt;</textarea>'
        '<a href="/posts/1">x</a><button formaction="/y">y</button></form>'
    )
    assert still(loud, "s1") == (
        '<form id="s1-say" method="dialog">'
        '<label for="s1-say-body">A &amp; B</label><textarea id="s1-say-body">&lt;b&gt;</textarea>'
        '<a href="#s1">x</a><button>y</button></form>'
    )


# ---- the mechanisms ------------------------------------------------------------------------------
def test_a_rule_is_asked_as_a_list_and_row_by_row(app, world):
    asked = ask_rule(world.viewer("tang"), "circle.read")
    assert asked.table == "circle"
    assert {listed for _id, listed, _checked in asked.rows} == {True, False}
    assert all(listed == checked for _id, listed, checked in asked.rows)


def test_every_rule_can_be_asked(as_):
    tang = as_("tang")
    for name in re.findall(r"<option[^>]*>([a-z_.]+)</option>", tang.get("/-/style").text):
        assert tang.get(f"/-/style?of=none&rule={name}").status_code == 200, name


def test_the_newest_card_is_shown_to_those_who_may_read_it_and_to_nobody_else(as_, world):
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        publish_post(world.viewer("tang"), circle, "Only for the class", "style-card-1")
    assert "Only for the class" in as_("pan").get("/-/style").text
    assert "Only for the class" not in as_("ou").get("/-/style").text


def test_the_button_emits_a_fact_that_is_heard_at_once_and_by_a_job(app, as_):
    assert as_("tang").post("/-/style/marks").status_code == 303
    assert ["heard in the transaction" in each for each in frames()] == [True]
    assert jobs.run_one(app, "test")
    assert "heard by a job" in frames()[1]


def test_page_reply_and_push_carry_the_same_bytes(as_):
    tang = as_("tang")
    reply = tang.post("/-/style/marks", htmx=True).text
    (pushed,) = frames()
    assert pushed.startswith("<li id=")
    assert pushed in reply
    assert pushed in tang.get("/-/style").text
