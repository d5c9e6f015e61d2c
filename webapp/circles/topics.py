"""Who may listen to a circle."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.circles.models import Circle
from webapp.circles.policy import Rule
from webapp.kit import push
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed


@push.topic("circle")
def readable(viewer: Viewer, ids: list[int]) -> set[int]:
    """Those of these circles that the viewer may read."""
    return set(db.session.scalars(sa.select(Circle.id).where(Circle.id.in_(ids), allowed(Rule.CIRCLE_READ, viewer))))
