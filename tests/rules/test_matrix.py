"""Route × person: every route with an id is asked by everybody, about a thing of the class circle.

EXPECT says per rule who reaches the view; everybody else is answered 404 (must not know) or 403 (sees, may not), and
a thing that is not there is answered like one that must not be known. Refused is refused: nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import Forbidden

from tests.conftest import Person
from webapp.app import create_app
from webapp.circles.actions.inviting import make_invitation
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.actions import add_comment
from webapp.feed.collecting import make_collection
from webapp.feed.models import Thread
from webapp.groups import inviting
from webapp.groups.actions import ask_to_keep, send_message
from webapp.groups.inviting import ask_to_join
from webapp.groups.models import Group, GroupMember, Link, Summary
from webapp.inbox.models import InboxLine
from webapp.kit import clock
from webapp.kit.db import Base, db, put, write
from webapp.kit.web import requires
from webapp.moderation.actions import report
from webapp.moderation.things import KINDS
from webapp.posts.actions import Extra, publish_post
from webapp.posts.drafts import keep_draft
from webapp.posts.models import Post, PostDraft
from webapp.posts.polls import PollWanted
from webapp.shared_links.actions import make_link

CAST = ("tang", "lei", "shen", "pan", "ex", "wen", "ou", "hao", "root", "mei", "pan_private")
MEMBERS = {"tang", "lei", "shen", "pan"}
BOSSES = {"tang", "lei"}
CHAT = {"tang", "lei", "pan"}
SCHOOL = {"tang", "lei", "shen", "pan", "ex", "wen", "hao"}
EXPECT = {
    "case.decide": BOSSES,  # hao is of the organisation, to which this one was not sent
    "circle.administer": BOSSES,
    "circle.company": set(),  # a class has no partner companies
    "circle.find": MEMBERS,
    "circle.invite": BOSSES,
    "circle.moderate": BOSSES,
    "circle.own": {"tang"},
    "circle.post": {"tang", "lei", "shen"},
    "circle.read": MEMBERS,
    "circle.take-over": set(),  # it has an owner
    "circle.share": BOSSES,  # once its administrators have opened it for links
    "collection.edit": BOSSES,
    "collection.read": MEMBERS,
    "comment.delete": {"pan"},
    "comment.hide": BOSSES,
    "comment.read": MEMBERS,
    "comment.report": MEMBERS - {"pan"},
    "comment.restore": set(),  # it stands
    "draft.drop": {"shen"},
    "group.administer": BOSSES,
    "group.find": MEMBERS,
    "group.invite": BOSSES,
    "group.join": set(),  # a parents’ group: pupils of its circle are not let in, teachers are in already
    "group.own": {"tang"},
    "group.read": CHAT,
    "group.request": {"shen"},
    "group.speak": CHAT,
    "group_invitation.revoke": BOSSES,
    "group_member.report": BOSSES,
    "identity.administer": {"hao"},
    "identity.appoint": {"hao"},
    "identity.end": {"hao"},
    "invitation.revoke": BOSSES,
    "keep.answer": {"pan"},
    "line.read": {"pan"},
    "link.administer": BOSSES,
    "link.remove": BOSSES,
    "member.admit": BOSSES,
    "member.appoint": {"tang"},
    "member.decide": BOSSES,
    "member.read": CHAT,
    "membership.report": MEMBERS - {"pan"},
    "membership.read": MEMBERS,
    "membership.withdraw": set(),  # nobody has asked
    "message.ask": BOSSES,
    "message.keep": {"pan"},
    "message.read": CHAT,
    "message.recall": {"pan"},
    "message.remove": BOSSES,
    "message.report": BOSSES,
    "message.restore": set(),  # it stands
    "organisation.administer": {"hao"},
    "organisation.read": SCHOOL | {"root"},
    "person.administer": {"root"},
    "person.appoint": {"root"},
    "person.dismiss": set(),  # she is no administrator of the server
    "person.help": {"hao", "root"},
    "post.acknowledge": {"lei", "shen", "pan"},
    "post.approve": BOSSES,
    "post.delete": {"tang"},
    "post.edit": {"tang"},
    "post.hide": BOSSES,
    "post.moderate": BOSSES,
    "post.read": MEMBERS,
    "post.report": MEMBERS - {"tang"},
    "post.restore": set(),  # it stands
    "post.readers": BOSSES,
    "post.release": set(),  # it is published already
    "post.vote": MEMBERS,
    "post.voters": MEMBERS,
    "session.end": {"tang"},
    "shared.read": BOSSES,
    "shared.revoke": BOSSES,
    "summary.read": CHAT,
    "thread.comment": MEMBERS,
    "thread.react": MEMBERS,
    "thread.read": MEMBERS,
}
GONE = 9_999_999
LISTS = ("/circles", "/discover", "/discover/organisation", "/topics", "/topics/beans", "/search?q=SECRET")
# The rule lets people in and the action then refuses this very thing: a parent cannot administer a class, the message
# is no card, the form names no circle.
REFUSED_LATER = {
    "/circles/<int:circle_id>/links",
    "/circles/<int:circle_id>/members/<int:membership_id>/appoint",
    "/circles/<int:circle_id>/members/<int:membership_id>/dismiss",
    "/circles/<int:circle_id>/members/<int:membership_id>/hand-over",
    "/identities/<int:identity_id>/guardians/<int:guardian_id>/end",
    "/identities/<int:identity_id>/power",
    "/links/<int:link_id>/admissions",
    "/messages/<int:message_id>/keep",
    "/messages/<int:message_id>/keep-requests",
    "/messages/<int:message_id>/open",
}


@pytest.fixture
def things(app, world, database) -> dict[str, object]:
    """One thing of each kind in the class circle, by the name of its URL argument."""
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        group = db.session.get_one(Group, world.groups["parents"])
        tang, pan = world.viewer("tang"), world.viewer("pan")
        extra = Extra(must_read=True, poll=PollWanted(("SECRET-A", "SECRET-B")))
        post = publish_post(tang, circle, "SECRET-OF-THE-CLASS", "matrix-post", extra=extra)
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == post.id)).one()
        comment = add_comment(pan, thread, "SECRET-COMMENT", "matrix-comment")
        message = send_message(pan, group, "SECRET-MESSAGE", "matrix-message")
        asked = ask_to_keep(tang, message, circle)
        invitation = make_invitation(tang, circle, "x" * 20, days=1, limit=None)
        shen = world.viewer("shen")
        reported = report(shen, KINDS["comment"].thing(comment), "circle", "spam", "SECRET-REASON")
        asker = ask_to_join(shen, group)
        group_invitation = inviting.make_invitation(tang, group, "x" * 20, days=1, limit=None)
        summary = put(Summary(group_id=group.id, circle_id=circle.id))
        circle.sharing = "admins"
        ends = clock.now() + timedelta(days=1)
        shared = make_link(
            tang, circle, "x" * 20, kind="post", item_id=post.id, expires_at=ends, client_id="matrix-link"
        )
        keep_draft(world.viewer("shen"), circle, "SECRET-DRAFT", "matrix-draft")
        draft = db.session.scalars(sa.select(PostDraft)).one()
        mine = sa.select(Membership.id).where(Membership.identity_id == pan.identity_id)
        there = sa.select(GroupMember.id).where(GroupMember.identity_id == pan.identity_id)
        made: dict[str, object] = {
            "asker_id": asker.id,
            "case_id": reported.case_id,
            "circle_id": circle.id,
            "draft_id": draft.id,
            "collection_id": make_collection(tang, circle, "SECRET-COLLECTION").id,
            "comment_id": comment.id,
            "group_id": group.id,
            "group_invitation_id": group_invitation.id,
            "identity_id": pan.identity_id,
            "invitation_id": invitation.id,
            "line_id": db.session.scalars(sa.select(InboxLine.id).where(InboxLine.subject.startswith("keep-"))).one(),
            "link_id": db.session.scalars(sa.select(Link.id).where(Link.group_id == group.id)).one(),
            "member_id": db.session.scalars(there).one(),
            "membership_id": db.session.scalars(mine.where(Membership.circle_id == circle.id)).one(),
            "message_id": message.id,
            "name": "beans",
            "organisation_id": world.organisations["school"],
            "person_id": world.people["pan"],
            "post_id": post.id,
            "request_id": asked.id,
            "session_id": tang.session_id,
            "summary_id": summary.id,
            "subject": "post",
            "item_id": post.id,
            "shared_id": shared.id,
            "thread_id": thread.id,
            "guardian_id": pan.identity_id,
        }
    disconnect()
    database.keep("matrix")
    return made


def disconnect() -> None:
    db.session.rollback()
    db.session.remove()
    db.engine.dispose()


def again(database) -> None:
    """What a permitted change did is taken back."""
    disconnect()
    database.restore("matrix")


def routes(app, under: str = "/") -> Iterator[tuple[str, str, object]]:
    """(rule, method, URL rule) of every route that names a thing and is not public or personal."""
    for url in app.url_map.iter_rules():
        rule = app.view_functions[url.endpoint].rule
        if url.arguments and rule not in ("public", "personal") and url.rule.startswith(under):
            for method in url.methods - {"HEAD", "OPTIONS"}:
                yield rule, method, url


def ask(person, method: str, path: str) -> int:
    """The status; a redirect to the sign-in page counts as 401."""
    answer = person._ask(method, path, False, {}, data={})
    return 401 if answer.status_code == 302 and answer.location.startswith("/sign-in") else answer.status_code


def counted() -> dict[str, int]:
    """How many rows each table has, and what of a row could have moved."""
    db.session.rollback()
    tables = [
        table for table in Base.metadata.sorted_tables if table.name not in ("bucket", "job", "present", "sign_in")
    ]
    return {table.name: hash(tuple(sorted(map(repr, db.session.execute(sa.select(table)).all())))) for table in tables}


# ---- what is checked -----------------------------------------------------------------------------
def unexpected(app, under: str = "/") -> set[str]:
    """Rules of routes that the table does not know."""
    return {rule for rule, _, _ in routes(app, under)} - set(EXPECT)


def wrongly_answered(app, who: str, person, things, database, under: str = "/") -> list[tuple[object, ...]]:
    """Routes that let somebody in whom the table keeps out, keep out whom it lets in, or break."""
    wrong: list[tuple[object, ...]] = []
    for rule, method, url in routes(app, under):
        path = build(app, url, things)
        status = ask(person, method, path)
        reached, may = status not in (401, 403, 404), who in EXPECT[rule]
        if reached != may and not (may and url.rule in REFUSED_LATER):
            wrong.append((rule, method, url.rule, status))
        if status >= 500:
            wrong.append(("broken", method, url.rule, status))
        if reached and method != "GET":
            again(database)
    return wrong


def telling(app, outsider, insider, things, under: str = "/") -> list[tuple[str, str, int]]:
    """Routes that answer otherwise about a thing that is gone; each id in turn is swapped for one that is not there."""
    wrong = []
    for _rule, method, url in routes(app, under):
        for argument in url.arguments - {"name"}:
            path = build(app, url, {**things, argument: GONE})
            if (status := ask(outsider, method, path)) != 404:
                wrong.append((url.rule, argument, status))
            if method == "GET" and (status := ask(insider, method, path)) not in (403, 404):
                wrong.append((url.rule, argument, status))
    return wrong


def open_to_strangers(app, stranger, things, under: str = "/") -> list[tuple[str, str, int]]:
    """Routes that answer somebody who is not signed in with anything but the sign-in page."""
    found = routes(app, under)
    asked = ((rule, url.rule, ask(stranger, method, build(app, url, things))) for rule, method, url in found)
    return [each for each in asked if each[2] != 401]


def spilling(app, person, things, *more: str, under: str = "/") -> list[str]:
    """Pages on which this person reads a secret of the class."""
    pages = [build(app, url, things) for _, method, url in routes(app, under) if method == "GET"]
    return [path for path in [*pages, *more] if "SECRET-" in person.get(path).text]


# ---- the product ---------------------------------------------------------------------------------
def test_every_rule_of_a_route_stands_in_the_table(app):
    assert unexpected(app) == set()


@pytest.mark.parametrize("who", CAST)
def test_who_reaches_what(app, as_, things, database, who):
    person, before = as_(who), counted()
    assert wrongly_answered(app, who, person, things, database) == []
    if not any(who in people for people in EXPECT.values()):
        assert counted() == before


def test_a_thing_that_is_gone_looks_like_one_that_must_not_be_known(app, as_, things):
    assert telling(app, as_("ou"), as_("pan"), things) == []


def test_nobody_is_told_anything_without_signing_in(app, as_, things):
    assert open_to_strangers(app, as_("nobody"), things) == []


def test_the_secrets_of_the_class_are_in_no_page_of_others(app, as_, things):
    found = {
        who: spilling(app, as_(who), things, "/", "/groups", *LISTS)
        for who in ("ou", "ex", "wen", "mei", "pan_private", "nobody")
    }
    assert {who: pages for who, pages in found.items() if pages} == {}


# ---- each has been seen to fail ------------------------------------------------------------------
class Planted(StrEnum):
    BOAT_SAIL = "boat.sail"


@pytest.fixture
def faulty(database):
    """An application with careless views under /planted."""
    careless = create_app(database.settings, TESTING=True)

    def leak(circle_id: int) -> str:
        return " ".join(db.session.scalars(sa.select(Post.body).where(Post.circle_id == circle_id)))

    def closed(circle_id: int) -> str:
        raise Forbidden

    def broken(circle_id: int) -> str:
        raise ZeroDivisionError

    views = {
        "leak": requires(CircleRule.CIRCLE_ADMINISTER)(leak),
        "open": requires(CircleRule.CIRCLE_ADMINISTER, anonymous=True)(leak),
        "closed": requires(CircleRule.CIRCLE_ADMINISTER)(closed),
        "broken": requires(CircleRule.CIRCLE_ADMINISTER)(broken),
        "new": requires(Planted.BOAT_SAIL)(closed),
    }
    for name, view in views.items():
        careless.add_url_rule(f"/planted/{name}/<int:circle_id>", name, view)
    yield careless
    with careless.app_context():
        db.engine.dispose()


@pytest.fixture
def there(faulty, world):
    """`as_` for the careless application."""
    return lambda who: Person(faulty, world.tokens.get(who, ""), world.identities.get(who, 0))


def test_a_rule_that_is_not_in_the_table_is_found(faulty):
    assert unexpected(faulty, "/planted") == {"boat.sail"}


def test_a_view_that_does_not_ask_its_rule_is_found(faulty, there, things, database):
    leaks = [("circle.administer", "GET", f"/planted/{name}/<int:circle_id>", 200) for name in ("leak", "open")]
    assert wrongly_answered(faulty, "ou", there("ou"), things, database, "/planted/leak") == leaks[:1]
    assert wrongly_answered(faulty, "shen", there("shen"), things, database, "/planted/open") == leaks[1:]


def test_a_view_that_keeps_out_who_may_and_one_that_breaks_are_found(faulty, there, things, database):
    closed = wrongly_answered(faulty, "tang", there("tang"), things, database, "/planted/closed")
    assert closed == [("circle.administer", "GET", "/planted/closed/<int:circle_id>", 403)]
    faulty.testing = False  # an error is answered, not raised
    broken = wrongly_answered(faulty, "tang", there("tang"), things, database, "/planted/broken")
    assert broken == [("broken", "GET", "/planted/broken/<int:circle_id>", 500)]


def test_a_view_that_tells_what_is_gone_from_what_is_closed_is_found(faulty, there, things):
    path = "/planted/closed/<int:circle_id>"
    assert telling(faulty, there("ou"), there("pan"), things, "/planted/closed") == [(path, "circle_id", 403)]


def test_a_view_that_answers_strangers_is_found(faulty, there, things):
    found = open_to_strangers(faulty, there("nobody"), things, "/planted")
    assert found == [("circle.administer", "/planted/open/<int:circle_id>", 200)]


def test_a_page_that_spills_is_found(faulty, there, things):
    assert spilling(faulty, there("ou"), things, under="/planted/leak") == [f"/planted/leak/{things['circle_id']}"]


FIELDS = (
    "after", "answer", "at", "axis", "circle", "circles", "days", "decision", "from", "group", "identity", "key",
    "kind", "limit", "membership", "organisation", "parent", "power", "q", "quote", "reply", "request", "role", "tag",
    "to", "version",
)  # fmt: skip


@pytest.mark.parametrize("value", ["9" * 20, "admit-" + "9" * 20])
def test_no_number_in_a_field_breaks_a_page(app, as_, things, database, value):
    """A student who is good at URLs: databases stop at numbers of 64 bits."""
    person, broken = as_("tang"), []
    leaving = ("sign-out", "sessions", "/live")  # ends what the next question needs, or is kept open
    for url in app.url_map.iter_rules():
        if url.endpoint == "static" or any(part in url.rule for part in leaving):
            continue
        with app.test_request_context():
            adapter, keys = app.url_map.bind(""), {key: things.get(key, "x") for key in url.arguments}
            path = adapter.build(url.endpoint, keys)
        method = next((each for each in ("POST", "GET") if each in url.methods), "DELETE")
        place = "query_string" if method == "GET" else "data"
        status = person._ask(method, path, False, {}, **{place: dict.fromkeys(FIELDS, value)}).status_code
        if status >= 500:
            broken.append((method, path, status))
        if method == "POST" and status < 400:
            again(database)
    assert broken == []


def build(app, url, things) -> str:
    with app.test_request_context():
        return app.url_map.bind("").build(url.endpoint, {key: things[key] for key in url.arguments})
