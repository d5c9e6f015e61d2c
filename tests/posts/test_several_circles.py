"""One post in several circles: whoever reads one of them reads it; each circle decides for itself."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from tests.posts.test_later import work
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment
from webapp.feed.events import CardLeft, CardPublished, CardWithdrawn
from webapp.feed.models import Comment, FeedRow
from webapp.feed.policy import Rule as FeedRule
from webapp.feed.queries import thread_of
from webapp.groups.models import Link, Message
from webapp.kit import clock, events
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.kit.outbox import Outbox
from webapp.kit.policy import allowed, can
from webapp.posts.models import Post, PostPlace
from webapp.posts.policy import Rule

WORDS = "Both walk on Sunday"


@pytest.fixture
def two(world) -> tuple[int, int]:
    """Neighbour Yu owns both; Parent Pan (privately) is in the lane, Outsider Ou among the birds."""
    with write():
        row = {"circle_id": world.circles["birds"], "identity_id": world.identities["ou"], "party": "customer"}
        db.session.add(Membership(**row))
    return world.circles["lane"], world.circles["birds"]


@pytest.fixture
def post(world, two) -> int:
    return post_as(world, "yu", "lane", WORDS, circles=(two[1],))


def told_to(circle: int) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Outbox.kind).where(Outbox.topic == f"circle-{circle}")))


def feeds(as_, two) -> dict[str, bool]:
    readers = {"pan_private": two[0], "ou": two[1]}
    return {who: WORDS in as_(who).get(f"/circles/{circle}").text for who, circle in readers.items()}


def test_it_is_one_post_with_a_row_in_each(as_, world, two):
    form = {"body": WORDS, "also": str(two[1])}
    assert f'value="{two[1]}"' in as_("yu").post(f"/circles/{two[0]}/posts", body="x", more="1").text
    assert as_("yu").post(f"/circles/{two[0]}/posts", **form).status_code == 303
    assert len(db.session.scalars(sa.select(Post)).all()) == 1
    rows = db.session.execute(sa.select(FeedRow.circle_id, FeedRow.also).order_by(FeedRow.id)).all()
    assert [tuple(row) for row in rows] == [(two[0], False), (two[1], True)]
    assert feeds(as_, two) == {"pan_private": True, "ou": True}


def test_whoever_reads_one_of_them_reads_it_and_speaks_in_the_one_talk(as_, world, two, post):
    thread = thread_of("post", post).id
    for who in ("pan_private", "ou"):
        assert as_(who).get(f"/posts/{post}").status_code == 200
        assert as_(who).post(f"/threads/{thread}/comments", body=f"Says {who}").status_code == 303
        assert as_(who).post(f"/threads/{thread}/reactions", key="like").status_code == 303
    for who in ("pan_private", "ou", "yu"):
        page = as_(who).get(f"/posts/{post}").text
        assert "Says pan_private" in page and "Says ou" in page
    for who in ("mei", "tang", "pan"):
        assert as_(who).get(f"/posts/{post}").status_code == 404
        assert as_(who).post(f"/threads/{thread}/comments", body="No").status_code == 404
    assert "push" in told_to(two[0]) and "push" in told_to(two[1])


def test_a_page_of_it_leads_into_no_circle_that_its_reader_may_not_see(as_, world, two):
    post = post_as(world, "yu", "lane", f"{WORDS} #beans# @Parent Pan", circles=(two[1],))
    with write():
        add_comment(world.viewer("yu"), thread_of("post", post), "@Parent Pan #beans#", client_id())
    for page in (f"/posts/{post}", f"/circles/{two[1]}", "/"):
        text = as_("ou").get(page).text
        assert WORDS in text
        assert f"/circles/{two[0]}/" not in text.replace(f"/circles/{two[0]}/mentions", ""), page
        assert "Lane" not in text, page


def test_each_person_sees_it_once_on_home(as_, two, post):
    for who in ("yu", "pan_private", "ou"):
        assert as_(who).get("/").text.count(WORDS) == 1, who
        assert as_(who).get("/fresh?after=0").text.count(WORDS) == 1, who


def test_taken_down_in_the_first_it_is_on_the_home_of_who_is_in_both(as_, world, two, post):
    as_("yu").post(f"/posts/{post}/hide", reason="Elsewhere", circle=two[0])
    assert as_("yu").get("/").text.count(WORDS) == 1


def test_one_card_in_a_group_that_is_linked_to_both(as_, world, two):
    with write():
        for circle in two:
            link = {"group_id": world.groups["friends"], "circle_id": circle, "push": "all"}
            db.session.add(Link(**link, made_by=world.identities["yu"]))
    post = post_as(world, "yu", "lane", WORDS, circles=(two[1],))
    assert len(db.session.scalars(sa.select(Message).where(Message.item_id == post)).all()) == 1
    group = f"/groups/{world.groups['friends']}"
    assert WORDS in as_("pan_private").get(group).text
    as_("yu").post(f"/posts/{post}/hide", reason="No", circle=two[0])
    assert WORDS not in as_("pan_private").get(group).text


@pytest.mark.parametrize("where", [0, 1])
def test_hidden_in_one_circle_it_stands_in_the_other(as_, world, two, post, monkeypatch, where):
    told: list[object] = []
    for fact in (CardLeft, CardWithdrawn):
        monkeypatch.setitem(events._now, fact, [told.append])
    thread = thread_of("post", post).id
    assert as_("yu").post(f"/posts/{post}/hide", reason="Not here", circle=two[where]).status_code == 303
    stays = {"pan_private": where == 1, "ou": where == 0}
    assert feeds(as_, two) == stays
    for who, reads in stays.items():
        assert (as_(who).get(f"/posts/{post}").status_code == 200) is reads
        assert (as_(who).post(f"/threads/{thread}/comments", body="Still?").status_code == 303) is reads
    assert told == [CardLeft("post", post, two[where])]
    as_("yu").post(f"/posts/{post}/hide", reason="Nor here", circle=two[1 - where])
    assert told[1:] == [CardWithdrawn("post", post)]
    assert feeds(as_, two) == {"pan_private": False, "ou": False}


def test_deleted_by_its_author_it_is_gone_everywhere(as_, two, post):
    assert as_("yu").post(f"/posts/{post}/delete").status_code == 303
    assert feeds(as_, two) == {"pan_private": False, "ou": False}
    for who in ("pan_private", "ou", "yu"):
        assert as_(who).get(f"/posts/{post}").status_code == 404


@pytest.mark.parametrize(
    ("where", "reviewed"), [(0, {"pan_private": False, "ou": True}), (1, {"pan_private": True, "ou": False})]
)
def test_where_it_is_reviewed_it_waits_there_only(as_, world, two, where, reviewed):
    with write():
        db.session.get_one(Circle, two[where]).approval = True
        db.session.add(Membership(circle_id=two[0], identity_id=world.identities["ou"], party="customer"))
    post = post_as(world, "ou", "lane", WORDS, circles=(two[1],))
    assert feeds(as_, two) == {"pan_private": where == 1, "ou": where == 0}
    assert "1 post waits for you" in as_("yu").get(f"/circles/{two[where]}").text
    assert "post waits for you" not in as_("yu").get(f"/circles/{two[1 - where]}").text
    assert WORDS in as_("yu").get(f"/circles/{two[where]}/waiting").text
    url = f"/posts/{post}/approve"
    assert as_("pan_private").post(url, circle=two[where]).status_code in (403, 404)
    assert as_("yu").post(url, circle=two[where]).status_code == 303
    assert as_("yu").post(url, circle=two[where]).status_code == 409
    assert len(db.session.scalars(sa.select(FeedRow)).all()) == 2
    assert feeds(as_, two) == {"pan_private": True, "ou": True}


def test_refused_in_one_circle_the_author_reads_why_and_it_waits_again_after_an_edit(as_, world, two):
    with write():
        db.session.get_one(Circle, two[1]).approval = True
        db.session.add(Membership(circle_id=two[0], identity_id=world.identities["ou"], party="customer"))
    post = post_as(world, "ou", "lane", "Rude", circles=(two[1],))
    as_("yu").post(f"/posts/{post}/refuse", reason="Kinder words", circle=two[1])
    assert "Kinder words" in as_("ou").get(f"/posts/{post}").text
    assert "Kinder words" not in as_("pan_private").get(f"/posts/{post}").text
    assert as_("ou").post(f"/posts/{post}/edit", body="Kind", version="1").status_code == 303
    assert db.session.scalars(sa.select(PostPlace.state)).one() == "waiting"


def test_a_moderator_of_one_decides_nothing_in_the_other(as_, world, two):
    with write():
        mine = sa.update(Membership).where(Membership.identity_id == world.identities["ou"])
        db.session.execute(mine.values(role="admin"))
    post = post_as(world, "yu", "lane", WORDS, circles=(two[1],))
    for act in ("pin", "feature"):
        assert as_("ou").post(f"/posts/{post}/{act}", circle=two[0]).status_code == 403
        assert as_("ou").post(f"/posts/{post}/{act}", circle=two[1]).status_code == 303
    pinned = db.session.execute(sa.select(FeedRow.circle_id).where(FeedRow.pinned_at.is_not(None))).scalars().all()
    assert pinned == [two[1]]
    assert as_("ou").post(f"/posts/{post}/hide", circle=two[0], reason="No").status_code == 403
    menu = as_("ou").get(f"/posts/{post}/menu").text
    assert "Birds" in menu and "Lane" not in menu


def test_where_one_may_not_post_it_does_not_go(as_, world, two):
    url = f"/circles/{two[0]}/posts"
    for other in (two[1], world.circles["secret"], world.circles["class"], 10**9):
        answer = as_("pan_private").post(url, body=WORDS, also=str(other))
        assert answer.status_code == 422 and "may not post in one of these" in answer.text, other
    assert not db.session.scalars(sa.select(Post)).all()


@pytest.mark.parametrize(
    ("who", "first", "further", "fits"),
    [
        ("tang", "class", "staff", False),
        ("tang", "staff", "class", False),
        ("lei", "class", "nextdoor", True),
        ("mei", "trade", "open", True),
    ],
)
def test_what_is_said_in_a_class_or_a_house_reaches_no_outsiders(as_, world, two, who, first, further, fits):
    with write():
        lei = {"identity_id": world.identities["lei"], "party": "teacher"}
        db.session.add(Membership(circle_id=world.circles["nextdoor"], **lei))
        open_ = Circle(kind="community", name="Open", name_key="open", joining="open")
        db.session.add(open_)
        db.session.flush()
        for one in ("tang", "mei"):
            row = {"circle_id": open_.id, "identity_id": world.identities[one], "party": "customer"}
            db.session.add(Membership(**row))
        ids = {**world.circles, "open": open_.id}
    offered = as_(who).post(f"/circles/{ids[first]}/posts", body="x", more="1").text
    assert (f'name="also" value="{ids[further]}"' in offered) is fits
    answer = as_(who).post(f"/circles/{ids[first]}/posts", body=WORDS, also=str(ids[further]))
    assert answer.status_code == (303 if fits else 422)
    assert fits or "shares posts only with" in answer.text
    if who == "tang":
        mixed = as_("tang").post(f"/circles/{ids['open']}/posts", body=WORDS, also=str(ids["class"]))
        assert mixed.status_code == 422


def test_pupils_are_seen_by_no_stranger_through_a_shared_thread(as_, world):
    with write():
        lei = {"identity_id": world.identities["lei"], "party": "teacher"}
        db.session.add(Membership(circle_id=world.circles["nextdoor"], **lei))
    post = post_as(world, "lei", "class", WORDS, circles=(world.circles["nextdoor"],))
    thread = thread_of("post", post).id
    as_("shen").post(f"/threads/{thread}/comments", body="Says the pupil")
    assert "Says the pupil" in as_("qiu").get(f"/posts/{post}").text, "a pupil of the class next door, same school"
    for who in ("ning", "ou", "mei", "pan_private"):
        assert as_(who).get(f"/posts/{post}").status_code == 404


def test_a_must_read_post_goes_only_where_one_moderates(as_, world, two):
    with write():
        db.session.add(Membership(circle_id=two[0], identity_id=world.identities["ou"], role="admin", party="customer"))
    form = {"body": WORDS, "must_read": "1", "also": str(two[1])}
    answer = as_("ou").post(f"/circles/{two[0]}/posts", **form)
    assert answer.status_code == 422 and "that you moderate" in answer.text
    assert as_("yu").post(f"/circles/{two[0]}/posts", **form).status_code == 303
    assert "0 of 2 have read it" in as_("pan_private").get(f"/circles/{two[0]}").text
    for who, circle in (("pan_private", two[0]), ("ou", two[1])):
        assert "1 must-read post waits for you" in as_(who).get(f"/circles/{circle}").text


def test_a_topic_of_it_is_in_each_circle(as_, world, two):
    post_as(world, "yu", "lane", f"{WORDS} #beans#", circles=(two[1],))
    assert WORDS in as_("ou").get(f"/circles/{two[1]}/topics/beans").text


def test_one_fact_for_each_circle(world, two, monkeypatch):
    told: list[CardPublished] = []
    monkeypatch.setitem(events._now, CardPublished, [told.append])
    post = post_as(world, "yu", "lane", WORDS, circles=(two[1],))
    assert [(fact.item_id, fact.circle_id) for fact in told] == [(post, two[0]), (post, two[1])]


def test_list_and_check_agree_for_everybody_whatever_became_of_it(world, two):
    """Every combination of what two circles decided."""
    states = ("waiting", "published", "refused", "hidden")
    for first, second in itertools.product(states, states):
        number = post_as(world, "yu", "lane", f"{first} {second}", circles=(two[1],))
        with write():
            post = db.session.get_one(Post, number)
            place = db.session.scalars(sa.select(PostPlace).where(PostPlace.post_id == number)).one()
            add_comment(world.viewer("yu"), thread_of("post", number), "Hm", client_id())
            post.state, place.state = first, second
            for row in db.session.scalars(sa.select(FeedRow).where(FeedRow.item_id == number)):
                row.shown = (first if row.circle_id == two[0] else second) == "published"
    posts = {post.body: post for post in db.session.scalars(sa.select(Post))}
    for who in ("yu", "pan_private", "ou", "tang"):
        viewer = world.viewer(who)
        for rule in (Rule.POST_READ, Rule.POST_HIDE, Rule.POST_EDIT, Rule.POST_DELETE, Rule.POST_APPROVE):
            listed = set(db.session.scalars(sa.select(Post.id).where(allowed(rule, viewer))))
            assert listed == {post.id for post in posts.values() if can(rule, viewer, post)}, (who, rule)
        readable = set(db.session.scalars(sa.select(Post.id).where(allowed(Rule.POST_READ, viewer))))
        side = {"pan_private": 0, "ou": 1}.get(who)
        expected = {p.id for p in posts.values() if side is not None and p.body.split()[side] == "published"}
        assert readable == (set(p.id for p in posts.values()) if who == "yu" else expected), who
        said = sa.select(Comment.id).where(allowed(FeedRule.COMMENT_READ, viewer))
        open_ = {p.id for p in posts.values() if "published" in p.body.split() and p.id in readable}
        assert len(db.session.scalars(said).all()) == len(open_), who


def test_the_stretches_of_home_hold_it_once(as_, world, two):
    for number in range(25):
        post_as(world, "yu", "lane", f"Walk {number}.", circles=(two[1],))
    first = as_("yu").get("/").text
    older = re.search(r'href="\?from=(\d+)"', first)
    both = first + as_("yu").get(f"/?from={older[1]}").text
    assert [both.count(f"Walk {number}.") for number in range(25)] == [1] * 25


def test_for_later_it_comes_where_its_author_may_still_post_and_says_where_not(app, as_, world, two):
    with write():
        db.session.add(Membership(circle_id=two[0], identity_id=world.identities["ou"], party="customer"))
    soon = clock.now() + timedelta(hours=1)
    post = post_as(world, "ou", "lane", WORDS, circles=(two[1],), publish_at=soon)
    assert as_("yu").get(f"/posts/{post}").status_code == 404
    with write():
        db.session.get_one(Circle, two[1]).posting = "admins"
    work(app, soon)
    assert feeds(as_, two)["pan_private"]
    assert WORDS not in as_("ou").get(f"/circles/{two[1]}").text
    assert "not published here" in as_("ou").get(f"/posts/{post}").text
