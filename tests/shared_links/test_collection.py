"""A collection behind a link: its posts in their order, as they stand now."""

from __future__ import annotations

import re

import pytest

from tests.posts.acting import post_as
from webapp.circles.models import Circle
from webapp.feed.actions import feature_card
from webapp.feed.collecting import collect, make_collection, move
from webapp.feed.models import Collection, FeedRow
from webapp.kit.db import db, write
from webapp.posts.actions import hide_post
from webapp.posts.models import Post


@pytest.fixture
def posts(world) -> list[int]:
    return [post_as(world, "yu", "birds", f"Lesson {name}") for name in "ABC"]


@pytest.fixture
def shelf(world, posts) -> int:
    """Three featured posts of the birdwatchers, the third moved up by one."""
    yu, made = world.viewer("yu"), 0
    with write():
        circle = db.session.get_one(Circle, world.circles["birds"])
        collection = make_collection(yu, circle, "For newcomers")
        rows = [db.session.query(FeedRow).filter_by(item_id=post).one().id for post in posts]
        for post, row in zip(posts, rows, strict=True):
            feature_card("post", post)
            db.session.flush()
            collect(yu, collection, row)
        move(yu, collection, rows[2], up=True)
        made = collection.id
    return made


@pytest.fixture
def link(as_, shelf) -> str:
    """The path of a link that the host of the circle made on the collection's page."""
    page = as_("yu").get(f"/collections/{shelf}").text
    assert f"/shared-links/collection/{shelf}" in page
    answer = as_("yu").post(f"/shared-links/collection/{shelf}", days="7", client_id="a-client-of-this")
    made = as_("yu").get(answer.location).text
    return re.search(r"(/s/[\w-]{20,})", made)[1]


def shown(page: str) -> list[str]:
    return re.findall(r"Lesson (\w)", page)


def test_a_stranger_reads_the_collection_in_its_order(as_, link):
    page = as_("nobody").get(link)
    assert page.status_code == 200 and "For newcomers" in page.text
    assert shown(page.text) == ["A", "C", "B"]


def test_what_is_hidden_since_is_left_out(as_, link, posts, world):
    with write():
        hide_post(world.viewer("yu"), db.session.get_one(Post, posts[0]), "no more")
    assert shown(as_("nobody").get(link).text) == ["C", "B"]


def test_a_collection_that_is_gone_is_gone(as_, link, shelf):
    with write():
        db.session.delete(db.session.get_one(Collection, shelf))
    assert as_("nobody").get(link).status_code == 410


def test_who_may_not_share_is_offered_nothing(as_, shelf, world):
    with write():
        db.session.get_one(Circle, world.circles["birds"]).sharing = "nobody"
    assert "/shared-links/" not in as_("yu").get(f"/collections/{shelf}").text
    assert as_("yu").post(f"/shared-links/collection/{shelf}", days="7", client_id="another-one").status_code == 403
    assert as_("nobody").get(f"/shared-links/collection/{shelf}").status_code in (302, 303, 401)
