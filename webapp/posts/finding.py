"""How posts are found. Whether a waiting or a hidden one may be read is the rule's affair."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.circles.models import Circle
from webapp.feed.labels import role_words
from webapp.kit.db import db
from webapp.kit.finding import Hit, Rows, findable
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.posts.models import Post
from webapp.posts.policy import Rule


def texts() -> Rows:
    columns = (Post.id, Post.body.label("text"), Post.at, Post.circle_id.label("place_id"), Post.author_id)
    return sa.select(*columns).where(Post.state != "deleted")


@findable(
    "post",
    Post,
    Rule.POST_READ,
    N_("Posts"),
    texts=texts,
    place="circle",
    tab=1,
    watched={Post: ("body", "state", "at")},
)
def load(viewer: Viewer, ids: list[int]) -> dict[int, Hit]:
    rows = sa.select(Post, Circle).join(Circle, Circle.id == Post.circle_id).where(Post.id.in_(ids))
    return {
        post.id: Hit(
            address=f"/posts/{post.id}",
            title=post.author.name,
            role=role_words(post.author),
            text=post.body,
            where=circle.name,
            at=post.at,
            ring=post.author.initials,
            look="p t" if post.author.teaches else "p",
        )
        for post, circle in db.session.execute(rows.options(joinedload(Post.author)))
    }
