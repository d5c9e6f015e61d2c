"""What administrators do with members."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import NotAdmitted, admit, leave_behind, own_row
from webapp.circles.events import Moderated, RoleChanged
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle, Membership
from webapp.kit import clock
from webapp.kit.db import db
from webapp.kit.events import emit_fact
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
    if row.state == "banned":
        raise NotYours
    leave_behind(row, "removed")
    _note(viewer, row, "remove")


def ban(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """Take out and keep out. Raises NotYours."""
    _touch(viewer, circle, row)
    leave_behind(row, "banned")
    _note(viewer, row, "ban")


def unban(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """They may ask or be invited again."""
    if row.state == "banned":
        row.state = "removed"
        _note(viewer, row, "unban")


def mute(viewer: Viewer, circle: Circle, row: Membership, until: datetime | None) -> None:
    """They read and do not write until then; None lets them write again. Raises NotYours."""
    _touch(viewer, circle, row)
    silence(viewer, row, until)


def silence(viewer: Viewer, row: Membership, until: datetime | None) -> None:
    """The same by a decision that needs no role in the circle: the organisation's, about a report."""
    row.muted_until = until
    say_poke(f"circle-{row.circle_id}", f"members-{row.circle_id}")
    _note(viewer, row, "mute" if until else "unmute")


def expel(viewer: Viewer, row: Membership) -> None:
    """Take a member out by such a decision. Raises NotYours for the owner, after whom somebody has to come."""
    if row.state != "active" or row.role == "owner":
        raise NotYours
    leave_behind(row, "removed")
    _note(viewer, row, "remove")


def appoint(viewer: Viewer, circle: Circle, row: Membership, role: str) -> None:
    """Make a member an administrator, or an administrator a member. Only the owner's action. Raises NotYours."""
    _touch(viewer, circle, row)
    if row.state != "active" or (role != "member" and row.party not in KINDS[circle.kind].leads):
        raise NotYours
    if row.role != role:
        row.role = role
        _say_role(row, viewer.identity_id)
    say_poke(f"circle-{circle.id}", f"members-{circle.id}")
    _note(viewer, row, "appoint" if role == "admin" else "dismiss")


def hand_over(viewer: Viewer, circle: Circle, row: Membership) -> None:
    """The row's person owns the circle now, the viewer administers it. Raises NotYours."""
    own = own_row(circle, viewer.identity_id)
    if own is None or own.role != "owner" or row.state != "active" or row.id == own.id:
        raise NotYours
    if row.party not in KINDS[circle.kind].leads:
        raise NotYours
    own.role, row.role = "admin", "owner"
    _say_role(row, viewer.identity_id)
    say_poke(f"circle-{circle.id}", f"members-{circle.id}")
    _note(viewer, row, "hand_over")


def _note(viewer: Viewer, row: Membership, act: str) -> None:
    db.session.flush()
    emit_fact(Moderated(row.circle_id, viewer.identity_id, act, row.identity_id))


def pick(viewer: Viewer, circle: Circle, identity: Identity) -> Membership:
    """Bring in somebody from the organisation. Raises NotAdmitted."""
    return admit(circle, identity, via="picked", by_id=viewer.identity_id)


def _say_role(row: Membership, by_id: int = 0) -> None:
    db.session.flush()
    emit_fact(RoleChanged(row.circle_id, row.identity_id, row.role, by_id))


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
    """An owner who goes leaves the circle to the longest-serving administrator, else to another member who may lead
    it, else to whoever runs the organisation. It falls to no pupil and no partner."""
    if row.role != "owner":
        return
    circle = db.session.get_one(Circle, row.circle_id)
    leads = KINDS[circle.kind].leads
    heir = db.session.scalars(
        sa.select(Membership)
        .where(
            Membership.circle_id == circle.id,
            Membership.state == "active",
            Membership.id != row.id,
            Membership.party.in_(leads),
        )
        .order_by(Membership.role != "admin", Membership.joined_at, Membership.id)
        .limit(1)
    ).first()
    if heir is not None:
        heir.role = "owner"
        _say_role(heir)
    else:
        _to_organisation(circle, row.identity_id)


def _to_organisation(circle: Circle, gone: int) -> None:
    """Its owner, else an administrator, takes the circle, archived or not. Where none of them can be in it, it rests:
    nobody comes into a circle that nobody runs, and who runs the organisation later may take it over."""
    run = sa.select(Identity).where(
        Identity.organisation_id == circle.organisation_id,
        Identity.power.in_(("owner", "admin")),
        Identity.ended_at.is_(None),
        Identity.id != gone,
    )
    for identity in db.session.scalars(run.order_by(Identity.power != "owner", Identity.id)):
        try:
            _inherit(circle, identity)
            return
        except NotAdmitted:
            continue
    circle.archived_at = circle.archived_at or clock.now()
    say_poke(f"circle-{circle.id}", f"circle-{circle.id}")


def _inherit(circle: Circle, identity: Identity) -> None:
    row = admit(circle, identity, role="owner", via="inherited", heir=True)
    row.role = "owner"
    _say_role(row)


def take_over(viewer: Viewer, circle: Circle) -> None:
    """Somebody who runs the organisation takes its circle that nobody owns. Raises NotAdmitted."""
    _inherit(circle, db.session.get_one(Identity, viewer.identity_id))


__all__ = [
    "NotYours", "appoint", "ban", "end_everywhere", "expel", "hand_over", "may_touch", "mute", "pick", "remove",
    "silence", "take_over", "unban",
]  # fmt: skip
