"""Searching: what is found, how it is narrowed, where it opens, and what becomes of nonsense."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.search.finding import addresses, comment, look, message, post, search
from webapp.feed.actions import hide_comment
from webapp.groups.actions import recall_message
from webapp.groups.ending import dissolve
from webapp.groups.models import Group
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.posts.actions import delete_post, edit_post, hide_post
from webapp.search import views


# ---- what is found ---------------------------------------------------------------------------------------------
def test_two_characters_find_posts_comments_and_messages_the_newest_first(as_, world):
    first = post(world, "tang", "class", "明天交作业，请家长签字")
    said = comment(world, "pan", first, "作业写完了")
    told = message(world, "pan", "parents", "谁有作业的照片")
    assert search(as_("tang"), "作业") == [f"/messages/{told.id}", f"/comments/{said.id}/place", f"/posts/{first.id}"]


def test_a_name_inside_a_sentence_is_found(as_, world):
    there = post(world, "tang", "class", "今天王小明同学读得很好")
    assert search(as_("pan"), "小明") == search(as_("pan"), "王小明同学") == [f"/posts/{there.id}"]
    assert search(as_("pan"), "明小") == []


def test_english_is_found_by_whole_words_whatever_their_case_and_number(as_, world):
    there = post(world, "tang", "class", "The children measured their Beans again")
    assert search(as_("pan"), "bean CHILDREN") == [f"/posts/{there.id}"]
    assert search(as_("pan"), "eans") == search(as_("pan"), "measur") == []


def test_circles_groups_and_people_stand_above_what_was_written(as_, world):
    there = post(world, "tang", "class", "Class of today")
    assert search(as_("pan"), "class") == [f"/circles/{world.circles['class']}", f"/posts/{there.id}"]
    assert search(as_("pan"), "Tang") == [f"/circles/{world.circles['class']}/members?q=Teacher%20Tang"]
    assert search(as_("pan"), "parents", kind="group") == [f"/groups/{world.groups['parents']}"]


def test_what_was_found_is_marked_and_escaped(as_, world):
    post(world, "tang", "class", "<b>作业</b> & more")
    page = look(as_("pan"), "作业").text
    assert "&lt;b&gt;<mark>作业</mark>&lt;/b&gt; &amp; more" in page


def test_the_words_of_the_query_stand_escaped_in_the_page(as_, world):
    page = look(as_("pan"), '"><script>alert(1)</script>').text
    assert "<script>alert" not in page


# ---- filters ----------------------------------------------------------------------------------------------------
def test_a_search_is_narrowed_to_a_circle_a_group_a_kind_a_person(as_, world):
    in_class = post(world, "tang", "class", "beans in class")
    in_staff = post(world, "hao", "staff", "beans in the staff room")
    said = comment(world, "lei", in_class, "beans indeed")
    told = message(world, "lei", "parents", "beans for all")
    tang = as_("tang")
    assert search(tang, "beans", place=f"circle-{world.circles['staff']}") == [f"/posts/{in_staff.id}"]
    assert search(tang, "beans", place=f"group-{world.groups['parents']}") == [f"/messages/{told.id}"]
    assert search(tang, "beans", kind="comment") == [f"/comments/{said.id}/place"]
    assert search(tang, "beans", by="Lei") == [f"/messages/{told.id}", f"/comments/{said.id}/place"]
    assert search(tang, "beans", by="Nobody") == []
    assert search(tang, by="hao") == [f"/posts/{in_staff.id}"], "what a person wrote, without a word"


def test_a_search_is_narrowed_to_a_time(as_, world):
    with clock.at(clock.now().replace(year=2020)):
        old = post(world, "tang", "class", "beans of long ago")
    new = post(world, "tang", "class", "beans of today")
    assert search(as_("pan"), "beans") == [f"/posts/{new.id}", f"/posts/{old.id}"]
    assert search(as_("pan"), "beans", days=30) == [f"/posts/{new.id}"]


def test_what_was_said_in_a_dissolved_group_is_found_by_its_members_and_by_nobody_else(as_, world):
    told = message(world, "pan", "parents", "Beans for the trip")
    with write():
        dissolve(world.viewer("tang"), db.session.get_one(Group, world.groups["parents"]))
    assert search(as_("lei"), "beans") == [f"/messages/{told.id}"]
    assert search(as_("lei"), "parents", kind="group") == [f"/groups/{world.groups['parents']}"]
    assert search(as_("shen"), "beans") == search(as_("shen"), "parents", kind="group") == []


def test_the_doors_of_a_circle_and_a_group_lead_to_a_search_there(as_, world):
    here = f"/search?in=circle-{world.circles['class']}"
    assert here in as_("pan").get(f"/circles/{world.circles['class']}").text
    page = as_("pan").get(here).text
    assert re.search(rf'<option value="circle-{world.circles["class"]}" selected>Class 3-2<', page)
    there = f"/search?in=group-{world.groups['parents']}"
    assert there in as_("pan").get(f"/groups/{world.groups['parents']}").text


def test_filters_keep_through_tabs_and_older_pages(as_, world):
    for number in range(25):
        post(world, "tang", "class", f"beans number {number}")
    page = look(as_("pan"), "beans", place=f"circle-{world.circles['class']}", days=7)
    older = re.search(r'href="(/search\?[^"]*from=\d+)"', page.text)[1].replace("&amp;", "&")
    assert f"in=circle-{world.circles['class']}" in older and "days=7" in older
    rest = as_("pan").get(older)
    post(world, "tang", "class", "beans that came later")
    again = as_("pan").get(older)
    assert len(set(addresses(page)) | set(addresses(rest))) == 25
    assert addresses(rest) == addresses(again), "a stretch stays what it was"


# ---- where it opens ---------------------------------------------------------------------------------------------
def test_a_comment_opens_at_its_place_in_a_long_thread(as_, world):
    on = post(world, "tang", "class", "a long thread")
    said = comment(world, "pan", on, "needle in the hay")
    reply = comment(world, "tang", on, "needle replied to", said)
    for number in range(120):
        comment(world, "pan", on, f"hay {number}")
    for one in (said, reply):
        answer = as_("pan").get(f"/comments/{one.id}/place")
        address, _, place = answer.location.partition("#")
        page = as_("pan").get(address).text
        assert answer.status_code == 302 and place == f"comment-{one.id}"
        assert f'id="{place}"' in page and "hay 20" in page, "with the thread around it"
    newest = comment(world, "pan", on, "the last")
    assert as_("pan").get(f"/comments/{newest.id}/place").location == f"/posts/{on.id}#comment-{newest.id}"


def test_a_message_opens_in_its_chat_with_what_was_said_after_it(as_, world):
    told = message(world, "pan", "parents", "needle in the hay")
    later = [message(world, "lei", "parents", f"hay {number}") for number in range(70)]
    address, _, place = as_("pan").get(f"/messages/{told.id}").location.partition("#")
    page = as_("pan").get(address).text
    assert f'id="{place}"' in page and later[5].body in page and later[69].body not in page


# ---- the index follows ------------------------------------------------------------------------------------------
def test_an_edited_post_is_found_by_its_new_words_only(as_, world):
    there = post(world, "lei", "class", "the old words")
    with write():
        edit_post(world.viewer("lei"), db.session.merge(there), "different ones", 1)
    assert search(as_("pan"), "old") == [] and search(as_("pan"), "different") == [f"/posts/{there.id}"]


def test_what_is_taken_back_is_found_no_more(as_, world):
    gone, kept = post(world, "tang", "class", "beans gone"), post(world, "lei", "class", "beans kept")
    said, told = comment(world, "pan", kept, "beans said"), message(world, "pan", "parents", "beans told")
    with write():
        delete_post(world.viewer("tang"), db.session.merge(gone))
        hide_comment(world.viewer("tang"), db.session.merge(said), "off topic")
        recall_message(world.viewer("pan"), db.session.merge(told))
    assert search(as_("pan"), "beans") == [f"/posts/{kept.id}"]
    with write():
        hide_post(world.viewer("tang"), db.session.merge(kept), "rude")
    assert search(as_("pan"), "beans") == [] and search(as_("tang"), "beans") == [f"/posts/{kept.id}"]


# ---- nonsense ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "q",
    ["", " ", "作", "a", '"', "'", "%", "_", "*", "()", "NEAR(", "a AND", "OR", "-", "^x", "x:y", "\\", "\x00", "🙂",
     "{x} : y", "'; DROP TABLE post; --", ":*", "<->", "a" * 10_000, "作业" * 5_000, "a " * 5_000, "\ud800"],
)  # fmt: skip
def test_whatever_is_typed_is_answered(as_, world, q):
    post(world, "tang", "class", "作业 and beans")
    person = as_("pan")
    q = q.encode("utf-8", "replace")
    for more in ({}, {"kind": "person"}, {"by": q}, {"place": q, "days": q, "kind": q}):
        assert look(person, q, **more).status_code == 200


def test_one_character_is_enough_in_chinese(as_, world):
    there = post(world, "tang", "class", "明天交作业")
    assert search(as_("pan"), "业") == search(as_("pan"), "作") == [f"/posts/{there.id}"]


def test_signs_alone_are_answered_with_what_to_do(as_, world):
    assert "Signs alone are not searched" in look(as_("pan"), "。。。").text
    assert "Nothing found" in look(as_("pan"), "nothing like it").text
    assert "Two characters are enough" in look(as_("pan")).text


def test_a_cursor_that_is_none_begins_at_the_newest(as_, world):
    there = post(world, "tang", "class", "beans")
    for wrong in ("x", "-1", "9" * 30):
        assert addresses(as_("pan").get(f"/search?q=beans&from={wrong}")) == [f"/posts/{there.id}"]


def test_who_searches_faster_than_one_reads_is_asked_to_wait(as_, world, monkeypatch):
    monkeypatch.setattr(views, "PACE", 3)
    pan = as_("pan")
    for _ in range(3):
        look(pan, "beans").close()
    answer = look(pan, "beans")
    assert answer.status_code == 429 and "Wait a minute" in answer.text
    assert look(as_("tang"), "beans").status_code == 200, "counted by person"
    assert look(pan).status_code == 200, "the empty page is no search"


def test_a_stranger_is_asked_to_sign_in(as_):
    assert look(as_("nobody"), "beans").status_code == 302


def test_a_search_asks_the_database_a_fixed_number_of_times(app, as_, world):
    there = post(world, "tang", "class", "beans 0")
    for number in range(1, 12):
        post(world, "tang", "class", f"beans {number}")
        comment(world, "pan", there, f"beans said {number}")
        message(world, "pan", "parents", f"beans told {number}")
    said = []
    db.session.rollback()
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    page = look(as_("tang"), "beans")
    assert len(addresses(page)) == 20 and len(page.data) < 40_000
    assert len([text for text in said if text.lstrip().upper().startswith("SELECT")]) <= 10
