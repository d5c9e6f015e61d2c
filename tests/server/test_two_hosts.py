"""Two server processes that know nothing of each other but the database: two hosts on one PostgreSQL (a data folder
each), or on SQLite a second process on the same folder. Push, endings and durability work through the database."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.cast import World
from tests.conftest import Database, environment
from tests.server.harness import Listener, Page, Server, eventually, said
from webapp.groups.models import GroupMember, Message
from webapp.kit.db import db

pytestmark = pytest.mark.server


@pytest.fixture
def hosts(app: object, world: World, database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list]:  # type: ignore[type-arg]
    url = database.settings.database_url
    other = tmp_path_factory.mktemp("other") if database.server else database.folder
    running = [
        Server("gunicorn", environment(database.folder, url), world),
        Server("uvicorn", environment(other, url), world),
    ]
    yield running
    for server in running:
        server.stop()


def test_what_is_said_on_one_host_is_heard_on_the_other_in_order(hosts: list[Server]) -> None:
    pages = [Page(server) for server in hosts]
    sent = [said(hosts[number % 2].say(f"turn {number}", who="pan")) for number in range(20)]
    eventually(lambda: all(page.told() == set(sent) for page in pages))
    for page in pages:
        page.close()
        assert list(dict.fromkeys(page.heard)) == sent


def test_who_is_open_on_one_host_is_here_on_the_other(hosts: list[Server]) -> None:
    here, there = hosts
    path = f"/groups/{here.world.groups['parents']}/here"
    listener = Listener(there, there.cursor("pan"), "pan")
    eventually(lambda: "Parent Pan" in here.ask("GET", path).text)
    listener.cut()
    eventually(lambda: "Parent Pan" not in here.ask("GET", path).text, 30)


def test_a_session_that_ends_on_one_host_ends_its_streams_on_the_other(hosts: list[Server]) -> None:
    here, there = hosts
    pan, tang = Listener(there, there.cursor("pan"), "pan"), Listener(there, there.cursor())
    assert there.ask("GET", "/groups", who="pan").status == 200
    assert here.ask("POST", "/sign-out/everywhere", who="pan").status == 303
    eventually(lambda: not pan.is_alive())
    assert there.ask("GET", "/groups", who="pan").status == 302
    assert Listener(there, pan.since, "pan").status == 401
    assert tang.is_alive(), "somebody else's stream goes on"


def test_a_member_removed_on_one_host_hears_no_more_on_the_other(hosts: list[Server]) -> None:
    here, there = hosts
    group = here.world.groups["parents"]
    pan, tang = Listener(there, there.cursor("pan"), "pan"), Listener(there, there.cursor())
    row = sa.select(GroupMember.id).where(GroupMember.identity_id == here.world.identities["pan"])
    member = db.session.scalars(row.where(GroupMember.group_id == group)).one()
    assert here.ask("POST", f"/groups/{group}/members/{member}/remove").status in (204, 303)
    eventually(lambda: not pan.is_alive())
    here.say("only among us")
    eventually(tang.pushed)
    assert not pan.pushed()
    again = Listener(there, pan.since, "pan")
    eventually(lambda: not again.is_alive())
    assert [event for event, _, _ in again.events] == ["bye"]


def test_a_host_killed_in_the_middle_of_writes_loses_nothing_answered(hosts: list[Server]) -> None:
    """240 messages by 6 writers, who turn to the other host where one gives no answer; the first is killed for good."""
    first, second = hosts
    answered: dict[str, str] = {}
    page = Page(second)

    def write(number: int) -> None:
        for turn in range(40):
            client_id = f"writer-{number}-{turn}"
            turns = iter(range(number, 1000))
            while client_id not in answered and (host := hosts[next(turns) % 2]):
                try:
                    reply = host.say(client_id, who=("tang", "lei", "pan")[number % 3], client_id=client_id)
                except (OSError, http.client.HTTPException):
                    continue
                if reply.status == 200:
                    answered[client_id] = said(reply)

    writers = [threading.Thread(target=write, args=[number]) for number in range(6)]
    for writer in writers:
        writer.start()
    eventually(lambda: len(answered) > 60, 60)
    first.kill()
    for writer in writers:
        writer.join(60)
    assert len(set(answered.values())) == 240
    eventually(lambda: page.told() == set(answered.values()))
    assert page.close() == set(answered.values())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 240
    first.start()
    late = Listener(first, first.cursor())
    second.say("all together again")
    eventually(late.pushed)
