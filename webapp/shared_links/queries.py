"""Which link a token opens, and the links that somebody looks after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity
from webapp.circles.models import Circle
from webapp.kit import ids
from webapp.kit.db import db
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer
from webapp.shared_links import subjects
from webapp.shared_links.models import READ, SharedLink
from webapp.shared_links.policy import living
from webapp.shared_links.subjects import Subject

SIZE = 30


@dataclass(frozen=True)
class OpenLink:
    """A link that opens, with what it shows as that stands now."""

    link: SharedLink
    circle: Circle
    subject: Subject
    shared: dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """One link in a list."""

    link: SharedLink
    circle: Circle
    maker: Identity
    opens: bool  # whether it opens today
    line: str  # what it shows; empty where that is gone

    @property
    def id(self) -> int:
        return self.link.id


def find_link(token: str, purpose: str = READ) -> tuple[SharedLink, Circle] | None:
    """The link of this token and its circle, while it opens. Wrong, expired and revoked cost the same one look."""
    found = db.session.execute(
        sa.select(SharedLink, Circle)
        .join(Circle, Circle.id == SharedLink.circle_id)
        .where(SharedLink.token_hash == ids.digest(token), living(purpose))
    ).first()
    return (found[0], found[1]) if found else None


def open_link(token: str) -> OpenLink | None:
    """What this token shows for reading, or None where it shows nothing (any more)."""
    found = find_link(token)
    subject = subjects.find(found[0].kind) if found else None
    if found is None or subject is None:
        return None
    link, circle = found
    shared = subject.load(link.item_id)
    return OpenLink(link, circle, subject, shared) if shared is not None else None


def links_of_circle(circle_id: int, before: int | None) -> Page[Listed]:
    """Every link into the circle, newest first, for who administers it."""
    return _listed(SharedLink.circle_id == circle_id, before)


def links_of(viewer: Viewer, before: int | None) -> Page[Listed]:
    """The links that this identity made."""
    return _listed(SharedLink.made_by == viewer.identity_id, before)


def links_to(viewer: Viewer, kind: str, item_id: int) -> Sequence[Listed]:
    """Those that this identity made to one thing and that open."""
    mine = (SharedLink.made_by == viewer.identity_id, SharedLink.kind == kind, SharedLink.item_id == item_id)
    return _listed(sa.and_(*mine, living()), None).items


def one_listed(link_id: int) -> Listed:
    """One link as lists have it; the caller has asked its rule."""
    return _listed(SharedLink.id == link_id, None).items[0]


def _listed(where: sa.ColumnElement[bool], before: int | None) -> Page[Listed]:
    bound = SharedLink.id < before if before is not None else sa.true()
    rows = db.session.execute(
        sa.select(SharedLink, Circle, Identity, living().label("opens"))
        .join(Circle, Circle.id == SharedLink.circle_id)
        .join(Identity, Identity.id == SharedLink.made_by)
        .where(where, bound)
        .options(joinedload(Identity.person))
        .order_by(SharedLink.id.desc())
        .limit(SIZE + 1)
    ).all()
    lines = subjects.lines_of([(link.kind, link.item_id) for link, *_more in rows])
    listed = [
        Listed(link, circle, maker, bool(opens), lines.get((link.kind, link.item_id), ""))
        for link, circle, maker, opens in rows
    ]
    return page(listed, SIZE)
