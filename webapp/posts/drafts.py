"""What somebody has begun to write: kept on the server, one text for each identity and circle."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.kit import clock, text
from webapp.kit.db import db, is_postgresql
from webapp.kit.policy import Viewer, granted
from webapp.posts.models import Post, PostDraft

SHOWN = 100  # drafts on one page


def keep_draft(viewer: Viewer, circle: Circle, body: str, client_id: str) -> None:
    """Keep the text in the place of what was there; a blank one is none. What was posted meanwhile (`client_id` names
    its form) is not kept again."""
    sent = sa.exists().where(Post.author_id == viewer.identity_id, Post.client_id == client_id)
    if text.is_blank(body) or db.session.scalar(sa.select(sent)):
        drop_draft(viewer, circle.id)
        return
    values = {"who": viewer.identity_id, "where": circle.id, "words": body, "now": clock.now()}
    db.session.execute(_keep(is_postgresql(db.session.connection())), values)


def drop_draft(viewer: Viewer, circle_id: int) -> None:
    """There is nothing begun any more."""
    own = PostDraft.identity_id == viewer.identity_id, PostDraft.circle_id == circle_id
    db.session.execute(sa.delete(PostDraft).where(*own), execution_options={"synchronize_session": False})


@lru_cache(maxsize=2)
def _keep(on_postgresql: bool) -> sa.Executable:
    make: Any = postgresql.insert if on_postgresql else sqlite.insert
    body: Any = sa.bindparam("words")
    now: Any = sa.bindparam("now", type_=sa.DateTime())
    who: Any = sa.bindparam("who")
    put = make(PostDraft.__table__).values(identity_id=who, circle_id=sa.bindparam("where"), body=body, at=now)
    kept: sa.Executable = put.on_conflict_do_update(
        index_elements=["identity_id", "circle_id"], set_={"body": body, "at": now}
    )
    return kept


def draft_in(viewer: Viewer, circle_id: int) -> str:
    """What this viewer has begun to write in the circle."""
    own = PostDraft.identity_id == viewer.identity_id, PostDraft.circle_id == circle_id
    return db.session.scalar(sa.select(PostDraft.body).where(*own)) or ""


def drafts(viewer: Viewer) -> Sequence[tuple[PostDraft, Circle, bool]]:
    """Each draft with its circle, and whether one may still post there; newest first."""
    rows = db.session.execute(
        sa.select(PostDraft, Circle, granted(CircleRule.CIRCLE_POST, viewer))
        .join(Circle, Circle.id == PostDraft.circle_id)
        .where(PostDraft.identity_id == viewer.identity_id)
        .order_by(PostDraft.at.desc())
        .limit(SHOWN)
    )
    return [(draft, circle, bool(open_)) for draft, circle, open_ in rows]
