"""The only writers of links between groups and circles."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from webapp.circles.models import Circle
from webapp.groups import summaries
from webapp.groups.events import GroupLinked, GroupUnlinked
from webapp.groups.models import Group, Link
from webapp.kit.db import db, put
from webapp.kit.events import emit_fact
from webapp.kit.policy import Viewer


class Pace(NamedTuple):
    """When a link's cards go on: at once, after the quiet hours, once a day (minutes of the day)."""

    pace: str = "now"
    quiet_from: int = 22 * 60
    quiet_to: int = 7 * 60
    daily_at: int = 17 * 60


def link_group(viewer: Viewer, group: Group, circle: Circle, push: str = "chosen", admits: bool = False) -> Link:
    """Link a group to a circle; what was linked already stays as it is."""
    known = sa.select(Link).where(Link.group_id == group.id, Link.circle_id == circle.id)
    if (found := db.session.scalar(known)) is not None:
        return found
    keys = {"group_id": group.id, "circle_id": circle.id, "made_by": viewer.identity_id}
    link = put(Link(**keys, push=push, admits=admits))
    emit_fact(GroupLinked(group.id, circle.id, viewer.identity_id))
    return link


def set_link(viewer: Viewer, link: Link, push: str, admits: bool, pace: Pace | None = None) -> None:
    """What the link carries from now on, and when. What waits for its hour still comes, unless nothing is pushed."""
    link.push, link.admits = push, admits
    if pace is not None:
        link.pace, link.quiet_from, link.quiet_to, link.daily_at = pace
    if push == "nothing":
        summaries.forget_held(link)


def unlink(viewer: Viewer, link: Link) -> None:
    """End a link. Cards that came by it stay in the chat, readable by the circle's rules."""
    summaries.forget_held(link)
    db.session.delete(link)
    db.session.flush()
    emit_fact(GroupUnlinked(link.group_id, link.circle_id, viewer.identity_id))
