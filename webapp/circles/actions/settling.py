"""How people come in is set anew: what waits is settled by it, and what members see of the past follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import CLOSED, NotAdmitted, admit, comes_in, leave_behind, who_waits
from webapp.circles.models import Circle, Membership
from webapp.circles.past import Past, seen_from
from webapp.kit.db import db
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke

WHOLE = Past()


@dataclass(frozen=True)
class Settled:
    """What became of those who waited: in, refused, still waiting for somebody's word."""

    admitted: int = 0
    refused: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Admission:
    """How people come in, beside the circle's way of joining."""

    questions: Sequence[str] = ()
    verified: bool = False
    linked: bool = False
    past: Past = WHOLE


def set_admission(viewer: Viewer, circle: Circle, admission: Admission) -> Settled:
    """Set the questions, the rules that admit and what newcomers see; whom a rule lets in now comes in."""
    circle.questions = list(admission.questions)
    circle.admits_verified, circle.admits_linked = admission.verified, admission.linked
    if circle.past != admission.past:
        _set_past(circle, admission.past)
    say_poke(f"circle-{circle.id}", f"circle-{circle.id}")
    return settle(circle)


def settle(circle: Circle) -> Settled:
    """Admit whom the circle's way of joining or one of its rules lets in by now, refuse all where it hides."""
    if circle.archived_at is not None:
        return Settled()
    fates = [_settle_one(circle, row) for row in who_waits(circle)]
    return Settled(fates.count("active"), fates.count("refused"), fates.count("requested"))


def _settle_one(circle: Circle, row: Membership) -> str:
    """The state in which the request is afterwards."""
    identity = db.session.get_one(Identity, row.identity_id)
    try:
        if circle.joining == "hidden":
            raise NotAdmitted(CLOSED)
        if comes_in(circle, identity):
            admit(circle, identity, via=row.via)
    except NotAdmitted:
        leave_behind(row, "refused")
    return row.state


def _set_past(circle: Circle, past: Past) -> None:
    """Every membership's moment is made anew."""
    circle.history, circle.history_since, circle.history_days = past.rule, past.since, past.days
    inside = (Membership.circle_id == circle.id, Membership.state == "active")
    rows = db.session.execute(sa.select(Membership.id, Membership.joined_at).where(*inside)).all()
    moments = [{"id": number, "sees_from": seen_from(past, joined)} for number, joined in rows]
    db.session.execute(sa.update(Membership), moments)
    db.session.expire_all()
