"""A post as whoever has a link sees it: the text as it stands now, and no more of its people than that needs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity
from webapp.circles.models import Circle
from webapp.feed.labels import KINDS
from webapp.kit import text
from webapp.kit.db import db
from webapp.kit.i18n import N_, _
from webapp.posts.cards import address
from webapp.posts.models import Post
from webapp.posts.policy import Rule
from webapp.shared_links.subjects import subject

NAMELESS = ("pupil", "guardian")  # a guardian's title names the child


def lines(ids: list[int]) -> dict[int, str]:
    """How the posts begin; of those that are published."""
    rows = db.session.execute(sa.select(Post.id, Post.body).where(Post.id.in_(ids), Post.state == "published")).all()
    return {number: body[:120] for number, body in rows}


@subject(
    "post",
    model=Post,
    rule=Rule.POST_SHARE,
    title=N_("A shared post"),
    template="posts/_shared.html",
    address=address,
    circle_of=lambda post: post.circle_id,
    lines=lines,
)
def load(post_id: int) -> dict[str, Any] | None:
    """For `posts/_shared.html`; nothing of one that was hidden, deleted or never published."""
    found = db.session.execute(
        sa.select(Post, Circle)
        .join(Circle, Circle.id == Post.circle_id)
        .where(Post.id == post_id, Post.state == "published")
        .options(joinedload(Post.author))
    ).first()
    if found is None:
        return None
    post, circle = found
    author, role = _author(post.author)
    return {"post": post, "circle": circle, "author": author, "role": role, "body": text.rich(post.body)}


def _author(identity: Identity) -> tuple[str, str]:
    """(name, role) for strangers; children and their parents go without a name."""
    words = _(KINDS[identity.kind]) if identity.kind in KINDS else ""
    return (words, "") if identity.kind in NAMELESS else (identity.name, identity.title or words)
