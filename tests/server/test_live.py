"""Push and durability on real servers: nothing answered is lost, nothing comes twice, a GET cannot write."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from tests.server.harness import Listener, Page, Server, eventually, said
from webapp.groups.models import GroupMember
from webapp.kit.db import db

pytestmark = pytest.mark.server


def test_page_reply_and_push_are_one_fragment(server: Server) -> None:
    listener = Listener(server, server.cursor())
    reply = server.say("你好\rdata: x <b>")
    eventually(listener.pushed)
    (pushed,) = [data for event, _, data in listener.events if event == "push" and 'id="message-' in data]
    _, _, html = pushed.partition("\n")
    assert "&lt;b&gt;" in html
    assert html in reply.text
    assert html in server.ask("GET", f"/groups/{server.world.groups['parents']}").text


def test_a_cut_line_misses_nothing(server: Server) -> None:
    before = Listener(server, server.cursor())
    first = server.say("before")
    eventually(before.pushed)
    before.cut()
    sent = [server.say(f"while away {n}", who="pan") for n in range(20)]
    after = Listener(server, before.since)
    eventually(lambda: len(set(after.pushed())) >= 20)
    heard = before.pushed() + after.pushed()
    assert list(dict.fromkeys(heard)) == [said(reply) for reply in (first, *sent)]  # a page knows doubles by their id


def test_who_cannot_be_told_is_told_to_refresh(server: Server) -> None:
    for since in ("", "x", "0.0.0", "other.0.5", quote("é.²"), "a.1." + "9" * 60):
        listener = Listener(server, since)
        eventually(lambda listener=listener: len(listener.events) > 1)
        assert listener.events[1][0] == "reset"
        assert listener.since.count(".") == 2


def test_pages_join_without_a_gap(server: Server) -> None:
    """Streams begin and end while others write: replay, join and live follow each other with no hole."""
    page, start, heard = Page(server), server.cursor(), set[str]()

    def chatter(who: str) -> None:
        for _ in range(40):
            heard.add(said(server.say("on and on", who=who)))

    writers = [threading.Thread(target=chatter, args=[who]) for who in ("tang", "lei", "pan")]
    for writer in writers:
        writer.start()
    late = list[Page]()
    while any(writer.is_alive() for writer in writers):
        late.append(Page(server, start))
        time.sleep(0.1)
    time.sleep(1.5)
    assert len(heard) == 120
    assert all(each.close() == heard for each in (page, *late))


def test_the_plug_pulled_loses_nothing_answered(server: Server) -> None:
    """500 messages by 8 writers; in the middle everything dies and starts again. Who got no answer sends again."""
    answered: dict[str, str] = {}
    page = Page(server)
    people = ("tang", "lei", "pan")

    def write(number: int) -> None:
        for turn in range(63):
            client_id = f"writer-{number}-{turn}"
            while client_id not in answered:
                try:
                    reply = server.say(client_id, who=people[number % 3], client_id=client_id)
                    if reply.status == 200:
                        answered[client_id] = said(reply)
                    else:
                        time.sleep(0.1)
                except (OSError, http.client.HTTPException):
                    time.sleep(0.1)

    writers = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for writer in writers:
        writer.start()
    eventually(lambda: len(answered) > 150, 60)
    server.kill()
    server.start()
    for writer in writers:
        writer.join(90)
    assert len(answered) == 8 * 63
    assert len(set(answered.values())) == 8 * 63
    time.sleep(1.5)
    assert page.close() == set(answered.values())


def test_a_killed_worker_is_not_noticed(server: Server) -> None:
    page, answered = Page(server), set[str]()

    def write(who: str) -> None:
        for turn in range(30):
            while True:
                try:
                    answered.add(said(server.say("x", who=who, client_id=f"{who}-turn-{turn}")))
                    break
                except (OSError, http.client.HTTPException):
                    time.sleep(0.05)

    writers = [threading.Thread(target=write, args=[who]) for who in ("tang", "lei", "pan")]
    for writer in writers:
        writer.start()
    os.kill(min(server.pids()), signal.SIGKILL)
    for writer in writers:
        writer.join(60)
    time.sleep(1.5)
    assert len(answered) == 90 and page.close() == answered


def test_a_removed_member_hears_no_more(server: Server) -> None:
    group = server.world.groups["parents"]
    pan, tang = Listener(server, server.cursor("pan"), "pan"), Listener(server, server.cursor())
    time.sleep(0.2)
    row = sa.select(GroupMember.id).where(GroupMember.identity_id == server.world.identities["pan"])
    member = db.session.scalars(row.where(GroupMember.group_id == group)).one()
    assert server.ask("POST", f"/groups/{group}/members/{member}/remove").status in (204, 303)
    eventually(lambda: not pan.is_alive())
    server.say("only among us")
    eventually(tang.pushed)
    assert not pan.pushed()
    again = Listener(server, pan.since, "pan")
    eventually(lambda: not again.is_alive())
    assert [event for event, _, _ in again.events] == ["bye"]


def test_a_get_cannot_write(server: Server) -> None:
    group = server.world.groups["friends"]
    for _ in range(20):  # every thread of both workers, so that a mode left behind would show
        assert server.ask("GET", f"/hooks/groups/{group}/writes").status in (500, 503)
        assert server.ask("GET", f"/hooks/groups/{group}/writes-openly").status == 500
    assert server.say("can still write").status == 200
    assert server.ask("GET", f"/hooks/groups/{group}/seen").body == b"0"
    eventually(lambda: server.ask("GET", f"/hooks/groups/{group}/seen").body != b"0")


def test_forty_people_in_the_same_second(server: Server) -> None:
    with ThreadPoolExecutor(40) as crowd:
        people = ("tang", "lei", "pan")
        replies = list(crowd.map(lambda n: server.say("hand in", who=people[n % 3]), range(40)))
        assert {reply.status for reply in replies} == {200}
        path = f"/hooks/groups/{server.world.groups['friends']}/count"
        counted = sorted(int(reply.body) for reply in crowd.map(lambda _: server.ask("POST", path), range(200)))
    assert counted == list(range(1, 201))
