"""What pages of a circle need to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import Forbidden, NotFound

from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule
from webapp.kit.policy import Viewer, allowed, granted, kept

_ASKED = {
    "may_read": Rule.CIRCLE_READ,
    "may_post": Rule.CIRCLE_POST,
    "may_comment": Rule.CIRCLE_COMMENT,
    "may_invite": Rule.CIRCLE_INVITE,
    "may_moderate": Rule.CIRCLE_MODERATE,
    "may_administer": Rule.CIRCLE_ADMINISTER,
    "may_own": Rule.CIRCLE_OWN,
}


@dataclass(frozen=True)
class Header:
    """A circle as this viewer stands to it: what its head, tabs and buttons need."""

    circle: Circle
    membership: Membership | None  # the viewer's own, whatever its state
    members: int
    requests: int  # people who wait to be admitted
    may_read: bool
    may_post: bool
    may_comment: bool
    may_invite: bool
    may_moderate: bool
    may_administer: bool
    may_own: bool

    @property
    def member(self) -> bool:
        return self.membership is not None and self.membership.state == "active"


def open_circle(viewer: Viewer, circle_id: int, rule: Rule = Rule.CIRCLE_READ) -> Header:
    """A circle through the viewer, in one statement. Raises NotFound, or Forbidden where `rule` does not hold."""
    row = _opened(viewer, rule, circle=circle_id).first()
    if row is None:
        raise NotFound
    told = row._mapping
    if not told["asked"]:
        raise Forbidden
    return Header(
        circle=row.Circle,
        membership=row.Membership,
        members=row.members,
        requests=row.requests,
        **{name: bool(told[name]) for name in _ASKED},
    )


@kept
def _opened(viewer: Viewer, rule: Rule) -> sa.Select[Any]:
    circle = sa.bindparam("circle", type_=sa.BigInteger())
    count = sa.select(sa.func.count()).select_from(Membership).where(Membership.circle_id == circle)
    asked = {"asked": rule, **_ASKED}
    return (
        sa.select(
            Circle,
            Membership,
            count.where(Membership.state == "active").correlate(None).scalar_subquery().label("members"),
            count.where(Membership.state == "requested").correlate(None).scalar_subquery().label("requests"),
            *(granted(each, viewer).label(name) for name, each in asked.items()),
        )
        .outerjoin(
            Membership,
            sa.and_(Membership.circle_id == Circle.id, Membership.identity_id == viewer.identity_id),
        )
        .where(Circle.id == circle, allowed(Rule.CIRCLE_FIND, viewer))
    )
