"""The line that meets a newcomer above a circle's feed: what is pinned for them, and from when on they see."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ScalarSelect

from webapp.feed.above import Stand, above_feed
from webapp.feed.models import FeedRow
from webapp.kit.policy import Viewer


@above_feed("feed/_welcome.html")
def figures(viewer: Viewer, stand: Stand) -> dict[str, ScalarSelect[Any]] | None:
    """How many cards are pinned; nothing for whoever made, runs or knows the circle."""
    if not stand.is_new:
        return None
    here = (FeedRow.circle_id == stand.circle_id, FeedRow.shown, FeedRow.pinned_at.is_not(None))
    return {"pinned": sa.select(sa.func.count()).where(*here).correlate(None).scalar_subquery()}
