"""Route × person: every route with an id is asked by everybody, about a thing of the class circle.

EXPECT says per rule who reaches the view; everybody else is answered 404 (must not know) or 403 (sees, may not), and
a thing that is not there is answered like one that must not be known. Refused is refused: nothing changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from webapp.circles.actions.inviting import make_invitation
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import add_comment
from webapp.feed.models import Thread
from webapp.groups import inviting
from webapp.groups.actions import ask_to_keep, send_message
from webapp.groups.inviting import ask_to_join
from webapp.groups.models import Group, GroupMember, Link, Summary
from webapp.kit.db import Base, db, put, write
from webapp.moderation.actions import report
from webapp.moderation.things import KINDS
from webapp.posts.actions import publish_post

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
    "comment.delete": {"pan"},
    "comment.hide": BOSSES,
    "comment.read": MEMBERS,
    "comment.report": MEMBERS - {"pan"},
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
    "link.administer": BOSSES,
    "link.remove": BOSSES,
    "member.admit": BOSSES,
    "member.appoint": {"tang"},
    "member.decide": BOSSES,
    "member.read": CHAT,
    "membership.report": MEMBERS - {"pan"},
    "message.ask": BOSSES,
    "message.keep": {"pan"},
    "message.read": CHAT,
    "message.recall": {"pan"},
    "message.remove": BOSSES,
    "message.report": BOSSES,
    "organisation.administer": {"hao"},
    "organisation.read": SCHOOL | {"root"},
    "person.help": {"hao", "root"},
    "post.approve": BOSSES,
    "post.delete": {"tang"},
    "post.edit": {"tang"},
    "post.hide": BOSSES,
    "post.moderate": BOSSES,
    "post.read": MEMBERS,
    "post.report": MEMBERS - {"tang"},
    "session.end": {"tang"},
    "summary.read": CHAT,
    "thread.comment": MEMBERS,
    "thread.react": MEMBERS,
}
GONE = 9_999_999
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
        post = publish_post(tang, circle, "SECRET-OF-THE-CLASS", "matrix-post")
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
        mine = sa.select(Membership.id).where(Membership.identity_id == pan.identity_id)
        there = sa.select(GroupMember.id).where(GroupMember.identity_id == pan.identity_id)
        made: dict[str, object] = {
            "asker_id": asker.id,
            "case_id": reported.case_id,
            "circle_id": circle.id,
            "comment_id": comment.id,
            "group_id": group.id,
            "group_invitation_id": group_invitation.id,
            "identity_id": pan.identity_id,
            "invitation_id": invitation.id,
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


def routes(app) -> Iterator[tuple[str, str, object]]:
    """(rule, method, URL rule) of every route that names a thing and is not public or personal."""
    for url in app.url_map.iter_rules():
        rule = app.view_functions[url.endpoint].rule
        if url.arguments and rule not in ("public", "personal"):
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


def test_every_rule_of_a_route_stands_in_the_table(app):
    assert {rule for rule, _, _ in routes(app)} - set(EXPECT) == set()


@pytest.mark.parametrize("who", CAST)
def test_who_reaches_what(app, as_, things, database, who):
    person, wrong = as_(who), []
    before = counted()
    for rule, method, url in routes(app):
        path = build(app, url, things)
        status = ask(person, method, path)
        reached, may = status not in (401, 403, 404), who in EXPECT[rule]
        if reached != may and not (may and url.rule in REFUSED_LATER):
            wrong.append((rule, method, path, status))
        if status >= 500:
            wrong.append(("broken", method, path, status))
        if reached and method != "GET":
            again(database)
    assert wrong == [], wrong
    if not any(who in people for people in EXPECT.values()):
        assert counted() == before


def test_a_thing_that_is_gone_looks_like_one_that_must_not_be_known(app, as_, things):
    """Each id in turn is swapped for one that is not there."""
    outsider, insider = as_("ou"), as_("pan")
    for _rule, method, url in routes(app):
        for argument in url.arguments - {"name"}:
            path = build(app, url, {**things, argument: GONE})
            assert ask(outsider, method, path) == 404, path
            if method == "GET":
                assert ask(insider, method, path) in (403, 404), path


def test_nobody_is_told_anything_without_signing_in(app, as_, things):
    stranger = as_("nobody")
    for rule, method, url in routes(app):
        status = ask(stranger, method, build(app, url, things))
        assert status == 401, (rule, url.rule)


def test_the_secrets_of_the_class_are_in_no_page_of_others(app, as_, things):
    pages = [build(app, url, things) for _, method, url in routes(app) if method == "GET"]
    for who, path in itertools.product(
        ("ou", "ex", "wen", "mei", "pan_private", "nobody"), [*pages, "/", "/groups", "/circles"]
    ):
        text = as_(who).get(path).text
        assert "SECRET-" not in text, (who, path)


def build(app, url, things) -> str:
    with app.test_request_context():
        return app.url_map.bind("").build(url.endpoint, {key: things[key] for key in url.arguments})
