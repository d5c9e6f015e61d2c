"""What links do when something happens in circles."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.circles.events import MemberLeft
from webapp.kit import clock
from webapp.kit.db import db
from webapp.kit.events import on
from webapp.shared_links.models import READ, SharedLink


@on(MemberLeft)
def end_links(fact: MemberLeft) -> None:
    """Who leaves a circle, or is removed, leaves no open link to it behind, though they come back."""
    theirs = (SharedLink.circle_id == fact.circle_id, SharedLink.made_by == fact.identity_id)
    living = (SharedLink.purpose == READ, SharedLink.revoked_at.is_(None))
    db.session.execute(sa.update(SharedLink).where(*theirs, *living).values(revoked_at=clock.now()))
