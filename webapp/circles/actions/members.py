"""What administrators do with members."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import admit, leave_behind, own_row
from webapp.circles.models import Circle, Membership
from webapp.kit.db import db
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke


class NotYours(ValueError):
    """An administrator acts on members only; the owner on administrators too; nobody on the owner."""


def may_touch(viewer: Viewer, circle: Circle, row: Membership) -> bool:
    """Whether the viewer's role is above the row's."""
    own = own_row(circle, viewer.identity_id)
    if own is None or own.state != "active" or row.identity_id == viewer.identity_id or row.role == "owner":
        return False
    return own.role == "owner" or row.role == "member"


def _touch(viewer: Viewer, circle: Circle, row: Membership) -> None:
    if not may_touch(viewer, circle, row):
        raise NotYours


def remove(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """Take a member out; they may come back by any way that is open. Raises NotYours."""
    _touch(viewer, circle, row)
    leave_behind(row, "removed")


def ban(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """Take out and keep out. Raises NotYours."""
    _touch(viewer, circle, row)
    leave_behind(row, "banned")


def unban(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """They may ask or be invited again."""
    if row.state == "banned":
        row.state = "removed"


def mute(viewer: Viewer, circle: Circle, row: Membership, until: datetime | None) -> None:
    """They read and do not write until then; None lets them write again. Raises NotYours."""
    _touch(viewer, circle, row)
    row.muted_until = until
    say_poke(f"circle-{circle.id}", f"members-{circle.id}")


def appoint(viewer: Viewer, circle: Circle, row: Membership, role: str) -> None:
    """Make a member an administrator, or an administrator a member. Only the owner's action. Raises NotYours."""
    _touch(viewer, circle, row)
    if row.state != "active" or (row.party in ("student", "parent", "partner", "customer") and circle.kind == "class"):
        raise NotYours
    row.role = role
    say_poke(f"circle-{circle.id}", f"members-{circle.id}")


def hand_over(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """The row's person owns the circle now, the viewer administers it. Raises NotYours."""
    own = own_row(circle, viewer.identity_id)
    if own is None or own.role != "owner" or row.state != "active" or row.id == own.id:
        raise NotYours
    if circle.kind == "class" and row.party != "teacher":
        raise NotYours
    own.role, row.role = "admin", "owner"
    say_poke(f"circle-{circle.id}", f"members-{circle.id}")


def pick(viewer: Viewer, circle: Circle, identity: Identity) -> Membership:
    """Bring in somebody from the organisation. Raises NotAdmitted."""
    return admit(circle, identity, via="picked")


def end_everywhere(identity_id: int, organisation_id: int) -> None:
    """An organisation ended an identity: it leaves every circle in which it stood by that organisation."""
    rows = db.session.scalars(
        sa.select(Membership).where(
            Membership.identity_id == identity_id, Membership.state.in_(("active", "requested"))
        )
    ).all()
    for row in rows:
        _pass_on(row)
        leave_behind(row, "left")


def _pass_on(row: Membership) -> None:
    """An owner who goes leaves the circle to the longest-serving administrator, else teacher or member."""
    if row.role != "owner":
        return
    first = sa.case((Membership.role == "admin", 0), (Membership.party.in_(("teacher", "staff")), 1), else_=2)
    heir = db.session.scalars(
        sa.select(Membership)
        .where(Membership.circle_id == row.circle_id, Membership.state == "active", Membership.id != row.id)
        .order_by(first, Membership.joined_at, Membership.id)
        .limit(1)
    ).first()
    if heir is not None:
        heir.role = "owner"


__all__ = [
    "NotYours", "appoint", "ban", "end_everywhere", "hand_over", "may_touch", "mute", "pick", "remove", "unban",
]  # fmt: skip
