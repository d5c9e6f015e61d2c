"""Comments under a card: said, replied to, taken back."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment
from webapp.feed.models import Comment, Thread
from webapp.feed.queries import thread_of
from webapp.kit import push
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.kit.outbox import Cursor, Event, Outbox


@pytest.fixture
def card(app, world):
    """(post id, thread id) of a teacher's post in the class circle."""
    post = post_as(world, "tang", "class", "Bring a leaf")
    return post, thread_of("post", post).id


def say(world, who: str, thread_id: int, body: str, parent: int | None = None) -> int:
    with write():
        thread = db.session.get_one(Thread, thread_id)
        above = db.session.get_one(Comment, parent) if parent else None
        return add_comment(world.viewer(who), thread, body, client_id(), above).id


def test_a_parent_comments_and_everybody_reads_it(as_, card):
    post, thread = card
    answer = as_("pan").post(f"/threads/{thread}/comments", body="We have one", client_id="comment-one")
    comment = db.session.scalars(sa.select(Comment)).one()
    assert (answer.status_code, answer.location) == (303, f"/posts/{post}#comment-{comment.id}")
    page = as_("shen").get(f"/posts/{post}").text
    assert f'<ol class="card" id="comments-{thread}"' in page
    assert f'<li class="reply" id="comment-{comment.id}" data-author="{comment.author_id}">' in page
    assert "We have one" in page


def test_an_outsider_neither_reads_nor_comments(as_, card, world):
    post, thread = card
    comment = say(world, "pan", thread, "We have one")
    for who in ("ou", "ex", "wen"):
        assert as_(who).post(f"/threads/{thread}/comments", body="Hello").status_code == 404
        assert as_(who).get(f"/comments/{comment}").status_code == 404
        assert as_(who).post(f"/comments/{comment}/delete").status_code == 404
        assert as_(who).get(f"/posts/{post}?reply={comment}").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 1


def test_where_the_switch_is_closed_a_member_reads_and_does_not_comment(as_, card, world):
    post, thread = card
    with write():
        db.session.get_one(Circle, world.circles["class"]).commenting = "admins"
    page = as_("pan").get(f"/posts/{post}")
    assert page.status_code == 200
    assert 'id="say"' not in page.text
    assert as_("pan").post(f"/threads/{thread}/comments", body="Hello").status_code == 403
    assert as_("tang").post(f"/threads/{thread}/comments", body="Hello").status_code == 303


def test_a_muted_member_does_not_comment(as_, card, world):
    _post, thread = card
    with write():
        where = Membership.identity_id == world.identities["pan"]
        db.session.execute(sa.update(Membership).where(where).values(muted_until=datetime(2999, 1, 1)))
    assert as_("pan").post(f"/threads/{thread}/comments", body="Hello").status_code == 403


def test_sent_twice_it_is_said_once(as_, card):
    _post, thread = card
    pan = as_("pan")
    answers = [pan.post(f"/threads/{thread}/comments", body="Once", client_id="sent-twice") for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert db.session.get_one(Thread, thread).comments == 1


def test_a_text_that_does_not_fit_comes_back_with_what_was_typed(as_, card):
    _post, thread = card
    for htmx in (True, False):
        answer = as_("pan").post(f"/threads/{thread}/comments", htmx=htmx, body="b" * 999 + "so much")
        assert answer.status_code == 422
        assert "so much</textarea>" in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert answer.text.startswith("<form") is htmx


def test_htmx_gets_the_empty_form_the_comment_and_the_counters(as_, card):
    _post, thread = card
    answer = as_("pan").post(f"/threads/{thread}/comments", htmx=True, body="We have one")
    assert answer.text.startswith('<form class="say" id="say"')
    assert "We have one</textarea>" not in answer.text
    assert f'hx-target="#comments-{thread}" hx-swap="beforeend"' in answer.text
    assert f'hx-target="#thread-{thread}-counts"' in answer.text
    assert "1 comment" in answer.text


def test_a_reply_stands_under_its_comment_and_a_reply_to_it_beside_it(as_, card, world):
    post, thread = card
    first = say(world, "pan", thread, "We have one")
    form = as_("shen").get(f"/posts/{post}?reply={first}").text
    assert f'name="parent" value="{first}"' in form
    assert "Reply to Parent Pan" in form
    fragment = as_("shen").get(f"/posts/{post}?reply={first}", htmx=True).text
    assert fragment.startswith('<form class="say" id="say"')
    as_("shen").post(f"/threads/{thread}/comments", body="Me too", parent=first)
    reply = db.session.scalars(sa.select(Comment).where(Comment.body == "Me too")).one()
    assert "@Student Shen </textarea>" in as_("lei").get(f"/posts/{post}?reply={reply.id}").text
    answer = as_("lei").post(f"/threads/{thread}/comments", htmx=True, body="Good", parent=reply.id)
    assert f'hx-target="#replies-{first}"' in answer.text
    parents = db.session.execute(sa.select(Comment.body, Comment.parent_id).order_by(Comment.id)).all()
    assert parents == [("We have one", None), ("Me too", first), ("Good", first)]


def test_a_reply_to_a_comment_of_another_card_is_none(as_, card, world):
    _post, thread = card
    other = post_as(world, "tang", "class", "Another")
    elsewhere = say(world, "pan", thread_of("post", other).id, "There")
    as_("pan").post(f"/threads/{thread}/comments", body="Here", parent=elsewhere)
    assert db.session.scalars(sa.select(Comment).where(Comment.body == "Here")).one().parent_id is None


def test_a_deleted_comment_keeps_its_replies_under_a_tombstone(as_, card, world):
    post, thread = card
    first = say(world, "pan", thread, "Too hasty")
    say(world, "shen", thread, "I agree", parent=first)
    assert as_("shen").post(f"/comments/{first}/delete").status_code == 403
    assert as_("tang").post(f"/comments/{first}/delete").status_code == 403
    answer = as_("pan").post(f"/comments/{first}/delete")
    assert (answer.status_code, answer.location) == (303, f"/posts/{post}#comment-{first}")
    page = as_("lei").get(f"/posts/{post}").text
    assert "Too hasty" not in page
    assert "Parent Pan deleted a comment" in page
    assert "I agree" in page
    assert db.session.get_one(Thread, thread).comments == 1
    assert as_("pan").post(f"/comments/{first}/delete").status_code == 403  # it is gone already


def test_a_moderator_hides_a_comment_and_says_why(as_, card, world):
    post, thread = card
    first = say(world, "pan", thread, "Unkind words")
    assert as_("shen").post(f"/comments/{first}/hide", reason="x").status_code == 403
    bad = as_("lei").post(f"/comments/{first}/hide", reason="")
    assert bad.status_code == 422
    assert "Say why" in bad.text
    answer = as_("lei").post(f"/comments/{first}/hide", htmx=True, reason="Be kind")
    assert answer.text.startswith(f'<div id="comment-{first}-said">')
    page = as_("pan").get(f"/posts/{post}").text
    assert "Unkind words" not in page
    assert "Be kind" in page


def test_the_menu_of_a_comment_shows_what_one_may_do(as_, card, world):
    _post, thread = card
    first = say(world, "pan", thread, "We have one")
    own, moderator, reader = (as_(who).get(f"/comments/{first}", htmx=True).text for who in ("pan", "lei", "shen"))
    assert "/delete" in own and "Hide" not in own
    assert "/delete" not in moderator and "Hide" in moderator
    assert "/delete" not in reader and "Hide" not in reader
    assert f'action="/comments/{first}/hide"' in as_("lei").get(f"/comments/{first}").text


def test_the_newest_hundred_stand_first_and_earlier_ones_follow(as_, card, world):
    post, thread = card
    pan = world.viewer("pan")
    with write():
        row = db.session.get_one(Thread, thread)
        for number in range(103):
            add_comment(pan, row, f"Comment {number}.", client_id())
    page = as_("lei").get(f"/posts/{post}").text
    assert page.count('class="reply"') == 100
    assert "Comment 102." in page and "Comment 2." not in page
    older = as_("lei").get(f"/posts/{post}" + re.search(r'href="(\?from=\d+)"', page)[1]).text
    assert older.count('class="reply"') == 3
    assert f'id="comments-{thread}"' not in older  # what is said now belongs to the end, not here


def test_a_comment_is_pushed_to_whoever_has_the_page_open(app, card, world):
    _post, thread = card
    comment = say(world, "pan", thread, "<b>We</b> have one")
    rows = db.session.execute(sa.select(Outbox.id, Outbox.topic, Outbox.kind, Outbox.payload)).all()
    told = [row for row in rows if row.kind == "push"]
    assert [row.payload["target"] for row in told] == [f"comments-{thread}", f"thread-{thread}-counts"]
    assert {row.topic for row in told} == {f"circle-{world.circles['class']}"}
    said, counts = (
        push.draw(Event(Cursor("e", 0, row.id), row.topic, row.kind, row.payload), "zh Asia/Shanghai").decode()
        for row in told
    )
    assert f"data: comments-{thread} beforeend" in said
    assert f'id="comment-{comment}"' in said
    assert "&lt;b&gt;We" in said
    assert "1 条评论" in counts
    assert len(counts) < 300


def test_a_hidden_comment_is_shown_again_by_whoever_may_hide_it(as_, card, world):
    post, thread = card
    number = say(world, "pan", thread, "Not so kind")
    as_("lei").post(f"/comments/{number}/hide", reason="Be kind")
    page = as_("tang").get(f"/comments/{number}").text
    assert "Not so kind" in page and f"/comments/{number}/hide/delete" in page
    answer = as_("tang").post(f"/comments/{number}/hide/delete")
    assert answer.location == f"/posts/{post}#comment-{number}"
    assert "Not so kind" in as_("shen").get(f"/posts/{post}").text
    assert db.session.get_one(Thread, thread, populate_existing=True).comments == 1
    said = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "push").order_by(Outbox.id)).all()
    assert [row.payload["target"] for row in said[-2:]] == [f"comment-{number}-said", f"thread-{thread}-counts"]


def test_nobody_else_reads_or_shows_a_hidden_comment(as_, card, world):
    _post, thread = card
    number = say(world, "pan", thread, "Not so kind")
    as_("lei").post(f"/comments/{number}/hide", reason="Be kind")
    for who, code in (("pan", 403), ("shen", 403), ("ou", 404), ("wen", 404)):
        assert "Not so kind" not in as_(who).get(f"/comments/{number}").text
        assert as_(who).post(f"/comments/{number}/hide/delete").status_code == code
    assert db.session.get_one(Comment, number, populate_existing=True).deleted_at is not None


def test_a_comment_that_its_author_took_back_stays_so(as_, card, world):
    number = say(world, "pan", card[1], "Mine")
    as_("pan").post(f"/comments/{number}/delete")
    assert "Mine" not in as_("lei").get(f"/comments/{number}").text
    assert as_("lei").post(f"/comments/{number}/hide/delete").status_code == 403
