"""The chat: what is said, in what order, and how it looks to whom."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.groups.saying import say
from webapp.groups import rows
from webapp.groups.actions import recall_message
from webapp.groups.models import Group, GroupMember, Message
from webapp.kit import clock, i18n
from webapp.kit.db import db, load, write
from webapp.kit.outbox import Outbox
from webapp.kit.web import draw

NOON = datetime(2026, 11, 24, 4, 0)  # in Shanghai


@pytest.fixture
def url(world):
    return f"/groups/{world.groups['parents']}"


def test_a_member_reads_and_an_outsider_finds_nothing(as_, url, world):
    say(world, "pan", "May we bring umbrellas?")
    page = as_("tang").get(url)
    assert page.status_code == 200
    assert "May we bring umbrellas?" in page.text
    assert 'class="deep chat"' in page.text
    assert as_("ou").get(url).status_code == 404
    assert as_("nobody").get(url).location.startswith("/sign-in")


def test_the_private_identity_of_a_member_is_not_in_the_group(as_, url):
    assert as_("pan").get(url).status_code == 200
    assert as_("pan_private").get(url).status_code == 404


def test_a_message_is_sent_by_a_plain_form(as_, url):
    pan = as_("pan")
    sent = pan.post(f"{url}/messages", body="Thank you", client_id="one-of-pans")
    message = db.session.scalars(sa.select(Message)).one()
    assert sent.status_code == 303
    assert sent.location == f"{url}#message-{message.id}"
    assert "Thank you" in as_("tang").get(url).text


def test_by_htmx_the_empty_form_and_the_row_come_back(as_, url, world):
    sent = as_("pan").post(f"{url}/messages", htmx=True, body="Thank you", client_id="one-of-pans")
    assert sent.status_code == 200
    assert 'id="say"' in sent.text
    group = world.groups["parents"]
    assert f'<hx-partial hx-target="#talk-{group}" hx-swap="beforeend">' in sent.text
    assert "Thank you" in sent.text.split("<hx-partial")[1]
    assert "Thank you" not in sent.text.split("<hx-partial")[0]


def test_sent_twice_it_stands_once(as_, url):
    pan = as_("pan")
    for _again in range(2):
        assert pan.post(f"{url}/messages", body="Once", client_id="one-of-pans").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


def test_an_empty_message_keeps_the_page_and_what_it_quotes(as_, url, world):
    quoted = say(world, "tang", "Bring umbrellas")
    for htmx in (False, True):
        answer = as_("pan").post(f"{url}/messages", htmx=htmx, body=" ", reply=quoted, client_id="one-of-pans")
        assert answer.status_code == 422
        assert f'name="reply" value="{quoted}"' in answer.text
        assert "aria-invalid" in answer.text
    long = as_("pan").post(f"{url}/messages", body="x" * 2001, client_id="one-of-pans")
    assert long.status_code == 422
    assert "x" * 2001 in long.text


def test_who_is_not_in_the_group_cannot_speak_there(as_, url):
    assert as_("ou").post(f"{url}/messages", body="Hello", client_id="from-outside").status_code == 404
    assert as_("shen").post(f"{url}/messages", body="Hello", client_id="from-outside").status_code == 403
    assert db.session.scalars(sa.select(Message)).all() == []


def test_page_push_and_reply_draw_the_same_row(as_, url, world):
    number = say(world, "pan", "The same everywhere @Teacher Tang")
    with i18n.speaking("en", clock.DEFAULT_ZONE):
        drawn = draw("groups/_message.html", row=rows.one(number))
    assert str(drawn) in as_("tang").get(url).text
    assert str(drawn) in as_("pan").get(url).text
    assert str(drawn) in as_("lei").get(f"{url}/fresh?after=0", htmx=True).text
    assert "<b>@Teacher Tang</b>" in drawn
    assert f'data-author="{world.identities["pan"]}"' in drawn


def test_a_message_is_pushed_counted_and_marked(world):
    number = say(world, "pan", "Look")
    group = world.groups["parents"]
    told = {
        (row.kind, row.payload.get("target") or row.payload["data"]) for row in db.session.scalars(sa.select(Outbox))
    }
    assert ("push", f"talk-{group}") in told
    assert ("fresh", f"group-{group} {number} {world.identities['pan']}") in told
    assert ("poke", f"read-group-{group} last-group-{group}") in told


def test_day_lines_stand_where_a_day_begins_on_the_readers_wall(world, url, as_):
    late = datetime(2026, 11, 23, 15, 50)  # 23:50 in Shanghai
    first = say(world, "pan", "one", at=late)
    second = say(world, "pan", "two", at=late + timedelta(minutes=2))
    third = say(world, "pan", "three", at=late + timedelta(minutes=12))
    with i18n.speaking("en", "Asia/Shanghai"):
        assert [rows.one(each).new_day for each in (first, second, third)] == [True, False, True]
    with i18n.speaking("en", "Europe/London"):
        assert [rows.one(each).new_day for each in (first, second, third)] == [True, False, False]
    days = [row for row in db.session.scalars(sa.select(Outbox)) if row.payload.get("loader") == "message-day"]
    assert [row.payload["arguments"]["id"] for row in days] == [first, third]
    assert re.findall(r'id="(day-\d+-[\d-]+)"', as_("tang").get(url).text) == [
        f"day-{world.groups['parents']}-2026-11-23",
        f"day-{world.groups['parents']}-2026-11-24",
    ]


def test_what_one_says_in_a_row_stands_under_one_name(world):
    ids = [
        say(world, who, body, at=NOON + timedelta(minutes=at))
        for who, body, at in [("pan", "a", 0), ("pan", "b", 1), ("tang", "c", 2), ("tang", "d", 9)]
    ]
    assert [rows.one(each).run for each in ids] == [False, True, False, False]


def test_after_a_tombstone_the_name_is_said_again(world):
    first = say(world, "pan", "a", at=NOON)
    second = say(world, "pan", "b", at=NOON + timedelta(minutes=1))
    assert rows.one(second).run
    with clock.at(NOON + timedelta(minutes=1)), write():
        recall_message(world.viewer("pan"), load(Message, first))
    assert not rows.one(second).run
    again = [
        row.payload["target"] for row in db.session.scalars(sa.select(Outbox)) if row.payload.get("where") == "self"
    ]
    assert again == [f"message-{first}", f"message-{second}"]


def test_a_reply_quotes_and_a_recalled_quote_says_nothing_more(as_, url, world):
    quoted = say(world, "tang", "Bring umbrellas")
    form = as_("pan").get(f"{url}?reply={quoted}")
    assert f'name="reply" value="{quoted}"' in form.text
    assert as_("pan").get(f"{url}/say?reply={quoted}", htmx=True).text.count("Bring umbrellas") == 1
    as_("pan").post(f"{url}/messages", body="Two of them", reply=quoted, client_id="one-of-pans")
    assert 'class="quote"' in as_("lei").get(url).text
    with write():
        recall_message(world.viewer("tang"), load(Message, quoted))
    page = as_("lei").get(url).text
    assert "Bring umbrellas" not in page
    assert "Teacher Tang took back a message" in page


def test_what_stands_in_another_group_cannot_be_quoted(as_, url, world):
    secret = say(world, "yu", "Only for friends", group="friends")
    assert "Only for friends" not in as_("pan").get(f"{url}?reply={secret}").text
    as_("pan").post(f"{url}/messages", body="Look", reply=secret, client_id="one-of-pans")
    assert db.session.scalars(sa.select(Message).where(Message.body == "Look")).one().quote_id is None


def test_unread_is_counted_marked_and_read(as_, url, world):
    for n in range(3):
        say(world, "tang", f"line {n}")
    group = world.groups["parents"]
    pan, tang = as_("pan"), as_("tang")
    assert f'data-unread="group-{group}">3<' in pan.get("/groups").text
    assert f'data-unread="group-{group}" hidden><' in tang.get("/groups").text
    page = pan.get(url)
    assert 'id="since"' in page.text
    page.close()
    assert f'data-unread="group-{group}" hidden><' in pan.get("/groups").text
    assert 'id="since"' not in pan.get(url).text


def test_reading_says_so_to_ones_other_pages(as_, url, world):
    say(world, "tang", "Look")
    as_("pan").get(f"{url}/read", htmx=True).close()
    db.session.rollback()
    mine = sa.select(GroupMember.read).where(GroupMember.identity_id == world.identities["pan"])
    assert db.session.scalars(mine).one() == 1
    told = db.session.scalars(sa.select(Outbox).where(Outbox.topic == f"viewer-{world.identities['pan']}"))
    assert [row.payload["data"] for row in told] == ["nav"]


def test_an_earlier_stretch_is_read_by_link_and_by_htmx(as_, url, world):
    for n in range(60):
        say(world, "tang", f"line {n:02d}", at=NOON + timedelta(seconds=n))
    newest = as_("pan").get(url).text
    assert "line 59" in newest and "line 10" in newest and "line 09" not in newest
    older = re.search(r'href="(/groups/\d+\?from=\d+)"', newest)[1]
    page = as_("pan").get(older).text
    assert "line 09" in page and "line 10" not in page and "data-stick" not in page
    part = as_("pan").get(older, htmx=True).text
    assert "line 00" in part and "<html" not in part and "earlier-" not in part


def test_a_page_costs_at_most_six_statements(as_, url, world):
    for n in range(60):
        say(world, "tang", f"line {n:02d}")
    pan, said = as_("pan"), []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    pan.get(url)
    assert len(said) <= 6, "\n\n".join(said)


def test_a_muted_member_reads_but_does_not_speak(as_, url, world):
    with write():
        mine = sa.select(GroupMember).where(GroupMember.identity_id == world.identities["pan"])
        db.session.scalars(mine).one().muted_until = clock.now() + timedelta(hours=1)
    page = as_("pan").get(url)
    assert page.status_code == 200 and "You are muted until" in page.text and 'id="say"' not in page.text
    answer = as_("pan").post(f"{url}/messages", body="But I must", client_id="one-of-pans")
    assert answer.status_code == 403
    assert "But I must" in answer.text


def test_when_all_are_muted_teachers_and_administrators_speak(as_, url, world):
    with write():
        load(Group, world.groups["parents"]).muted_all = True
        db.session.add(GroupMember(group_id=world.groups["parents"], identity_id=world.identities["wen"]))
    assert as_("pan").post(f"{url}/messages", body="Hello", client_id="one-of-pans").status_code == 403
    assert as_("tang").post(f"{url}/messages", body="Hello", client_id="one-of-tang").status_code == 303
    assert as_("wen").post(f"{url}/messages", body="Hello", client_id="one-of-wens").status_code == 303


def test_mentions_offer_members_and_nobody_else(as_, url):
    assert 'data-name="Parent Pan"' in as_("tang").get(f"{url}/mentions?q=par").text
    assert "Outsider" not in as_("tang").get(f"{url}/mentions?q=out").text
    assert as_("ou").get(f"{url}/mentions?q=par").status_code == 404
