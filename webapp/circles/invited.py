"""The invitations of a circle, and whom to ask for a new one."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.inviting import lives
from webapp.circles.models import Invitation, Membership
from webapp.kit.db import db


def invitations(circle_id: int, made_by: int | None = None) -> list[tuple[Invitation, bool]]:
    """The circle's links (or those that one member made), newest first, and whether each still opens."""
    query = sa.select(Invitation, lives()).where(Invitation.circle_id == circle_id)
    if made_by is not None:
        query = query.where(Invitation.made_by == made_by)
    return [(row, bool(open_)) for row, open_ in db.session.execute(query.order_by(Invitation.id.desc()).limit(50))]


def to_ask(invitation: Invitation) -> Identity | None:
    """Whom to ask for a new invitation: who made it, while they are in the circle; else its owner."""
    here = (Membership.circle_id == invitation.circle_id, Membership.state == "active")
    asked = sa.or_(Membership.identity_id == invitation.made_by, Membership.role == "owner")
    first = sa.case((Membership.identity_id == invitation.made_by, 0), else_=1)
    query = sa.select(Identity).join(Membership, Membership.identity_id == Identity.id).where(*here, asked)
    return db.session.scalars(query.order_by(first).limit(1)).first()
