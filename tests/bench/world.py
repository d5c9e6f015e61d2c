"""A world to measure in: the cast, a feed of 20 posts of 45 words, a chat of 50 messages."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.cast import World, make_world
from tests.conftest import environment
from webapp import schema
from webapp.app import create_app
from webapp.circles.models import Circle
from webapp.config import Settings
from webapp.groups.actions import send_message
from webapp.groups.models import Group
from webapp.kit.db import db, write
from webapp.posts.actions import publish_post

WORDS = "the children measured their beans again and wrote down what they saw before the bell rang " * 3


def make(folder: Path | None = None, url: str = "") -> tuple[World, dict[str, str]]:
    """The world's ids, and the environment in which a server finds it."""
    folder = folder or Path(tempfile.mkdtemp(prefix="quanzi-bench-"))
    environ = environment(folder, url)
    settings = Settings.read(environ)
    schema.upgrade(settings)
    with create_app(settings).app_context():
        world = make_world()
        with write():
            tang = world.viewer("tang")
            circle = db.session.get_one(Circle, world.circles["class"])
            for number in range(20):
                publish_post(tang, circle, f"{number} {WORDS}", f"bench-post-{number}")
            group = db.session.get_one(Group, world.groups["parents"])
            for number in range(50):
                send_message(tang, group, f"{number} {WORDS[:80]}", f"bench-message-{number}")
        db.engine.dispose()
    return world, environ
