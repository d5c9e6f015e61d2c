"""One post to several circles: which ones may take it together."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.circles.kinds import may_share
from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.kit.db import db
from webapp.kit.i18n import _
from webapp.kit.policy import Viewer, allowed, granted

MOST = 30  # circles offered, and further ones of one post


def further_circles(viewer: Viewer, circle: Circle) -> Sequence[Circle]:
    """The other circles in which this viewer may post, and with which this one shares posts; by name."""
    return [other for other, _moderates in _postable(viewer, circle.id) if _fit(circle, other)][:MOST]


def why_not(viewer: Viewer, circle: Circle, further: Sequence[int], must_read: bool) -> str:
    """Why a post cannot go to these circles as well; nothing where it can."""
    if not further:
        return ""
    known = {other.id: (other, moderates) for other, moderates in _postable(viewer, circle.id)}
    if len(further) > MOST or not set(further) <= set(known):
        return _("You may not post in one of these circles any more.")
    everywhere = [circle, *(known[number][0] for number in further)]
    if not all(_fit(one, other) for one in everywhere for other in everywhere):
        return _("A class or internal circle shares posts only with circles of its kind in the same organisation.")
    if must_read and not all(known[number][1] for number in further):
        return _("A must-read post goes only to circles that you moderate.")
    return ""


def _fit(one: Circle, other: Circle) -> bool:
    return may_share(one.kind, one.organisation_id, other.kind, other.organisation_id)


def _postable(viewer: Viewer, but: int) -> list[tuple[Circle, bool]]:
    rows = db.session.execute(
        sa.select(Circle, granted(CircleRule.CIRCLE_MODERATE, viewer))
        .where(allowed(CircleRule.CIRCLE_POST, viewer), Circle.id != but)
        .order_by(Circle.name)
    )
    return [(circle, bool(moderates)) for circle, moderates in rows]
