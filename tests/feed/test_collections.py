"""Collections keep featured cards in an order of their own."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.feed.actions import feature_card, unfeature_card
from webapp.feed.models import CollectionItem, FeedRow
from webapp.kit.db import db, write


@pytest.fixture
def here(world) -> str:
    return f"/circles/{world.circles['class']}"


@pytest.fixture
def posts(world) -> list[int]:
    made = [post_as(world, "tang", "class", f"Lesson {name}") for name in "ABC"]
    with write():
        for post in made:
            feature_card("post", post)
    return made


@pytest.fixture
def shelf(as_, here) -> str:
    """The address of a collection of Teacher Tang's."""
    return as_("tang").post(f"{here}/collections", name="Beans").location


def row(post: int) -> int:
    return db.session.scalars(sa.select(FeedRow.id).where(FeedRow.item_id == post)).one()


def order(as_, shelf: str, who: str = "pan") -> list[str]:
    return re.findall(r"Lesson ([ABC])", as_(who).get(shelf).text)


def test_a_moderator_makes_one_and_the_circle_sees_it_among_the_featured(as_, here, shelf):
    assert f'href="{shelf}"' in as_("pan").get(f"{here}/featured").text
    assert "Beans" in as_("pan").get(shelf).text
    assert as_("pan").post(f"{here}/collections", name="Mine").status_code == 403
    assert as_("ou").post(f"{here}/collections", name="Mine").status_code == 404
    assert as_("ou").get(shelf).status_code == 404


def test_it_needs_a_name(as_, here, shelf):
    for url in (f"{here}/collections", shelf):
        answer = as_("tang").post(url, name="  ")
        assert answer.status_code == 422 and "needs a name" in answer.text, url


def test_cards_stand_in_the_order_that_a_moderator_gives_them(as_, posts, shelf):
    a, b, c = map(row, posts)
    for number in (a, b, c, a):
        assert as_("lei").post(f"{shelf}/items", row=number).status_code == 303
    assert order(as_, shelf) == ["A", "B", "C"]
    as_("lei").post(f"{shelf}/up", row=c)
    assert order(as_, shelf) == ["A", "C", "B"]
    as_("lei").post(f"{shelf}/down", row=a)
    assert order(as_, shelf) == ["C", "A", "B"]
    as_("lei").post(f"{shelf}/up", row=c)
    as_("lei").post(f"{shelf}/down", row=b)
    assert order(as_, shelf) == ["C", "A", "B"], "the ends stay where they are"
    as_("lei").post(f"{shelf}/remove", row=a)
    assert order(as_, shelf) == ["C", "B"]


def test_only_moderators_change_it(as_, posts, shelf):
    for verb in ("items", "up", "down", "remove", "delete"):
        assert as_("pan").post(f"{shelf}/{verb}", row=row(posts[0])).status_code == 403
        assert as_("ou").post(f"{shelf}/{verb}", row=row(posts[0])).status_code == 404
    assert as_("pan").post(shelf, name="Other").status_code == 403
    assert "Move up" not in as_("pan").get(shelf).text


def test_only_featured_cards_of_this_circle_come_in(as_, world, shelf):
    plain = row(post_as(world, "tang", "class", "Lesson A"))
    other = post_as(world, "wen", "nextdoor", "Lesson B")
    with write():
        feature_card("post", other)
    for number in (plain, row(other), 10**9):
        as_("tang").post(f"{shelf}/items", row=number)
    assert not db.session.scalars(sa.select(CollectionItem)).all()


def test_what_is_featured_no_more_or_taken_down_is_not_shown(as_, here, posts, shelf):
    for post in posts:
        as_("tang").post(f"{shelf}/items", row=row(post))
    with write():
        unfeature_card("post", posts[0])
    as_("tang").post(f"/posts/{posts[1]}/hide", reason="No")
    assert order(as_, shelf) == ["C"]
    assert "1 card" in as_("pan").get(f"{here}/featured").text


def test_it_is_renamed_and_deleted_and_its_posts_stay(as_, here, posts, shelf):
    as_("tang").post(f"{shelf}/items", row=row(posts[0]))
    as_("tang").post(shelf, name="Mung beans")
    assert "Mung beans" in as_("pan").get(f"{here}/featured").text
    assert as_("tang").post(f"{shelf}/delete").location == f"{here}/featured"
    assert as_("tang").get(shelf).status_code == 404
    assert "Lesson A" in as_("pan").get(f"{here}/featured").text
