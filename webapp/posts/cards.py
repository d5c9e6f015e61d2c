"""Posts as cards: how many are loaded at once, and what draws one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.circles.models import Membership
from webapp.feed.cards import card_kind
from webapp.feed.mentions import shown
from webapp.kit.db import db
from webapp.posts.models import Post


def address(post_id: int) -> str:
    return f"/posts/{post_id}"


def version(context: dict[str, Any]) -> object:
    """A renamed author or another company makes another body too."""
    post: Post = context["post"]
    author = post.author
    return post.version, post.state, post.at, author.name, author.title, author.kind, context["company"]


@card_kind("post", body="posts/_body.html", line="posts/_line.html", address=address, version=version)
def load(ids: list[int]) -> dict[int, dict[str, Any]]:
    """The contexts of `posts/_body.html` and `posts/_line.html`; a withdrawn post has a line only."""
    here = sa.and_(Membership.circle_id == Post.circle_id, Membership.identity_id == Post.author_id)
    found = db.session.execute(
        sa.select(Post, Membership.company)
        .outerjoin(Membership, here)
        .where(Post.id.in_(ids))
        .options(joinedload(Post.author))
    ).all()
    return {post.id: context(post, company) for post, company in found}


def context(post: Post, company: str | None) -> dict[str, Any]:
    """`shown` is called by the fragment, so that a kept body costs no second look at its text."""
    return {"post": post, "company": company or "", "shown": shown}
