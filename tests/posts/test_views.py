"""Posting, reading, editing and deleting, over HTTP."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.circles.models import Circle, Membership
from webapp.feed import queries
from webapp.feed.models import FeedRow
from webapp.kit.db import db, write
from webapp.posts.models import Post, PostEdit


def the_post() -> Post:
    return db.session.scalars(sa.select(Post).order_by(Post.id.desc())).first()


def test_a_teacher_posts_and_the_circle_reads_it(as_, world):
    here = f"/circles/{world.circles['class']}"
    answer = as_("tang").post(f"{here}/posts", body="Bring a leaf", client_id="12345678")
    assert answer.status_code == 303
    assert answer.location == f"{here}#post-{the_post().id}"
    page = as_("pan").get(here)
    assert page.status_code == 200
    assert "Bring a leaf" in page.text


def test_an_outsider_can_neither_post_nor_read(as_, world):
    post = post_as(world, "tang", "class", "Only for us")
    ou = as_("ou")
    assert ou.get("/").status_code != 401  # the outsider exists and is signed in
    assert ou.post(f"/circles/{world.circles['class']}/posts", body="Hello").status_code == 404
    assert ou.get(f"/circles/{world.circles['class']}").status_code == 404
    assert ou.get(f"/posts/{post}").status_code == 404
    assert ou.get(f"/posts/{post}/history").status_code == 404
    assert ou.get(f"/posts/{post}/menu").status_code == 404


def test_a_parent_reads_but_does_not_post_where_the_switch_is_closed(as_, world):
    here = f"/circles/{world.circles['class']}"
    page = as_("pan").get(here)
    assert 'id="write"' not in page.text
    assert as_("pan").post(f"{here}/posts", body="Hello").status_code == 403


def test_an_htmx_post_answers_the_empty_composer_and_the_new_row(as_, world):
    here = f"/circles/{world.circles['class']}"
    answer = as_("tang").post(f"{here}/posts", htmx=True, body="Bring a leaf")
    assert answer.status_code == 200
    assert answer.text.startswith('<form class="card write" id="write"')
    assert f'<hx-partial hx-target="#feed-{world.circles["class"]}" hx-swap="afterbegin">' in answer.text
    row = db.session.scalars(sa.select(FeedRow)).one()
    assert f'id="feed-row-{row.id}" data-row="{row.id}"' in answer.text


def test_a_post_sent_twice_stands_once(as_, world):
    here, tang = f"/circles/{world.circles['class']}", as_("tang")
    first = tang.post(f"{here}/posts", body="Once", client_id="same-id-twice")
    second = tang.post(f"{here}/posts", body="Once", client_id="same-id-twice")
    assert first.location == second.location
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Post)) == 1


def test_an_empty_or_too_long_text_comes_back_with_422_and_what_was_typed(as_, world):
    url, tang = f"/circles/{world.circles['class']}/posts", as_("tang")
    assert tang.post(url, body="   ").status_code == 422
    for htmx in (True, False):
        answer = tang.post(url, htmx=htmx, body="a" * 1990 + "so much text", notify="1")
        assert answer.status_code == 422
        assert "so much text</textarea>" in answer.text
        assert "2 characters too many." in answer.text
        assert "checked" in answer.text
        assert answer.text.startswith("<form") is htmx


def test_the_plain_composer_is_a_page(as_, world):
    url = f"/circles/{world.circles['class']}/posts/new"
    assert 'name="client_id"' in as_("tang").get(url).text
    assert as_("pan").get(url).status_code == 403
    assert as_("ou").get(url).status_code == 404


def test_markup_in_a_text_is_shown_and_never_obeyed(as_, world):
    text = '<script>alert(1)</script> #"><b>x</b> @<i>y</i> https://a.b/"onload=x'
    post = post_as(world, "tang", "class", text)
    comment = {"body": "<img src=x onerror=alert(1)>", "client_id": "xss-comment"}
    as_("lei").post(f"/threads/{thread_of(post)}/comments", **comment)
    for url in (f"/circles/{world.circles['class']}", f"/posts/{post}", f"/posts/{post}/menu"):
        page = as_("tang").get(url).text
        for bad in ("<script>alert", "<b>x</b>", "<i>y</i>", "<img src=x", '"onload'):
            assert bad not in page, url


def thread_of(post_id: int) -> int:
    return queries.thread_of("post", post_id).id


def test_topics_lead_to_the_posts_with_them(as_, world):
    circle = world.circles["class"]
    post_as(world, "tang", "class", "Day five #观察日记 it grows")
    post_as(world, "tang", "class", "Nothing of the kind")
    page = as_("shen").get(f"/circles/{circle}/topics/观察日记")
    assert "Day five" in page.text
    assert "Nothing of the kind" not in page.text
    assert f"/circles/{circle}/topics/%E8%A7%82%E5%AF%9F%E6%97%A5%E8%AE%B0" in page.text
    assert as_("ou").get(f"/circles/{circle}/topics/观察日记").status_code == 404


def test_a_mention_takes_the_longest_name_of_a_member(as_, world):
    post = db.session.get_one(Post, post_as(world, "tang", "class", "@Student Shen well done, @Outsider Ou too"))
    assert post.mentions == [["Student Shen", world.identities["shen"]]]
    page = as_("pan").get(f"/posts/{post.id}").text
    assert ">@Student Shen</a>" in page
    assert ">@Outsider Ou</a>" not in page


@pytest.mark.parametrize("who, code", [("shen", 404), ("lei", 403)])  # Lei is in a linked group: he may know of it
def test_who_was_removed_a_second_ago_keeps_the_text(as_, world, who, code):
    circle = world.circles["class"]
    with write():
        where = (Membership.circle_id == circle, Membership.identity_id == world.identities[who])
        db.session.execute(sa.update(Membership).where(*where).values(state="removed"))
    answer = as_(who).post(f"/circles/{circle}/posts", body="A long text that nobody wants to lose")
    assert answer.status_code == code
    assert "A long text that nobody wants to lose</textarea>" in answer.text
    fragment = as_(who).post(f"/circles/{circle}/posts", htmx=True, body="A long text")
    assert fragment.status_code == code
    assert "data-message" in fragment.text


def test_an_edit_is_marked_and_what_it_said_before_is_kept(as_, world):
    post = post_as(world, "tang", "class", "Bring a laef")
    tang = as_("tang")
    assert "Bring a laef</textarea>" in tang.get(f"/posts/{post}/edit").text
    answer = tang.post(f"/posts/{post}/edit", body="Bring a leaf", version="1")
    assert (answer.status_code, answer.location) == (303, f"/posts/{post}")
    assert "edited</a>" in as_("pan").get(f"/posts/{post}").text
    history = as_("pan").get(f"/posts/{post}/history").text
    assert "Bring a laef" in history
    assert "Bring a leaf" in history


def test_only_the_author_edits(as_, world):
    post = post_as(world, "tang", "class", "Mine")
    for who, code in (("lei", 403), ("pan", 403), ("ou", 404)):
        assert as_(who).get(f"/posts/{post}/edit").status_code == code
        assert as_(who).post(f"/posts/{post}/edit", body="Theirs", version="1").status_code == code
    assert db.session.get_one(Post, post).body == "Mine"


def test_two_edits_of_one_text_meet_and_both_are_kept(as_, world):
    post, tang = post_as(world, "tang", "class", "First"), as_("tang")
    tang.post(f"/posts/{post}/edit", body="Second", version="1")
    answer = tang.post(f"/posts/{post}/edit", body="Third", version="1")
    assert answer.status_code == 409
    assert "Second" in answer.text
    assert "Third</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert db.session.scalars(sa.select(PostEdit.body)).all() == ["First"]


def test_an_empty_edit_comes_back(as_, world):
    post = post_as(world, "tang", "class", "First")
    assert as_("tang").post(f"/posts/{post}/edit", body="", version="1").status_code == 422


def test_a_deleted_post_is_gone_from_the_feed_and_for_everybody(as_, world):
    post = post_as(world, "tang", "class", "Soon gone")
    here = f"/circles/{world.circles['class']}"
    assert as_("lei").post(f"/posts/{post}/delete").status_code == 403
    answer = as_("tang").post(f"/posts/{post}/delete")
    assert (answer.status_code, answer.location) == (303, here)
    assert "Soon gone" not in as_("pan").get(here).text
    for who in ("tang", "lei", "pan"):
        assert as_(who).get(f"/posts/{post}").status_code == 404


def test_an_archived_circle_takes_no_post(as_, world):
    circle = world.circles["class"]
    with write():
        db.session.get_one(Circle, circle).archived_at = sa.func.now()
    assert as_("tang").post(f"/circles/{circle}/posts", body="Late").status_code == 403
