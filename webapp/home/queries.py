"""The counters of the navigation, and which rows stand on a person's home."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from webapp.circles.models import Circle, Membership
from webapp.feed.models import FeedRow
from webapp.feed.policy import in_view
from webapp.feed.queries import FRESH, SIZE, home_drawn, home_rows
from webapp.groups.models import Group, GroupMember
from webapp.kit.counters import QUIET, counters
from webapp.kit.policy import Viewer, kept

COUNTED = ("circle", "group", "inbox")
HIDES = "hides"  # a circle that does not show this identity all of its past
BOUND = 200  # circles whose rows home gathers, and whose topics a page follows


@dataclass(frozen=True)
class Nav:
    """Unread cards and messages of this identity: in all, and by circle and group. What waits in the inbox, and
    `elsewhere` in those of this person's other identities."""

    circles: int = 0
    groups: int = 0
    inbox: int = 0
    elsewhere: int = 0
    topics: tuple[str, ...] = ()
    quiet: frozenset[str] = frozenset()  # of these, what the totals leave out
    unread: dict[str, int] = field(default_factory=dict)
    hiding: frozenset[int] = frozenset()  # circles that do not show this identity all of their past


def nav(viewer: Viewer) -> Nav:
    """One statement; nothing is counted, since circles and groups number what stands in them."""
    if not viewer.signed_in:
        return Nav()
    rows = _unread(viewer).all()
    quiet = frozenset(kind.removeprefix(QUIET) for kind, _, _ in rows if kind.startswith(QUIET))
    unread = {f"{kind}-{number}": max(0, count) for kind, number, count in rows if kind in COUNTED}
    inbox = unread.get(f"inbox-{viewer.identity_id}", 0)
    return Nav(
        circles=sum(count for name, count in unread.items() if name.startswith("circle") and name not in quiet),
        groups=sum(count for name, count in unread.items() if name.startswith("group") and name not in quiet),
        inbox=inbox,
        elsewhere=sum(count for name, count in unread.items() if name.startswith("inbox")) - inbox,
        topics=tuple([name for name in unread if not name.startswith("inbox")][:BOUND]),
        quiet=quiet,
        unread=unread,
        hiding=frozenset(number for kind, number, _ in rows if kind == HIDES),
    )


@kept
def _unread(viewer: Viewer) -> sa.CompoundSelect[Any]:
    mine = Membership.identity_id == viewer.identity_id, Membership.state == "active"
    circles = sa.select(
        sa.literal("circle").label("kind"), Circle.id, (Circle.cards - Membership.read).label("unread")
    ).join(Membership, Membership.circle_id == Circle.id)
    hiding = sa.select(sa.literal(HIDES), Membership.circle_id, sa.literal(0))
    groups = sa.select(sa.literal("group"), Group.id, Group.messages - GroupMember.read).join(
        GroupMember, GroupMember.group_id == Group.id
    )
    return sa.union_all(
        circles.where(*mine),
        hiding.where(*mine, Membership.sees_from.is_not(None)),
        groups.where(GroupMember.identity_id == viewer.identity_id, GroupMember.state == "active"),
        *counters(viewer),
    )


@dataclass(frozen=True)
class Home:
    """A stretch of the one feed over all circles."""

    rows: Markup
    older: int | None
    newest: int


def home_page(viewer: Viewer, counters: Nav, before: int | None) -> Home:
    """Newest first over the circles of this identity, each card once."""
    newest_of_each = [FeedRow.id < before] if before else []
    return _home(viewer, counters, newest_of_each, SIZE)


def home_fresh(viewer: Viewer, counters: Nav, after: int) -> Home:
    """What came next after this row, fifty at most: whoever missed more asks on."""
    return _home(viewer, counters, [FeedRow.id > after], FRESH, upward=True)


def _home(viewer: Viewer, counters: Nav, bounds: list[sa.ColumnElement[bool]], size: int, upward: bool = False) -> Home:
    """The newest (or, upward, the next) of each circle, then sorted: one scan over all circles is thousands of times
    slower (measured in the study of SQLite behind docs/decisions.md)."""
    mine = [int(name.partition("-")[2]) for name in counters.topics if name.startswith("circle-")]
    rows = [
        sa.select(
            sa.select(FeedRow.id)
            .where(FeedRow.circle_id == circle, FeedRow.shown.is_(True), *bounds)
            .where(in_view(viewer) if circle in counters.hiding else sa.true())
            .order_by(FeedRow.id if upward else FeedRow.id.desc())
            .limit(size + 1)
            .subquery()
        )
        for circle in mine
    ]
    if not rows:
        return Home(Markup(), None, 0)
    gathered = (sa.union_all(*rows) if len(rows) > 1 else rows[0]).subquery()
    order = gathered.c.id if upward else gathered.c.id.desc()
    found = home_rows(viewer, sa.select(gathered.c.id).order_by(order).limit(size + 1))
    shown = found[-size:] if upward else found[:size]
    older = shown[-1].row_id if len(found) > size else None
    return Home(home_drawn(viewer, shown), older, shown[0].row_id if shown else 0)
