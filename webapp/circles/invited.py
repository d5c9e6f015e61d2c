"""The invitations of a circle, and whom to ask for a new one."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.models import Invitation, Membership
from webapp.kit.db import db
from webapp.kit.policy import Viewer


def invitations(circle_id: int) -> Sequence[Invitation]:
    """The circle's links, newest first."""
    query = sa.select(Invitation).where(Invitation.circle_id == circle_id).order_by(Invitation.id.desc()).limit(50)
    return db.session.scalars(query).all()


def own_invitations(viewer: Viewer, circle_id: int) -> Sequence[Invitation]:
    """The links that this member made."""
    return [row for row in invitations(circle_id) if row.made_by == viewer.identity_id]


def to_ask(invitation: Invitation) -> Identity | None:
    """Whom to ask for a new invitation: who made it, while they are in the circle; else its owner."""
    here = (Membership.circle_id == invitation.circle_id, Membership.state == "active")
    asked = sa.or_(Membership.identity_id == invitation.made_by, Membership.role == "owner")
    first = sa.case((Membership.identity_id == invitation.made_by, 0), else_=1)
    query = sa.select(Identity).join(Membership, Membership.identity_id == Identity.id).where(*here, asked)
    return db.session.scalars(query.order_by(first).limit(1)).first()
