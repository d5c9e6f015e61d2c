"""The rules of circles. What a kind allows is in kinds.py; here it becomes SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from webapp.circles.kinds import KINDS, PARTIES, party_of
from webapp.circles.models import Circle, Invitation, Membership
from webapp.kit.policy import NOW, Viewer, allowed, rule


class Rule(StrEnum):
    CIRCLE_ADMINISTER = "circle.administer"  # settings, roles below one's own, links, archive
    CIRCLE_COMMENT = "circle.comment"
    CIRCLE_COMPANY = "circle.company"  # what a partner company's administrator does with its own people
    CIRCLE_FIND = "circle.find"  # its name, introduction and how to join
    CIRCLE_INVITE = "circle.invite"
    CIRCLE_MODERATE = "circle.moderate"
    CIRCLE_OWN = "circle.own"  # hand over, appoint administrators
    CIRCLE_POST = "circle.post"
    CIRCLE_READ = "circle.read"  # what stands in it, and who belongs to it
    CIRCLE_SHARE = "circle.share"  # make links that open without an account
    CIRCLE_TAKE_OVER = "circle.take-over"  # one of the organisation's that nobody owns
    INVITATION_REVOKE = "invitation.revoke"
    MEMBERSHIP_DECIDE = "membership.decide"  # admit, refuse, mute, remove, ban
    MEMBERSHIP_READ = "membership.read"
    MEMBERSHIP_WITHDRAW = "membership.withdraw"  # one's own request to join


# The membership that a rule asks about. An alias, so that rules of memberships may ask too; one for all, since making
# one costs more than a page's queries.
Mine = aliased(Membership)
Owner = aliased(Membership)
ADMINISTERS = Mine.role.in_([sa.literal_column("'owner'"), sa.literal_column("'admin'")])
ACTIVE = Mine.state == sa.literal_column("'active'")
FREE = sa.or_(Mine.muted_until.is_(None), Mine.muted_until <= NOW)


def membership(viewer: Viewer, circle_id: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is an active membership of the identity in use in that circle; `more` says of `Mine` what else holds."""
    return (
        sa.exists()
        .where(Mine.circle_id == circle_id, Mine.identity_id == viewer.identity_id, ACTIVE, *more)
        .correlate_except(Mine)
    )


def sees(viewer: Viewer, circle_id: Any, moment: Any) -> ColumnElement[bool]:
    """The viewer's membership there shows them what is from that moment: the circle's rule about its past (past.py).
    Feeds, permalinks and whatever searches ask this, and nothing else of the kind. Who runs the circle sees all."""
    return membership(viewer, circle_id, sa.or_(Mine.sees_from.is_(None), Mine.sees_from <= moment, ADMINISTERS))


@lru_cache(maxsize=64)
def stands(action: str, cells: tuple[str, ...]) -> ColumnElement[bool]:
    """`Mine` stands in one of these cells of the table of kinds (for Circle rows). The same for every viewer; kinds
    that let in the same rows are one condition, since every part costs time at every question."""
    kinds: dict[tuple[str, ...], list[str]] = {}
    for kind, table in KINDS.items():
        rows = tuple(party for party in PARTIES if table.cells[party][action] in cells)
        kinds.setdefault(rows, []).append(kind)
    ways = []
    for rows, names in kinds.items():
        there = one_of(Mine.role, [row for row in rows if row in ("owner", "admin")])
        parties = [row for row in rows if row not in ("owner", "admin")]
        if parties:
            there = sa.or_(there, sa.and_(Mine.role == sa.literal_column("'member'"), one_of(Mine.party, parties)))
        ways.append(there if len(kinds) == 1 else sa.and_(one_of(Circle.kind, names), there))
    return sa.or_(*ways)


def one_of(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """The column holds one of these words of our own code; they stand in the SQL as they are."""
    if not all(word.isalpha() for word in words):
        raise ValueError(f"not plain words: {words}")
    found: ColumnElement[bool] = column.in_([sa.literal_column(f"'{word}'") for word in words]) if words else sa.false()
    return found


ANY_CELL = ("Y", "s", "r", "c+", "c-")


def may(viewer: Viewer, action: str, cells: tuple[str, ...] = ANY_CELL) -> ColumnElement[bool]:
    """The viewer's membership stands in a cell of the table that permits the action (for Circle rows)."""
    return membership(viewer, Circle.id, stands(action, cells))


@lru_cache(maxsize=8)
def _switch(action: str, switch: Any) -> ColumnElement[bool]:
    """The circle's own switch (posting, commenting) lets `Mine`: `members` opens the cells c+ and `everyone` those
    that begin closed (c-) too; `staff` lets teachers and staff, `admins` administrators only."""
    always = stands(action, ("Y", "s", "r", "c+"))
    staff = sa.or_(ADMINISTERS, one_of(Mine.party, ("teacher", "staff")))
    return sa.or_(
        sa.and_(switch == "everyone", stands(action, ANY_CELL)),
        sa.and_(switch == "members", always),
        sa.and_(switch == "staff", always, staff),
        sa.and_(switch == "admins", always, ADMINISTERS),
    )


def inviter_stands() -> ColumnElement[bool]:
    """For Invitation rows: who made the link could make it today. Owners' links make administrators; others' let
    members in, where the kind lets them invite anybody. Whoever was removed, banned or ended invites nobody."""
    anyone = [kind for kind, table in KINDS.items() if table.admits == "anyone"]
    member = sa.and_(one_of(Circle.kind, anyone), stands("invite", ("Y", "s", "c+")))
    less = sa.and_(Invitation.role == "member", sa.or_(Mine.role == "admin", member))
    maker = (Mine.circle_id == Circle.id, Mine.identity_id == Invitation.made_by, ACTIVE)
    return (
        sa.exists()
        .where(Circle.id == Invitation.circle_id, *maker, sa.or_(Mine.role == "owner", less))
        .correlate(Invitation)
    )


def not_muted(viewer: Viewer) -> ColumnElement[bool]:
    return membership(viewer, Circle.id, FREE)


OPEN = Circle.archived_at.is_(None)
LETS_OUT = Circle.joining != "hidden"  # what nobody else finds is shown to nobody else


@rule(Rule.CIRCLE_FIND, Circle)
def find(viewer: Viewer) -> ColumnElement[bool]:
    """Members; strangers where the kind is listed; colleagues where an internal circle can be asked for."""
    listed = [kind for kind, table in KINDS.items() if table.listed]
    stranger = sa.and_(Circle.kind.in_(listed), Circle.joining != "hidden", OPEN)
    colleague: ColumnElement[bool] = sa.false()
    if viewer.organisation_id is not None and viewer.kind in ("staff", "teacher"):
        colleague = sa.and_(
            Circle.kind == "internal",
            Circle.organisation_id == viewer.organisation_id,
            Circle.joining.in_(("open", "request")),
            OPEN,
        )
    return sa.or_(membership(viewer, Circle.id), stranger, colleague)


@rule(Rule.CIRCLE_READ, Circle, see=Rule.CIRCLE_FIND)
def read(viewer: Viewer) -> ColumnElement[bool]:
    return may(viewer, "view")


@rule(Rule.CIRCLE_POST, Circle, see=Rule.CIRCLE_FIND)
def post(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(OPEN, membership(viewer, Circle.id, FREE, _switch("post", Circle.posting)))


@rule(Rule.CIRCLE_COMMENT, Circle, see=Rule.CIRCLE_FIND)
def comment(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(OPEN, membership(viewer, Circle.id, FREE, _switch("comment", Circle.commenting)))


@rule(Rule.CIRCLE_INVITE, Circle, see=Rule.CIRCLE_FIND)
def invite(viewer: Viewer) -> ColumnElement[bool]:
    return sa.and_(OPEN, may(viewer, "invite", ("Y", "s", "c+")))


@rule(Rule.CIRCLE_MODERATE, Circle, see=Rule.CIRCLE_FIND)
def moderate(viewer: Viewer) -> ColumnElement[bool]:
    return may(viewer, "moderate", ("Y",))


@rule(Rule.CIRCLE_ADMINISTER, Circle, see=Rule.CIRCLE_FIND)
def administer(viewer: Viewer) -> ColumnElement[bool]:
    return membership(viewer, Circle.id, ADMINISTERS)


@rule(Rule.CIRCLE_COMPANY, Circle, see=Rule.CIRCLE_FIND)
def company(viewer: Viewer) -> ColumnElement[bool]:
    """Only partners of a business circle carry a tag."""
    return membership(viewer, Circle.id, Mine.tag != "") if viewer.runs_organisation else sa.false()


@rule(Rule.CIRCLE_OWN, Circle, see=Rule.CIRCLE_FIND)
def own(viewer: Viewer) -> ColumnElement[bool]:
    return membership(viewer, Circle.id, Mine.role == "owner")


@rule(Rule.CIRCLE_TAKE_OVER, Circle)
def take_over(viewer: Viewer) -> ColumnElement[bool]:
    """Who runs the organisation, where they could lead a circle of this kind."""
    if not viewer.runs_organisation:
        return sa.false()
    fitting = [kind for kind, table in KINDS.items() if party_of(kind, viewer.kind, True) in table.leads]
    owned = sa.exists().where(Owner.circle_id == Circle.id, Owner.role == "owner", Owner.state == "active")
    here = (Circle.organisation_id == viewer.organisation_id, Circle.kind.in_(fitting))
    return sa.and_(*here, ~owned.correlate_except(Owner))


def shares(row: Any) -> ColumnElement[bool]:
    """For Circle rows and a membership in them (an alias): the circle's own switch lets it make links."""
    admins = sa.and_(Circle.sharing == "admins", row.role.in_(("owner", "admin")))
    return sa.and_(LETS_OUT, sa.or_(Circle.sharing == "members", admins))


@rule(Rule.CIRCLE_SHARE, Circle, see=Rule.CIRCLE_FIND)
def share(viewer: Viewer) -> ColumnElement[bool]:
    return membership(viewer, Circle.id, shares(Mine))


def _of_circle(circle_rule: Rule, column: Any) -> Callable[[Viewer], ColumnElement[bool]]:
    """The row's circle is one for which the rule holds."""

    def clause(viewer: Viewer) -> ColumnElement[bool]:
        return column.in_(sa.select(Circle.id).where(allowed(circle_rule, viewer)))

    return clause


rule(Rule.MEMBERSHIP_READ, Membership)(
    lambda viewer: sa.or_(
        Membership.identity_id == viewer.identity_id,
        sa.and_(Membership.state == "active", _of_circle(Rule.CIRCLE_READ, Membership.circle_id)(viewer)),
        _of_circle(Rule.CIRCLE_ADMINISTER, Membership.circle_id)(viewer),
    )
)
rule(Rule.MEMBERSHIP_DECIDE, Membership, see=Rule.MEMBERSHIP_READ)(
    _of_circle(Rule.CIRCLE_MODERATE, Membership.circle_id)
)
rule(Rule.MEMBERSHIP_WITHDRAW, Membership)(
    lambda viewer: sa.and_(Membership.identity_id == viewer.identity_id, Membership.state == "requested")
)
rule(Rule.INVITATION_REVOKE, Invitation)(
    lambda viewer: sa.or_(
        _of_circle(Rule.CIRCLE_ADMINISTER, Invitation.circle_id)(viewer),
        sa.and_(Invitation.made_by == viewer.identity_id, _of_circle(Rule.CIRCLE_READ, Invitation.circle_id)(viewer)),
    )
)
