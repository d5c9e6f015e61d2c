"""The counters of the navigation, and which rows stand on a person's home."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from webapp.circles.models import Circle, Membership
from webapp.feed.models import FeedRow
from webapp.groups.models import Group, GroupMember
from webapp.kit.db import db
from webapp.kit.policy import Viewer

BOUND = 200  # circles whose rows home gathers, and whose topics a page follows


@dataclass(frozen=True)
class Nav:
    """Unread cards and messages of this identity: in all, and by circle and group."""

    circles: int = 0
    groups: int = 0
    topics: tuple[str, ...] = ()
    unread: dict[str, int] = field(default_factory=dict)


def nav(viewer: Viewer) -> Nav:
    """One statement; nothing is counted, since circles and groups number what stands in them."""
    if not viewer.signed_in:
        return Nav()
    circles = sa.select(
        sa.literal("circle").label("kind"), Circle.id, (Circle.cards - Membership.read).label("unread")
    ).join(Membership, Membership.circle_id == Circle.id)
    groups = sa.select(sa.literal("group"), Group.id, Group.messages - GroupMember.read).join(
        GroupMember, GroupMember.group_id == Group.id
    )
    rows = db.session.execute(
        sa.union_all(
            circles.where(Membership.identity_id == viewer.identity_id, Membership.state == "active"),
            groups.where(GroupMember.identity_id == viewer.identity_id, GroupMember.state == "active"),
        )
    ).all()
    unread = {f"{kind}-{number}": max(0, count) for kind, number, count in rows}
    return Nav(
        circles=sum(count for name, count in unread.items() if name.startswith("circle")),
        groups=sum(count for name, count in unread.items() if name.startswith("group")),
        topics=tuple(list(unread)[:BOUND]),
        unread=unread,
    )


def home_rows(viewer: Viewer, after: int | None, size: int) -> list[int]:
    """Ids of the newest rows over all circles of this identity, up to `size + 1`: the newest of each circle, then
    sorted (measured in reference/stack.md §3: one scan over all circles is thousands of times slower)."""
    mine = [int(name.partition("-")[2]) for name in nav(viewer).topics if name.startswith("circle-")]
    if not mine:
        return []
    older = [FeedRow.id < after] if after else []
    newest = [
        sa.select(
            sa.select(FeedRow.id)
            .where(FeedRow.circle_id == circle, FeedRow.shown.is_(True), *older)
            .order_by(FeedRow.id.desc())
            .limit(size + 1)
            .subquery()
        )
        for circle in mine
    ]
    gathered = sa.union_all(*newest).subquery() if len(newest) > 1 else newest[0].subquery()
    return list(db.session.scalars(sa.select(gathered.c.id).order_by(gathered.c.id.desc()).limit(size + 1)))
