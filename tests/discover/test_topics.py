"""Topics: what moves, over all circles that one reads and no other."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from tests.search.finding import comment, post
from webapp.circles.models import Circle
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.posts.actions import hide_post
from webapp.posts.models import Post


def topics(person) -> list[tuple[str, str]]:
    """(name, figures) of the topics that move."""
    found = re.findall(
        r"<strong>#([^<]+)</strong><i hidden> · </i><small>(.*?) · [^·]*</small>", person.get("/topics").text
    )
    return [(unescape(name), figures) for name, figures in found]


def test_topics_stand_by_how_many_people_write_about_them(as_, world):
    for number in range(3):
        post(world, "tang", "class", f"#rain# {number}")
    post(world, "tang", "class", "#beans# one")
    post(world, "lei", "class", "#Beans# two")
    post(world, "hao", "staff", "#beans# three")
    assert topics(as_("tang"))[0][1] == "3 posts · 3 people · 2 circles"
    assert topics(as_("tang"))[1] == ("rain", "3 posts · 1 person · 1 circle")
    assert topics(as_("pan"))[0][1] == "2 posts · 2 people · 1 circle", "of the staff room a parent is told nothing"
    assert topics(as_("ou")) == []


def test_the_page_goes_on_following_what_the_navigation_follows(as_, world):
    post(world, "tang", "class", "#beans#")
    followed = re.search(r'data-topics="([^"]*)"', as_("pan").get("/topics").text)[1]
    assert followed == re.search(r'data-topics="([^"]*)"', as_("pan").get("/circles").text)[1]


def test_what_is_old_hidden_or_waits_moves_nothing(as_, world):
    with clock.at(clock.now() - timedelta(days=8)):
        post(world, "tang", "class", "#old#")
    hidden = post(world, "lei", "class", "#hidden#")
    post(world, "shen", "class", "#waits#")
    with write():
        hide_post(world.viewer("tang"), db.session.get_one(Post, hidden.id), "so")
    for who in ("tang", "shen", "pan"):
        assert topics(as_(who)) == [], who


def test_a_topic_gathers_the_posts_of_all_my_circles_the_newest_first(as_, world):
    first = post(world, "tang", "class", "#beans# in class")
    comment(world, "pan", first, "nice")
    post(world, "hao", "staff", "#BEANS# in the staff room")
    post(world, "wen", "nextdoor", "#beans# next door")
    page = as_("tang").get("/topics/beans").text.partition("<ol>")[2]
    assert page.index("in the staff room") < page.index("in class") and "next door" not in page
    assert f'href="/circles/{world.circles["staff"]}/topics/beans"' in as_("tang").get("/topics/beans").text
    pan = as_("pan").get("/topics/Beans").text
    assert "in class" in pan and "in the staff room" not in pan
    assert "/posts/" in pan and "/posts/" not in as_("ou").get("/topics/beans").text


def test_a_topic_goes_back_in_stretches(as_, world):
    for number in range(23):
        post(world, "tang", "class", f"#beans# number {number}.")
    first = as_("pan").get("/topics/beans").text
    older = re.search(r'href="(\?from=\d+)"', first)[1]
    rest = as_("pan").get(f"/topics/beans{older}").text
    assert len(set(re.findall(r"number \d+\.", first + rest))) == 23 and "?from=" not in rest


def test_a_topic_in_a_circle_leads_to_all_my_circles(as_, world):
    post(world, "tang", "class", "#beans#")
    page = as_("pan").get(f"/circles/{world.circles['class']}/topics/beans").text
    assert 'href="/topics/beans"' in page


def test_a_topic_of_any_letters_has_its_page(as_, world):
    post(world, "tang", "class", "#周三/晚跑 <b>?#")
    page = as_("pan").get("/circles/{}".format(world.circles["class"])).text
    link = unescape(re.search(r'href="(/circles/\d+/topics/[^"]+)"', page)[1])
    assert "晚跑 &lt;b&gt;?" in as_("pan").get(link).text
    everywhere = unescape(re.search(r'href="(/topics/[^"]+)"', as_("pan").get(link).text)[1])
    assert "晚跑 &lt;b&gt;?" in as_("pan").get(everywhere).text
    for odd in ("%", "_", "x" * 5_000, "'", "%00", "a/b/c"):
        assert as_("pan").get(f"/topics/{odd}").status_code == 200, odd


def test_a_circle_that_one_reads_no_more_moves_nothing(as_, world):
    post(world, "yu", "lane", "#heron#")
    assert topics(as_("pan_private")) != []
    with write():
        db.session.get_one(Circle, world.circles["lane"]).archived_at = clock.now()
    assert topics(as_("pan_private")) != [], "an archived circle is still read"
    as_("pan_private").post(f"/circles/{world.circles['lane']}/leave")
    assert (
        topics(as_("pan_private")) == []
        and "heron" not in as_("pan_private").get("/topics/heron").text.partition("<ol>")[2]
    )
