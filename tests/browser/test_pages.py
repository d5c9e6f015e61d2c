"""Every kind of page, narrow and wide, light and dark: no serious finding of axe-core, no sideways scroll."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.harness import Server
from webapp.circles.models import Circle
from webapp.feed.actions import add_comment
from webapp.feed.models import Thread
from webapp.kit.db import db, write
from webapp.moderation.actions import report
from webapp.moderation.things import thing_of
from webapp.posts.actions import publish_post

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "sign-in": ("", "/sign-in"),
    "not there": ("tang", "/no-such-page"),
    "home": ("tang", "/"),
    "circles": ("pan_private", "/circles"),
    "search": ("tang", "/search?q=class"),
    "discover": ("pan_private", "/discover"),
    "topics": ("tang", "/topics"),
    "new circle": ("tang", "/circles/new"),
    "feed": ("tang", "/circles/{class}"),
    "post": ("pan", "/posts/1"),
    "members": ("mei", "/circles/{trade}/members"),
    "settings": ("tang", "/circles/{class}/settings"),
    "invitations": ("tang", "/circles/{class}/invitations"),
    "coming in": ("tang", "/circles/{class}/admission"),
    "an invitation's code": ("", "/i"),
    "a link is made": ("yu", "/shared-links/circle/{lane}"),
    "a link that is over": ("", "/s/nothing"),
    "desk": ("tang", "/circles/{class}/groups"),
    "groups": ("tang", "/groups"),
    "chat": ("tang", "/groups/{parents}"),
    "tools": ("tang", "/groups/{parents}/tools"),
    "group settings": ("tang", "/groups/{parents}/settings"),
    "group members": ("pan", "/groups/{parents}/members"),
    "links into a group": ("tang", "/groups/{parents}/invitations"),
    "link": ("tang", "/links/1"),
    "reporting": ("tang", "/comments/1/report"),
    "reports": ("tang", "/circles/{class}/reports"),
    "case": ("tang", "/cases/1"),
    "log": ("tang", "/circles/{class}/log"),
    "my reports": ("pan", "/me/reports"),
    "me": ("pan", "/me"),
    "specimens": ("tang", "/-/style"),
    "organisation": ("hao", "/organisations/{school}/people"),
}
LOOKS = {"narrow and light": (360, "light"), "wide and dark": (1280, "dark")}
FIND = """async () => (await axe.run({resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ': ' + v.nodes[0].html.slice(0, 200))"""


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(chromium, school: Server, look: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed (python -m webapp.kit.assets --dev)")
    _some_life(school)
    width, scheme = LOOKS[look]
    names = {**school.world.circles, **school.world.groups, **school.world.organisations}
    found: dict[str, object] = {}
    for page_name, (who, path) in PAGES.items():
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True, locale="en-GB"
        )
        if who:
            name, _, value = school.cookie(who).partition("=")
            context.add_cookies([{"name": name, "value": value, "url": school.origin}])
        page = context.new_page()
        page.goto(school.origin + path.format_map(names))
        page.add_script_tag(path=str(AXE))
        if said := page.evaluate(FIND):
            found[page_name] = said
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[f"{page_name} scrolls sideways"] = True
        context.close()
    assert found == {}


def _some_life(school: Server) -> None:
    with write():
        circle = db.session.get_one(Circle, school.world.circles["class"])
        publish_post(
            school.world.viewer("tang"), circle, "A long text #beans with @Student Shen\nand lines", "life-post-1"
        )
        thread = db.session.get_one(Thread, 1)
        comment = add_comment(school.world.viewer("pan"), thread, "Thank you", "life-comment-1")
        add_comment(school.world.viewer("tang"), thread, "You are welcome", "life-comment-2", parent=comment)
        report(school.world.viewer("shen"), thing_of("comment", comment.id), "circle", "spam", "It says too little")
    db.session.rollback()
    school.say("Good morning", who="pan")
    school.say("Good morning to you", who="tang")
