"""Posting without a browser."""

from __future__ import annotations

from tests.cast import World
from webapp.circles.models import Circle
from webapp.kit.db import db, write
from webapp.kit.ids import client_id
from webapp.posts.actions import publish_post


def post_as(world: World, who: str, circle: str, body: str, notify: bool = False) -> int:
    """The id of a new post."""
    viewer = world.viewer(who)
    with write():
        place = db.session.get_one(Circle, world.circles[circle])
        return publish_post(viewer, place, body, client_id(), notify).id
