"""Where a post goes: its first circle, whose state it carries itself, and further ones."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from webapp.kit.db import db
from webapp.posts.models import Post, PostPlace


def stands_of(post: Post) -> list[Post | PostPlace]:
    """What has the post's state in each circle it goes to: itself for the first."""
    further = sa.select(PostPlace).where(PostPlace.post_id == post.id).order_by(PostPlace.circle_id)
    return [post, *db.session.scalars(further)]


def stand_in(post: Post, circle_id: int | None) -> Post | PostPlace:
    """The one in this circle, or in the first. Raises NotFound."""
    if circle_id in (None, post.circle_id):
        return post
    found = db.session.get(PostPlace, (post.id, circle_id))
    if found is None:
        raise NotFound
    return found
