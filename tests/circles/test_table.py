"""The table of kinds against the rules, where a circle's switches turn and where a party cannot be."""

from __future__ import annotations

import itertools

import pytest

from webapp.accounts.models import KINDS as IDENTITIES
from webapp.circles.kinds import KINDS, PARTIES, TAGS, cell, party_of
from webapp.circles.models import WHO, Circle, Membership
from webapp.circles.policy import Rule
from webapp.kit.db import db, write
from webapp.kit.policy import can

CELLS = [
    (kind, party)
    for kind, party in itertools.product(KINDS, PARTIES)
    if party in ("owner", "admin") or KINDS[kind].cells[party]["view"] != "x"
]


def expected(kind: str, role: str, party: str, action: str, switch: str) -> bool:
    """What PRODUCT and the table say in words, not how the rule is built."""
    written = cell(kind, role, party, action)
    begins_open = written in ("Y", "s", "r", "c+")
    return {
        "everyone": begins_open or written == "c-",
        "members": begins_open,
        "staff": begins_open and (role != "member" or party in ("teacher", "staff")),
        "admins": begins_open and role != "member",
    }[switch]


@pytest.mark.parametrize(("kind", "column"), CELLS)
def test_each_switch_lets_those_whom_it_names(app, world, kind, column):
    role, party = (column, KINDS[kind].leads[0]) if column in ("owner", "admin") else ("member", column)
    viewer = world.viewer("ou")
    with write() as session:
        circle = Circle(kind=kind, name="T", name_key="t", joining="invite")
        session.add(circle)
        session.flush()
        session.add(Membership(circle_id=circle.id, identity_id=viewer.identity_id, role=role, party=party))
    for switch in WHO:
        with write():
            circle = db.session.get_one(Circle, circle.id)
            circle.posting = circle.commenting = switch
        for rule, action in ((Rule.CIRCLE_POST, "post"), (Rule.CIRCLE_COMMENT, "comment")):
            assert can(rule, viewer, circle) == expected(kind, role, party, action, switch), (action, switch)


OTHERWISE = (Rule.CIRCLE_FIND, Rule.CIRCLE_TAKE_OVER)  # do not stand on the viewer's membership


@pytest.mark.parametrize("state", ["requested", "refused", "left", "removed", "banned"])
@pytest.mark.parametrize("rule", [rule for rule in Rule if rule.startswith("circle.") and rule not in OTHERWISE])
def test_only_an_active_membership_counts(app, world, state, rule):
    viewer = world.viewer("yu")
    circle = db.session.get_one(Circle, world.circles["lane"])
    before = can(rule, viewer, circle)
    with write():
        mine = db.session.query(Membership).filter_by(circle_id=circle.id, identity_id=viewer.identity_id).one()
        mine.state = state
    assert (before or rule == Rule.CIRCLE_COMPANY) and not can(rule, viewer, circle)


def test_nobody_comes_to_stand_in_a_column_that_cannot_be():
    for kind, identity, same, tag in itertools.product(KINDS, IDENTITIES, (True, False), ("", *TAGS)):
        party = party_of(kind, identity, same, tag)
        if party is not None:
            assert KINDS[kind].cells[party]["view"] != "x", (kind, identity, same, tag)


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_may_lead_can_be_in_it(kind):
    assert all(KINDS[kind].cells[party]["view"] == "Y" for party in KINDS[kind].leads)
    assert not {"student", "parent", "partner"} & set(KINDS[kind].leads)


def test_an_internal_circle_has_only_its_own_people():
    outside = itertools.product(IDENTITIES, ("", *TAGS))
    assert {party_of("internal", identity, False, tag) for identity, tag in outside} == {None}
