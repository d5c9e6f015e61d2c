"""n groups × m circles × one post is one line a person, whatever stands between them."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.accounts.models import Identity
from webapp.circles.models import Circle, Membership
from webapp.feed.events import CardPublished
from webapp.groups.models import Group, GroupMember, Link
from webapp.inbox.models import InboxLine
from webapp.kit.db import db, put, write
from webapp.kit.events import emit_fact
from webapp.kit.ids import client_id
from webapp.posts.actions import publish_post

PEOPLE = ("pan", "shen", "lei", "hao", "wen")
places = st.lists(st.sets(st.sampled_from(PEOPLE)), min_size=1, max_size=3)
links = st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)))


class Rollback(Exception):
    """Ends an example without a trace."""


@pytest.fixture
def town(world):
    """Builds circles and groups of Teacher Tang and lets one post stand in all the circles."""

    def build(circles, groups, linked, named, repeats):
        made = [circle_of(world, people) for people in circles]
        chats = [group_of(world, people) for people in groups]
        for group, circle in linked:
            if group < len(chats) and circle < len(made):
                keys = {"group_id": chats[group].id, "circle_id": made[circle].id}
                put(Link(**keys, push="all", admits=True, made_by=world.identities["tang"]))
        names = [db.session.get_one(Identity, world.identities[who]).name for who in sorted(named)]
        body = "For all " + " ".join(f"@{name}" for name in names)
        post = publish_post(world.viewer("tang"), made[0], body, client_id(), notify=True)
        for circle in made[1:] * repeats + made * (repeats - 1):
            emit_fact(CardPublished("post", post.id, circle.id, 0, post.author_id, True))
        return Counter(db.session.scalars(sa.select(InboxLine.identity_id)))

    return build


def circle_of(world, people) -> Circle:
    circle = put(Circle(kind="community", name=client_id(), name_key=client_id(), joining="open"))
    for who, role in (("tang", "owner"), *((who, "member") for who in people)):
        row = {"circle_id": circle.id, "identity_id": world.identities[who]}
        put(Membership(**row, party="customer", role=role))
    return circle


def group_of(world, people) -> Group:
    group = put(Group(name="Chat", messages=0, muted_all=False))
    for who in ("tang", *people):
        put(GroupMember(group_id=group.id, identity_id=world.identities[who]))
    return group


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places, places, links, st.sets(st.sampled_from(PEOPLE)), st.integers(1, 3))
def test_one_post_is_one_line_a_person(world, town, circles, groups, linked, named, repeats):
    with pytest.raises(Rollback), write():
        lines = town(circles, groups, linked, named, repeats)
        readers = {world.identities[who] for who in set().union(*circles)}
        assert lines == dict.fromkeys(readers, 1)
        raise Rollback
