"""The groups that stand beside a circle's feed on a wide page."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.groups.models import Group, GroupMember, Link
from webapp.groups.policy import Rule, belongs
from webapp.groups.queries import Listed, my_groups
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed

OTHERS = 10


@dataclass(frozen=True)
class Beside:
    """`mine` with their last line; of the `others` the name and how many they are."""

    mine: list[Listed]
    others: list[tuple[Group, int]]


def beside(viewer: Viewer, circle_id: int) -> Beside:
    """A circle's linked groups as this viewer stands to them, the viewer's own first."""
    linked = Group.id.in_(sa.select(Link.group_id).where(Link.circle_id == circle_id))
    count = sa.select(sa.func.count()).where(GroupMember.group_id == Group.id, GroupMember.state == "active")
    others = (
        sa.select(Group, count.correlate(Group).scalar_subquery())
        .where(linked, ~belongs(viewer, Group.id), allowed(Rule.GROUP_FIND, viewer))
        .order_by(Group.id)
        .limit(OTHERS)
    )
    return Beside(my_groups(viewer, linked), [(group, number) for group, number in db.session.execute(others)])
