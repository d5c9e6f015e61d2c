"""Partner companies of a business circle: each side's administrators decide about their own people."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import leave_behind
from webapp.circles.actions.members import NotYours
from webapp.circles.events import Moderated
from webapp.circles.models import Circle, Membership, Partner
from webapp.kit.db import db, load
from webapp.kit.events import emit_fact
from webapp.kit.policy import Viewer


def take_out_own(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """A company's administrator takes one of its people out. Raises NotYours."""
    identity = db.session.get_one(Identity, row.identity_id)
    own = identity.organisation_id is not None and identity.organisation_id == viewer.organisation_id
    if not own or row.circle_id != circle.id or row.identity_id == viewer.identity_id or row.state != "active":
        raise NotYours
    leave_behind(row, "removed")
    emit_fact(Moderated(circle.id, viewer.identity_id, "remove", row.identity_id))


def end_partnership(viewer: Viewer, circle: Circle, organisation_id: int) -> int:
    """The company is in the circle no more, nor are its people; what they wrote stays. How many went."""
    partner = db.session.get(Partner, (circle.id, organisation_id))
    if partner is None:
        return 0
    db.session.delete(partner)
    people = db.session.scalars(
        sa.select(Membership.id)
        .join(Identity, Identity.id == Membership.identity_id)
        .where(
            Membership.circle_id == circle.id,
            Membership.state.in_(("active", "requested")),
            Identity.organisation_id == organisation_id,
        )
        .order_by(Membership.id)
    ).all()
    for number in people:
        row = load(Membership, number)
        assert row is not None
        own = viewer.organisation_id == organisation_id
        leave_behind(row, "left" if own else "removed")
        if not own:
            emit_fact(Moderated(circle.id, viewer.identity_id, "remove", row.identity_id))
    return len(people)
