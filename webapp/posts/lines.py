"""What stands above a circle's feed: what waits, and the composer with what was begun."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ScalarSelect

from webapp.circles.queries import Header
from webapp.feed.above import Stand, above_feed
from webapp.kit.db import db
from webapp.kit.policy import Viewer
from webapp.posts.models import Post, PostDraft, PostPlace, PostReceipt

Figures = dict[str, ScalarSelect[Any]]


def _count(stand: Stand, states: tuple[str, ...], *more: Any) -> ScalarSelect[Any]:
    """Posts that are in one of these states in the circle: it is their first one, or a further one."""
    rows = sa.select(Post.id).where(Post.circle_id == stand.circle_id, Post.state.in_(states), *more)
    further = sa.select(Post.id).join(PostPlace, PostPlace.post_id == Post.id)
    further = further.where(PostPlace.circle_id == stand.circle_id, PostPlace.state.in_(states), *more)
    both = sa.union_all(rows, further.where(Post.state != "deleted")).subquery()
    return sa.select(sa.func.count()).select_from(both).scalar_subquery()


@above_feed("posts/_waiting_line.html")
def waiting_line(viewer: Viewer, stand: Stand) -> Figures | None:
    """Moderators: what waits for them. Authors: what of theirs waits, was refused or hidden, or comes later."""
    if not stand.member:
        return None
    own = Post.author_id == viewer.identity_id
    later = {state: _count(stand, (state,), own) for state in ("scheduled", "held")}
    if stand.moderates:
        return {"queue": _count(stand, ("waiting",)), **later}
    waits, refused = _count(stand, ("waiting",), own), _count(stand, ("refused", "hidden"), own)
    return {"waiting": waits, "refused": refused, **later}


def waiting_figures(viewer: Viewer, header: Header) -> dict[str, int]:
    """The figures of that line, by themselves."""
    return _alone(waiting_line(viewer, Stand.of(header)))


def must_figures(viewer: Viewer, header: Header) -> dict[str, int]:
    return _alone(must_line(viewer, Stand.of(header)))


def _alone(columns: Figures | None) -> dict[str, int]:
    if not columns:
        return {}
    told = db.session.execute(sa.select(*(each.label(name) for name, each in columns.items()))).one()
    return dict(told._mapping)


@above_feed("posts/_must_line.html")
def must_line(viewer: Viewer, stand: Stand) -> Figures | None:
    """How many must-read posts this member has not read yet."""
    if not stand.member:
        return None
    unread = unread_ids(viewer, stand.circle_id).subquery()
    return {"unread": sa.select(sa.func.count()).select_from(unread).scalar_subquery()}


def unread_ids(viewer: Viewer, circle_id: Any) -> Any:
    """The circle's must-read posts that this viewer has not read yet; one's own are read."""
    read = sa.exists().where(PostReceipt.post_id == Post.id, PostReceipt.identity_id == viewer.identity_id)
    must = sa.select(Post.id).where(Post.must_read, Post.author_id != viewer.identity_id, sa.not_(read))
    own = must.where(Post.circle_id == circle_id, Post.state == "published")
    further = must.join(PostPlace, PostPlace.post_id == Post.id).where(
        PostPlace.circle_id == circle_id, PostPlace.state == "published", Post.state != "deleted"
    )
    return sa.union_all(own.correlate(None), further.correlate(None))


@above_feed("posts/_composer.html")
def composer(viewer: Viewer, stand: Stand) -> Figures | None:
    """The form for a post, with the draft of this viewer."""
    if not stand.may_post:
        return None
    own = PostDraft.identity_id == viewer.identity_id, PostDraft.circle_id == stand.circle_id
    return {"draft": sa.select(PostDraft.body).where(*own).correlate(None).scalar_subquery()}
