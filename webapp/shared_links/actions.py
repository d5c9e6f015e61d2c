"""The only writers of links."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.exceptions import TooManyRequests

from webapp.circles.models import Circle
from webapp.kit import clock, ids, throttle
from webapp.kit.db import db, is_postgresql, put
from webapp.kit.policy import Viewer
from webapp.shared_links.models import READ, LinkUse, SharedLink

A_DAY = 100  # links that a person makes
CODE = 6  # letters of a code
TRIES, TRIES_OF_ALL = 5, 50  # of a code: in a quarter of an hour from one address, in a day from all


def token_of(secret: str, link: SharedLink) -> str:
    """The link's secret part: 132 bits, made again whenever its maker is shown it, stored nowhere."""
    return ids.derived(secret, "shared-link", link.nonce)


def code_of(secret: str, link: SharedLink) -> str:
    """The code that is asked before, or "" where none is."""
    return ids.derived_code(secret, "shared-link-code", link.nonce, length=CODE) if link.code_hash else ""


def _code_hash(secret: str, nonce: str, code: str) -> str:
    return ids.derived(secret, "shared-link-code-is", nonce, ids.typed_code(code))


def make_link(
    viewer: Viewer,
    circle: Circle,
    secret: str,
    *,
    kind: str,
    item_id: int,
    expires_at: datetime,
    client_id: str,
    coded: bool = False,
    purpose: str = READ,
) -> SharedLink:
    """A link to one thing of the circle; sent twice, made once. Raises TooManyRequests."""
    sent = sa.select(SharedLink).where(SharedLink.made_by == viewer.identity_id, SharedLink.client_id == client_id)
    if (known := db.session.scalar(sent)) is not None:
        return known
    if not throttle.take(f"links:{viewer.person_id}", A_DAY, timedelta(days=1)):
        raise TooManyRequests
    link = SharedLink(
        purpose=purpose,
        kind=kind,
        item_id=item_id,
        circle_id=circle.id,
        nonce=secrets.token_hex(16),
        expires_at=expires_at,
        made_by=viewer.identity_id,
        client_id=client_id,
        code_hash="",
        opens=0,
    )
    link.token_hash = ids.digest(token_of(secret, link))
    if coded:
        code = ids.derived_code(secret, "shared-link-code", link.nonce, length=CODE)
        link.code_hash = _code_hash(secret, link.nonce, code)
    return put(link)


def revoke_link(viewer: Viewer, link: SharedLink) -> None:
    """It opens nothing from now on; revoked twice is revoked once."""
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = clock.now(), viewer.identity_id


def try_code(link: SharedLink, secret: str, code: str, address: str) -> bool:
    """Whether this is the link's code. Every try counts. Raises TooManyRequests."""
    here, of_all = f"link-code:{link.id}:{address}", f"link-code:{link.id}"
    if throttle.full(of_all, TRIES_OF_ALL) or not throttle.take(here, TRIES, timedelta(minutes=15)):
        raise TooManyRequests
    right = hmac.compare_digest(_code_hash(secret, link.nonce, code), link.code_hash)
    if not right:
        throttle.take(of_all, TRIES_OF_ALL, timedelta(days=1))
    return right


def note_use(link_id: int, what: str, by: str) -> None:
    """Write into the use log what somebody did, once; a first opening moves the count."""
    make: Any = postgresql.insert if is_postgresql(db.session.connection()) else sqlite.insert
    row = make(LinkUse).values(link_id=link_id, what=what, by=by, at=clock.now()).on_conflict_do_nothing()
    first = db.session.scalar(row.returning(LinkUse.link_id)) is not None
    if first and what == "opened":
        more = sa.update(SharedLink).where(SharedLink.id == link_id).values(opens=SharedLink.opens + 1)
        db.session.execute(more)
