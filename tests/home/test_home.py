"""Home: one feed of all my circles, the counters, and what a page weighs."""

from __future__ import annotations

import gzip
import re

import sqlalchemy as sa

from webapp.circles.models import Circle, Membership
from webapp.home.queries import nav
from webapp.kit.db import db, write
from webapp.posts.actions import publish_post

TEXT = "the children measured their beans again and wrote down what they saw before the bell rang " * 3


def posts(world, who, circle, count, text="post"):
    with write():
        row = db.session.get_one(Circle, world.circles[circle])
        for number in range(count):
            publish_post(world.viewer(who), row, f"{text} {circle} {number}", f"home-{circle}-{number}")


def test_posts_of_all_my_circles_stand_on_home_newest_first_and_nobody_elses(as_, world):
    posts(world, "tang", "class", 2)
    posts(world, "hao", "staff", 2)
    posts(world, "wen", "nextdoor", 1)
    page = as_("tang").get("/").text
    order = re.findall(r"post (\w+ \d)", page)
    assert order == ["staff 1", "staff 0", "class 1", "class 0"]
    assert "nextdoor" not in as_("pan").get("/").text and "staff 0" not in as_("pan").get("/").text


def test_home_goes_back_in_stretches_that_stay_the_same(as_, world):
    posts(world, "tang", "class", 25)
    first = as_("tang").get("/").text
    older = re.search(r'href="\?from=(\d+)"', first)[1]
    stretch = as_("tang").get(f"/?from={older}").text
    posts(world, "hao", "staff", 1)
    assert re.findall(r"post class \d+", as_("tang").get(f"/?from={older}").text) == re.findall(
        r"post class \d+", stretch
    )
    assert len(set(re.findall(r"post class \d+", first + stretch))) == 25


def test_a_stranger_is_asked_who_they_are(as_):
    answer = as_("nobody").get("/")
    assert answer.status_code == 302 and answer.location == "/sign-in"


def test_the_counters_are_of_the_identity_in_use(app, world):
    posts(world, "tang", "class", 3)
    db.session.rollback()
    assert nav(world.viewer("pan")).circles == 3
    assert nav(world.viewer("tang")).circles == 0  # one's own
    assert nav(world.viewer("pan_private")).circles == 0
    assert f"circle-{world.circles['class']}" in nav(world.viewer("pan")).topics


def test_reading_the_circle_clears_its_badge(as_, world):
    posts(world, "tang", "class", 3)
    assert "(3)" in as_("pan").get("/").text
    as_("pan").get(f"/circles/{world.circles['class']}").close()  # bookkeeping comes when the answer is out
    db.session.rollback()
    seen = sa.select(Membership.read).where(Membership.identity_id == world.identities["pan"])
    assert db.session.scalars(seen.where(Membership.circle_id == world.circles["class"])).one() == 3
    assert "(3)" not in as_("pan").get("/").text


def test_the_first_view_of_a_page_is_small(as_, world):
    """Budgets: HTML of a feed of 20 posts of 45 words ≤ 7 kB gzip and ≤ 40 kB raw; CSS ≤ 7.2 kB; JS ≤ 17.9 kB."""
    posts(world, "tang", "class", 20, TEXT)
    for path in ("/", f"/circles/{world.circles['class']}"):
        page = as_("tang").get(path)
        assert len(gzip.compress(page.data, 6)) <= 7_000 and len(page.data) <= 40_000, path
    sheet = re.search(r"/static/app\.\w+\.css", page.text)[0]
    script = re.search(r"/static/app\.\w+\.js", page.text)[0]
    accepts = {"Accept-Encoding": "gzip"}
    assert len(as_("tang").get(sheet, **accepts).data) <= 7_200
    assert len(as_("tang").get(script, **accepts).data) <= 17_900
    assert len(page.headers) < 20


def test_home_asks_the_database_a_fixed_number_of_times(app, as_, world):
    def asked(count):
        posts(world, "tang", "class", count)
        said = []
        db.session.rollback()
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        as_("pan").get("/")
        return len([text for text in said if text.lstrip().upper().startswith("SELECT")])

    assert asked(20) <= 8


def test_the_server_says_whether_it_is_well(as_):
    assert as_("nobody").get("/healthz").text == "ok\n" and as_("nobody").get("/readyz").text == "ready\n"


def test_live_answers_only_what_one_may_hear(as_, world):
    own = as_("pan").get(f"/live?topics=circle-{world.circles['class']}&since=")
    assert own.status_code == 200 and "event: reset" in own.text
    other = as_("ou").get(f"/live?topics=circle-{world.circles['class']}&since=")
    assert "event: bye" in other.text and "X-Hold" not in other.headers
    assert as_("nobody").get("/live?topics=&since=").status_code in (302, 401)
