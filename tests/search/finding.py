"""What the tests of search do again and again."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

from webapp.circles.models import Circle
from webapp.feed.actions import add_comment
from webapp.feed.models import Comment
from webapp.feed.queries import thread_of
from webapp.groups.actions import send_message
from webapp.groups.models import Group, Message
from webapp.kit.db import db, write
from webapp.posts.actions import publish_post
from webapp.posts.models import Post


def post(world, who, circle, body) -> Post:
    with write():
        there = db.session.get_one(Circle, world.circles[circle])
        return publish_post(world.viewer(who), there, body, f"p-{hash(body)}")


def comment(world, who, on: Post, body, parent=None) -> Comment:
    with write():
        return add_comment(world.viewer(who), thread_of("post", on.id), body, f"c-{hash(body)}", parent)


def message(world, who, group, body) -> Message:
    with write():
        there = db.session.get_one(Group, world.groups[group])
        return send_message(world.viewer(who), there, body, f"m-{hash(body)}")


def addresses(page) -> list[str]:
    """Where the hits of a page lead, in their order."""
    assert page.status_code == 200, page.status_code
    return [unescape(link) for link in re.findall(r'<li id="[^"]*"><a class="grow split" href="([^"]+)"', page.text)]


def search(person, q="", **more) -> list[str]:
    return addresses(look(person, q, **more))


def look(person, q="", **more):
    """The page of a search; `place` is the parameter `in`."""
    more = {"in" if name == "place" else name: value for name, value in more.items()}
    return person.get("/search?" + urlencode({"q": q, **more}))
