"""The rules of posts, threads and comments: list and check ask one question; these are the answers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import Forbidden, NotFound

from tests.posts.acting import post_as
from webapp.circles.models import Circle
from webapp.feed.actions import add_comment
from webapp.feed.models import Comment, Thread
from webapp.feed.policy import Rule as FeedRule
from webapp.feed.queries import thread_of
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.kit.policy import ANONYMOUS, access, allowed, can, rules
from webapp.posts.actions import approve_post, delete_post, hide_post, refuse_post
from webapp.posts.models import Post
from webapp.posts.policy import Rule

CAST = ("tang", "lei", "wen", "shen", "qiu", "pan", "hao", "ning", "mei", "ou", "ex", "root", "pan_private")
STATES = ("waiting", "published", "refused", "hidden", "deleted")
READERS = {  # of Student Shen's post in the class circle
    "waiting": {"tang", "lei", "shen"},
    "published": {"tang", "lei", "shen", "pan"},
    "refused": {"tang", "lei", "shen"},
    "hidden": {"tang", "lei", "shen"},
    "deleted": set(),
}
PERMITTED = {
    Rule.POST_APPROVE: {state: {"tang", "lei"} & readers for state, readers in READERS.items()},
    Rule.POST_DELETE: {state: {"shen"} & readers for state, readers in READERS.items()},
    Rule.POST_EDIT: {"waiting": {"shen"}, "refused": {"shen"}},
    Rule.POST_HIDE: {"published": {"tang", "lei"}},
    Rule.POST_MODERATE: {"published": {"tang", "lei"}},
    Rule.POST_READ: READERS,
    Rule.POST_RESTORE: {"hidden": {"tang", "lei"}},
    Rule.POST_SHARE: {"published": {"tang", "lei"}},  # the class has opened itself for links of its administrators
}


@pytest.fixture
def posts(app, world):
    """A post of Student Shen in each state."""
    made = {state: post_as(world, "shen", "class", f"It is {state}") for state in STATES}
    tang, shen = world.viewer("tang"), world.viewer("shen")
    with write():
        db.session.get_one(Circle, world.circles["class"]).sharing = "admins"
        rows = {state: db.session.get_one(Post, number) for state, number in made.items()}
        for state in ("published", "hidden", "deleted"):
            approve_post(tang, rows[state])
        refuse_post(tang, rows["refused"], "No")
        hide_post(tang, rows["hidden"], "No")
        delete_post(shen, rows["deleted"])
    return rows


@pytest.mark.parametrize("rule", sorted(Rule))
def test_list_and_check_agree_for_everybody_and_each_state(posts, world, rule):
    for who in (*CAST, None):
        viewer = world.viewer(who) if who else ANONYMOUS
        listed = set(db.session.scalars(sa.select(Post.id).where(allowed(rule, viewer))))
        for state, post in posts.items():
            expected = who in PERMITTED[rule].get(state, set())
            assert (post.id in listed) is expected, (who, state)
            assert can(rule, viewer, post) is expected, (who, state)


def test_not_there_and_not_permitted_are_told_apart(posts, world):
    with pytest.raises(Forbidden):
        access(Rule.POST_EDIT, world.viewer("pan"), Post, posts["published"].id)
    with pytest.raises(NotFound):
        access(Rule.POST_EDIT, world.viewer("pan"), Post, posts["waiting"].id)
    with pytest.raises(NotFound):
        access(Rule.POST_READ, world.viewer("pan"), Post, 10**6)


def test_list_and_check_agree_for_threads_and_comments(posts, world):
    with write():
        thread = thread_of("post", posts["published"].id)
        add_comment(world.viewer("pan"), thread, "Nice", client_id())
    rows = {
        Thread: db.session.scalars(sa.select(Thread)).all(),
        Comment: db.session.scalars(sa.select(Comment)).all(),
    }
    for rule in FeedRule:
        model = rules()[rule].model
        for who in CAST:
            viewer = world.viewer(who)
            listed = set(db.session.scalars(sa.select(model.id).where(allowed(rule, viewer))))
            assert listed == {row.id for row in rows[model] if can(rule, viewer, row)}, (rule, who)


def test_a_thread_closes_with_its_card(posts, world):
    shown = thread_of("post", posts["published"].id)
    hidden = thread_of("post", posts["hidden"].id)
    assert can(FeedRule.THREAD_READ, world.viewer("pan"), shown)
    for who in ("tang", "pan", "shen"):
        assert not can(FeedRule.THREAD_READ, world.viewer(who), hidden)
        assert not can(FeedRule.THREAD_COMMENT, world.viewer(who), hidden)


def test_another_identity_of_the_same_person_reads_nothing(posts, world):
    assert can(Rule.POST_READ, world.viewer("pan"), posts["published"])
    assert not can(Rule.POST_READ, world.viewer("pan_private"), posts["published"])
