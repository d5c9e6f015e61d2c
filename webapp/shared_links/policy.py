"""Who looks at a link and ends it, and whether it opens. Who makes one is the circle's affair (circle.share), and a
link gives what its circle lets out today."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from webapp.circles.models import Membership
from webapp.circles.policy import ADMINISTERS, membership, shares
from webapp.kit.policy import NOW, Viewer, rule
from webapp.shared_links.models import READ, SharedLink


class Rule(StrEnum):
    SHARED_READ = "shared.read"  # a link's own page: its figures, its end
    SHARED_REVOKE = "shared.revoke"


Maker = aliased(Membership)  # of the link's maker, whose right the link stands on


@rule(Rule.SHARED_READ, SharedLink)
def read(viewer: Viewer) -> ColumnElement[bool]:
    """Its maker, and who administers the circle."""
    own = sa.and_(SharedLink.made_by == viewer.identity_id, sa.literal(viewer.signed_in))
    return sa.or_(own, membership(viewer, SharedLink.circle_id, ADMINISTERS))


@rule(Rule.SHARED_REVOKE, SharedLink, see=Rule.SHARED_READ)
def revoke(viewer: Viewer) -> ColumnElement[bool]:
    return read(viewer)


def living(purpose: str = READ) -> ColumnElement[bool]:
    """For SharedLink joined with Circle: neither revoked nor expired; one for reading also needs a circle that still
    lets it out, and a maker who could still make it."""
    still = [SharedLink.purpose == purpose, SharedLink.revoked_at.is_(None), SharedLink.expires_at > NOW]
    if purpose == READ:
        maker = sa.exists().where(
            Maker.circle_id == SharedLink.circle_id,
            Maker.identity_id == SharedLink.made_by,
            Maker.state == "active",
            shares(Maker),
        )
        still.append(maker.correlate_except(Maker))
    return sa.and_(*still)
