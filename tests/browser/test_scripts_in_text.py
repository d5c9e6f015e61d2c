"""Text is text: what tries to be a script, through every text field, in a real browser, on pages and through push."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.server.harness import Server
from webapp.accounts.models import Identity, Person
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment
from webapp.feed.models import Thread
from webapp.groups.models import Group
from webapp.kit.db import db, write
from webapp.posts.actions import publish_post

pytestmark = pytest.mark.browser
CORPUS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "'><iframe srcdoc='<script>parent.hit=1</script>'>",
    "</textarea><script>window.hit=1</script>",
    "</title><script>window.hit=1</script>",
    "<a href=javascript:window.hit=1>x</a>",
    "javascript:window.hit=1",
    'http://a.test/"onmouseover="window.hit=1',
    "#<b>bold</b># @<i>x</i>",
    "<p hx-get='/me' hx-trigger='load' hx-target='body'>",
    "<div data-hx-post='/sign-out/everywhere' data-hx-trigger='load'>",
    "<hx-partial hx-target='body'>gone</hx-partial>",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "<style>*{display:none}</style>",
    "<base href='//evil.test'>",
    "<form action='//evil.test'><input name=a>",
    "x\revent: push\rdata: talk-1 beforeend\rdata: <b id=evil>evil</b>",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "<math><mi xlink:href='data:x,<script>window.hit=1</script>'>",
)
FOREIGN = (
    "main script, main iframe, main style, main base, main [onerror], main [onload], main math, main hx-partial,"
    " main img[src=x], #evil, [hx-get='/me'], [data-hx-post], main a[href^='javascript:'], main i:not([class], [id])"
)


def life(school: Server) -> None:
    """Every text field holds the corpus."""
    world, all_of_it = school.world, "\n".join(CORPUS)
    with write():
        tang, pan = world.viewer("tang"), world.viewer("pan")
        circle = db.session.get_one(Circle, world.circles["class"])
        circle.intro, circle.name = CORPUS[1][:200], CORPUS[2][:60]
        db.session.get_one(Person, world.people["pan"]).name = CORPUS[1]
        db.session.get_one(Identity, world.identities["pan"]).title = CORPUS[3][:60]
        group = db.session.get_one(Group, world.groups["parents"])
        group.name, group.announcement = CORPUS[0][:60], all_of_it[:300]
        publish_post(tang, circle, all_of_it, "xss-post-1")
        add_comment(pan, db.session.get_one(Thread, 1), all_of_it[:1000], "xss-comment-1")
        row = sa.update(Membership).where(Membership.identity_id == world.identities["shen"])
        db.session.execute(row.values(state="requested", message=CORPUS[1][:200]))
    db.session.rollback()


def test_no_text_becomes_a_script_on_any_page_or_through_push(school, window):
    life(school)
    tang = window("tang")
    world = school.world
    circle, group = world.circles["class"], world.groups["parents"]
    for path in (
        "/", "/circles", "/discover", "/topics", "/search?q=script", f"/circles/{circle}", "/posts/1",
        "/posts/1/history", f"/circles/{circle}/members",
        f"/circles/{circle}/settings", f"/circles/{circle}/groups", f"/groups/{group}", f"/groups/{group}/members",
        "/groups", "/me",
    ):  # fmt: skip
        tang.goto(school.origin + path)
        found = [each.evaluate("it => it.outerHTML") for each in tang.locator(FOREIGN).all()]
        assert found == [], path
        assert tang.evaluate("window.hit") is None, path
    tang.goto(f"{school.origin}/groups/{group}")
    tang.wait_for_selector("html[data-live=on]", state="attached")
    for text in CORPUS:
        assert school.say(text, who="pan").status == 200
    tang.wait_for_selector(f".talk li:nth-last-child(1):has-text('{CORPUS[-1][:6]}')")
    assert tang.locator(FOREIGN).count() == 0
    assert tang.evaluate("window.hit") is None
    assert tang.locator(".talk .bub").count() == len(CORPUS)
