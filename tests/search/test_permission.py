"""What search returns is what one may open: for everybody of the cast, of everything that there is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.search.finding import comment, message, post, search
from webapp.circles.models import Circle, Membership
from webapp.feed.models import Comment
from webapp.groups.models import Group, Message
from webapp.kit.db import db, write
from webapp.kit.finding import findables
from webapp.kit.policy import can
from webapp.posts.actions import hide_post
from webapp.posts.models import Post

CAST = (
    "tang", "lei", "wen", "shen", "qiu", "pan", "hao", "ning", "mei", "sun", "dong", "fei", "ou", "yu", "ex", "root",
    "pan_private", "tang_private",
)  # fmt: skip
TITLES = (
    "Teacher", "Student", "Parent", "Head", "Stranger", "Manager", "Staff", "Dealer", "Outsider", "Neighbour", "Former",
    "Admin",
)  # fmt: skip


@pytest.fixture
def life(world):
    """A post everywhere, a comment on each, something said in each group, one that waits, one that is hidden."""
    for who, circle in (("tang", "class"), ("wen", "nextdoor"), ("hao", "staff"), ("mei", "trade"), ("yu", "lane"),
                        ("yu", "birds"), ("yu", "secret")):  # fmt: skip
        comment(world, who, post(world, who, circle, f"needle in {circle}"), f"needle about {circle}")
    post(world, "shen", "class", "needle that waits")
    hidden = post(world, "lei", "class", "needle that is hidden")
    comment(world, "pan", hidden, "needle under it")
    with write():
        hide_post(world.viewer("tang"), db.session.merge(hidden), "so")
    for who, group in (("pan", "parents"), ("yu", "friends")):
        message(world, who, group, f"needle among {group}")


def may_open(viewer, model, rule) -> set[int]:
    return {row.id for row in db.session.scalars(sa.select(model)) if can(rule, viewer, row)}


@pytest.mark.parametrize("who", CAST)
def test_what_is_found_is_what_may_be_opened(as_, world, life, who):
    kinds, viewer, person = findables(), world.viewer(who), as_(who)
    addressed = {"post": "/posts/{}", "comment": "/comments/{}/place", "message": "/messages/{}"}
    for kind, address in addressed.items():
        readable = may_open(viewer, kinds[kind].model, kinds[kind].rule)
        assert set(search(person, "needle", kind=kind)) == {address.format(number) for number in readable}, kind
        for address in search(person, "needle", kind=kind):
            assert person.get(address).status_code in (200, 302), address
    assert len(search(person, "needle")) == sum(
        len(may_open(viewer, kinds[kind].model, kinds[kind].rule)) for kind in addressed
    )


@pytest.mark.parametrize("who", CAST)
def test_circles_and_groups_are_found_by_whom_they_may_be_known(as_, world, who):
    kinds, viewer, person = findables(), world.viewer(who), as_(who)
    for kind, model, address in (("circle", Circle, "/circles/{}"), ("group", Group, "/groups/{}")):
        known = may_open(viewer, model, kinds[kind].rule)
        for row in db.session.scalars(sa.select(model)).all():
            found = address.format(row.id) in search(person, row.name, kind=kind)
            assert found == (row.id in known), (kind, row.name)


@pytest.mark.parametrize("who", CAST)
def test_people_are_found_where_they_can_be_seen(as_, world, who):
    person, kinds = as_(who), findables()
    known = may_open(world.viewer(who), kinds["person"].model, kinds["person"].rule)
    names = {name for name in world.identities if world.identities[name] in known and not name.endswith("_private")}
    found = {link for word in TITLES for link in search(person, word, kind="person")}
    for address in found:
        page = person.get(address)
        assert page.status_code == 200 and address.rpartition("q=")[2].replace("%20", " ") in page.text, address
    if who == "ou":
        assert found == set() and names == set()
    if who == "pan":
        assert names >= {"tang", "lei", "shen", "pan", "wen", "hao"} and "qiu" not in names


def test_a_circle_made_private_is_found_no_more_at_the_next_request(as_, world):
    there = f"/circles/{world.circles['birds']}"
    assert search(as_("ou"), "birds") == [there]
    with write():
        db.session.get_one(Circle, world.circles["birds"]).joining = "hidden"
    assert search(as_("ou"), "birds") == [] and search(as_("yu"), "birds") == [there]


def test_who_is_removed_finds_nothing_of_it_at_the_next_request(as_, world):
    there = post(world, "tang", "class", "needle")
    assert search(as_("pan"), "needle") == [f"/posts/{there.id}"]
    with write():
        mine = sa.select(Membership).where(Membership.identity_id == world.identities["pan"])
        db.session.scalars(mine.where(Membership.circle_id == world.circles["class"])).one().state = "removed"
    assert search(as_("pan"), "needle") == [] == search(as_("pan"), "needle", place=f"circle-{world.circles['class']}")


def test_a_filter_opens_no_door(as_, world):
    post(world, "tang", "class", "needle")
    said = message(world, "pan", "parents", "needle")
    ou = as_("ou")
    for more in ({"place": f"circle-{world.circles['class']}"}, {"place": f"group-{world.groups['parents']}"},
                 {"by": "Teacher Tang"}, {"kind": "post"}, {"days": 7}):  # fmt: skip
        assert search(ou, "needle", **more) == []
    assert ou.get(f"/messages/{said.id}").status_code == 404


def test_the_rights_of_two_identities_are_not_added_up(as_, world):
    there = post(world, "tang", "class", "needle")
    assert search(as_("pan"), "needle") == [f"/posts/{there.id}"] and search(as_("pan_private"), "needle") == []


def test_every_kind_that_can_be_found_is_in_this_test(app):
    assert set(findables()) == {"post", "comment", "message", "circle", "group", "person"}
    assert {each.model for each in findables().values()} >= {Post, Comment, Message, Circle, Group}
