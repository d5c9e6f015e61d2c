"""Who may listen to a group."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.groups.models import Group
from webapp.groups.policy import Rule
from webapp.kit import push
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed


@push.topic("group")
def readable(viewer: Viewer, ids: list[int]) -> set[int]:
    """Those of these groups that the viewer is in."""
    return set(db.session.scalars(sa.select(Group.id).where(Group.id.in_(ids), allowed(Rule.GROUP_READ, viewer))))
