"""The line that meets a newcomer above a circle's feed: what is pinned for them, and from when on they see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ScalarSelect

from webapp.circles.queries import Header
from webapp.feed.above import above_feed
from webapp.feed.models import FeedRow
from webapp.kit import clock
from webapp.kit.policy import Viewer

NEW = timedelta(days=3)  # for how long somebody is met


@above_feed("feed/_welcome.html")
def figures(viewer: Viewer, header: Header) -> dict[str, ScalarSelect[Any]] | None:
    """How many cards are pinned; nothing for whoever made, runs or knows the circle."""
    mine = header.membership
    if mine is None or not header.member or mine.role != "member" or clock.now() - mine.joined_at > NEW:
        return None
    pinned = sa.select(sa.func.count()).where(
        FeedRow.circle_id == header.circle.id, FeedRow.shown, FeedRow.pinned_at.is_not(None)
    )
    return {"pinned": pinned.correlate(None).scalar_subquery()}
