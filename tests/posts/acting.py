"""Posting without a browser."""

from __future__ import annotations

from typing import Any

from tests.cast import World
from webapp.circles.models import Circle
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.posts.actions import Extra, publish_post


def post_as(world: World, who: str, circle: str, body: str, notify: bool = False, **extra: Any) -> int:
    """The id of a new post; `extra` is what stands under "More"."""
    viewer = world.viewer(who)
    with write():
        place = db.session.get_one(Circle, world.circles[circle])
        return publish_post(viewer, place, body, client_id(), notify, Extra(**extra)).id
