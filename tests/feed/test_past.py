"""What a newcomer sees of before: one rule, obeyed by feed, home, topics, permalinks, comments and the live push."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import admit
from webapp.circles.actions.settling import Admission, set_admission
from webapp.circles.models import Circle, Membership
from webapp.circles.past import Past, seen_from
from webapp.feed.actions import add_comment, feature_card, pin_card
from webapp.feed.models import FeedRow, Thread
from webapp.feed.policy import Rule as FeedRule
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox
from webapp.kit.policy import allowed
from webapp.posts.actions import edit_post, publish_post
from webapp.posts.models import Post
from webapp.posts.policy import Rule

NOW = clock.now()


@pytest.mark.parametrize(
    ("past", "seen"),
    [
        (Past(), None),
        (Past("days", days=7), NOW - timedelta(days=7)),
        (Past("days", days=0), NOW),
        (Past("since", since=NOW - timedelta(days=30)), NOW - timedelta(days=30)),
        (Past("since", since=NOW + timedelta(days=30)), NOW),
    ],
)
def test_the_moment_from_which_a_newcomer_sees(past, seen):
    assert seen_from(past, NOW) == seen


@pytest.fixture
def lane(app, world):
    """The lane shows newcomers seven days; a post is forty days old, one yesterday's; Outsider Ou comes in today."""
    made = {}
    with write():
        circle, yu = db.session.get_one(Circle, world.circles["lane"]), world.viewer("yu")
        set_admission(yu, circle, Admission(past=Past("days", days=7)))
        for row in db.session.query(Membership).filter_by(circle_id=circle.id):
            row.joined_at = clock.now() - timedelta(days=60)
            row.sees_from = seen_from(circle.past, row.joined_at)
        for name, days in (("old", 40), ("young", 1)):
            with clock.at(clock.now() - timedelta(days=days)):
                made[name] = publish_post(yu, circle, f"The {name} one #roof#", f"past-{name}").id
        admit(circle, db.session.get_one(Identity, world.identities["ou"]))
    return made


def test_the_feed_topics_featured_and_home_show_what_the_rule_shows(as_, world, lane):
    with write():
        for number in lane.values():
            feature_card("post", number)
    here, ou, old_hand = f"/circles/{world.circles['lane']}", as_("ou"), as_("pan_private")
    for path in (here, f"{here}/featured", f"{here}/topics/roof", "/", f"{here}/fresh?after=0", "/fresh?after=0"):
        assert "The young one" in ou.get(path).text and "The old one" not in ou.get(path).text, path
        assert "The old one" in old_hand.get(path).text, path


def test_a_permalink_to_what_is_hidden_is_not_there(as_, world, lane):
    ou = as_("ou")
    for path in ("", "/menu", "/history"):
        assert ou.get(f"/posts/{lane['old']}{path}").status_code == 404
        assert ou.get(f"/posts/{lane['young']}{path}").status_code == 200
        assert as_("pan_private").get(f"/posts/{lane['old']}{path}").status_code == 200
    thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == lane["old"])).one()
    assert ou.post(f"/threads/{thread.id}/comments", body="x").status_code == 404
    assert ou.post(f"/threads/{thread.id}/reactions", key="heart").status_code == 404


def test_what_is_pinned_meets_a_newcomer(as_, world, lane):
    with write():
        pin_card("post", lane["old"])
    page = as_("ou").get(f"/circles/{world.circles['lane']}").text
    assert "The old one" in page and "You are new here." in page and "pinned post below" in page
    assert as_("ou").get(f"/posts/{lane['old']}").status_code == 200
    assert "You are new here." not in as_("pan_private").get(f"/circles/{world.circles['lane']}").text


def test_who_runs_the_circle_and_who_wrote_it_see_it(as_, world, lane):
    with write():
        circle = db.session.get_one(Circle, world.circles["lane"])
        row = db.session.query(Membership).filter_by(circle_id=circle.id, identity_id=world.identities["ou"]).one()
        row.role = "admin"
    assert as_("ou").get(f"/posts/{lane['old']}").status_code == 200
    with write():
        row = db.session.query(Membership).filter_by(circle_id=circle.id, identity_id=world.identities["yu"]).one()
        row.role, row.sees_from = "member", clock.now()
    assert as_("yu").get(f"/posts/{lane['old']}").status_code == 200


def test_list_and_check_agree_about_the_past(as_, world, lane):
    for who, seen in (("ou", {"young"}), ("pan_private", {"old", "young"}), ("yu", {"old", "young"})):
        viewer = world.viewer(who)
        posts = set(db.session.scalars(sa.select(Post.id).where(allowed(Rule.POST_READ, viewer))))
        threads = set(db.session.scalars(sa.select(Thread.item_id).where(allowed(FeedRule.THREAD_READ, viewer))))
        assert posts == threads == {lane[name] for name in seen}, who


def test_a_change_of_the_rule_reaches_members_too(as_, world, lane):
    path = f"/circles/{world.circles['lane']}/admission"
    day = (clock.local(clock.now(), "Asia/Shanghai") - timedelta(days=50)).date().isoformat()
    as_("yu").post(path, history="since", since=day)
    assert "The old one" in as_("ou").get(f"/circles/{world.circles['lane']}").text
    as_("yu").post(path, history="days", days="0")
    assert "The young one" not in as_("ou").get(f"/circles/{world.circles['lane']}").text
    as_("yu").post(path, history="all")
    assert "The old one" in as_("ou").get(f"/circles/{world.circles['lane']}").text


@pytest.mark.parametrize(
    "form", [{"history": "since", "since": "soon"}, {"history": "days", "days": ""}, {"history": ""}]
)
def test_a_rule_that_is_none_comes_back(as_, world, form):
    answer = as_("yu").post(f"/circles/{world.circles['lane']}/admission", **form)
    assert answer.status_code == 422


def test_nothing_of_a_hidden_card_is_pushed(as_, world, lane):
    """The circle's stream goes to newcomers too."""
    with write():
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == lane["old"])).one()
        add_comment(world.viewer("pan_private"), thread, "secret of then", "past-comment")
        edit_post(world.viewer("yu"), db.session.get_one(Post, lane["old"]), "The old one, edited", 1)
    assert pushed() <= {"feed/_counts.html"}
    with write():
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == lane["young"])).one()
        add_comment(world.viewer("pan_private"), thread, "of now", "past-comment-2")
    assert "feed/_comment.html" in pushed()


def pushed():
    db.session.rollback()
    rows = db.session.scalars(sa.select(Outbox).where(Outbox.topic.like("circle-%"), Outbox.kind == "push"))
    return {row.payload["template"] for row in rows}


def test_where_nothing_is_hidden_the_feed_asks_no_more(app, as_, world):
    with write():
        circle = db.session.get_one(Circle, world.circles["lane"])
        publish_post(world.viewer("yu"), circle, "All of it", "past-all")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FeedRow)) == 1
    assert "All of it" in as_("pan_private").get(f"/circles/{world.circles['lane']}").text
