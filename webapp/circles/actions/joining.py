"""How an identity comes into a circle and out of it. `admit` is the one gate: every path goes through it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from webapp.accounts.models import Identity
from webapp.circles.admission import rule_for
from webapp.circles.events import JoinRequested, MemberJoined, MemberLeft, Moderated, RequestSettled
from webapp.circles.kinds import KINDS, party_of
from webapp.circles.models import Circle, Membership, Partner
from webapp.circles.past import seen_from
from webapp.kit import clock, throttle
from webapp.kit.db import db, lock, put, writing
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.kit.push import say_end, say_poke
from webapp.organisations.models import Organisation


class NotAdmitted(ValueError):
    """This identity cannot be in the circle; `words` (marked with N_) say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


REASONS = {
    "roster": N_("Only teachers, pupils and guardians whom the school has verified can be in this circle."),
    "organisation": N_("Only people of the organisation can be in this circle."),
    "partners": N_("Only the host’s staff and people of partner companies can be in this circle."),
    "anyone": N_("Pupils are in the circles of their school only."),
}
BANNED = N_("This circle has shut its door to you. Ask its owner.")
ARCHIVED = N_("This circle is archived; nobody comes in any more.")
ASKED_ONCE = N_("You have asked already. An administrator decides.")
CLOSED = N_("This circle cannot be joined this way. Ask a member for an invitation.")
NO_OFFICE = N_("This is for administrators, and you cannot administer this circle. Ask for a link for members.")
SENT_AWAY = ("removed", "banned", "refused")
OWNER_STAYS = N_("Hand the circle over first; then you can leave.")


def admit(
    circle: Circle,
    identity: Identity,
    *,
    role: str = "member",
    via: str = "",
    tag: str = "",
    by_id: int = 0,
    heir: bool = False,
) -> Membership:
    """Make the identity a member, or leave it one; `by_id` is who brings it in. Raises NotAdmitted; a pending request
    is settled by it.

    `heir`: it takes the circle over, so that neither the archive nor a ban that its owner said shuts it out.
    """
    party, company, tag = standing(circle, identity, tag, heir=heir)
    row = own_row(circle, identity.id)
    if row is not None and row.state == "active":
        return row
    if role != "member" and party not in KINDS[circle.kind].leads:
        raise NotAdmitted(NO_OFFICE)
    if row is not None and row.state == "banned" and not heir:
        raise NotAdmitted(BANNED)
    if row is None:
        row = Membership(circle_id=circle.id, identity_id=identity.id)
        db.session.add(row)
    waited = row.state == "requested"
    row.role, row.party, row.tag, row.company = role, party, tag, company
    row.state, row.via, row.read, row.joined_at = "active", via, circle.cards, clock.now()
    row.sees_from = seen_from(circle.past, row.joined_at)
    db.session.flush()  # a mute goes on: leaving and coming back does not end it
    emit_fact(MemberJoined(circle.id, identity.id, by_id))
    if waited:
        emit_fact(RequestSettled(circle.id, identity.id, "active", via))
    say_poke(f"circle-{circle.id}", f"members-{circle.id}")
    say_end(f"viewer-{identity.id}")  # their pages come back and follow the circle too
    return row


def standing(circle: Circle, identity: Identity, tag: str = "", *, heir: bool = False) -> tuple[str, str, str]:
    """(party, company, tag) of an identity in this circle. Raises NotAdmitted where it cannot be in it."""
    if circle.archived_at is not None and not heir:
        raise NotAdmitted(ARCHIVED)
    same = identity.organisation_id is not None and identity.organisation_id == circle.organisation_id
    partner = None
    if identity.organisation_id is not None and not same and KINDS[circle.kind].admits == "partners":
        partner = db.session.get(Partner, (circle.id, identity.organisation_id))
    party = party_of(circle.kind, identity.kind, same, partner.tag if partner else "")
    if party is None or identity.ended_at is not None:
        raise NotAdmitted(REASONS[KINDS[circle.kind].admits])
    company = ""
    if KINDS[circle.kind].admits == "partners" and identity.organisation_id is not None:
        company = db.session.get_one(Organisation, identity.organisation_id).name
    return party, company, partner.tag if partner else tag


def own_row(circle: Circle, identity_id: int) -> Membership | None:
    """The identity's row in this circle; locked where an action asks."""
    found = sa.select(Membership).where(Membership.circle_id == circle.id, Membership.identity_id == identity_id)
    row = db.session.scalars(found).first()
    return lock(row) if row is not None and writing() else row


def comes_in(circle: Circle, identity: Identity) -> str:
    """How this identity comes in by its own word, without waiting: "open", the name of a rule, or "" for not."""
    if circle.joining == "open":
        return "open"
    row = own_row(circle, identity.id)
    sent_away = row is not None and row.state in SENT_AWAY
    return "" if sent_away else rule_for(circle, identity)


def join(viewer: Viewer, circle: Circle, message: str = "", answers: Sequence[tuple[str, str]] = ()) -> Membership:
    """Come in where the circle is open or a rule of it lets them, ask where it decides. Raises NotAdmitted."""
    throttle.calm(viewer.person_id, "requests")
    identity = db.session.get_one(Identity, viewer.identity_id)
    if by := comes_in(circle, identity):
        return admit(circle, identity, via=by)
    if circle.joining != "request":
        raise NotAdmitted(CLOSED)
    return request_to_join(viewer, circle, message, answers=answers)


def request_to_join(
    viewer: Viewer, circle: Circle, message: str = "", via: str = "asked", answers: Sequence[tuple[str, str]] = ()
) -> Membership:
    """Ask to be admitted; asking twice is asking once. Raises NotAdmitted."""
    identity = db.session.get_one(Identity, viewer.identity_id)
    party, company, tag = standing(circle, identity)
    row = own_row(circle, identity.id)
    if row is not None and row.state == "banned":
        raise NotAdmitted(BANNED)
    if row is None:
        row = Membership(circle_id=circle.id, identity_id=identity.id)
    if row.state not in ("active", "requested"):
        row.party, row.company, row.tag, row.role = party, company, tag, "member"
        row.state, row.message, row.via, row.joined_at = "requested", message, via, clock.now()
        row.answers = [list(pair) for pair in answers]
        put(row)
        emit_fact(JoinRequested(circle.id, identity.id))
    say_poke(f"circle-{circle.id}", f"members-{circle.id}")
    return row


def withdraw(viewer: Viewer, row: Membership) -> None:
    """Take back one's own request; asking again is free."""
    leave_behind(row, "left")


def decide(viewer: Viewer, circle: Circle, row: Membership, admitted: bool) -> bool:
    """Admit or refuse a request; False when somebody decided before."""
    if row.state != "requested":
        return False
    if admitted:
        admit(circle, db.session.get_one(Identity, row.identity_id), via=row.via)
    else:
        leave_behind(row, "refused")
    emit_fact(Moderated(circle.id, viewer.identity_id, "admit" if admitted else "decline", row.identity_id))
    return True


def decide_all(viewer: Viewer, circle: Circle, admitted: bool, until: datetime) -> tuple[int, list[str]]:
    """Decide about everybody who asked by then. How many that were, and the reasons why others could not come in."""
    decided, refusals = 0, list[str]()
    for row in who_waits(circle, Membership.joined_at <= until):
        try:
            decided += decide(viewer, circle, row, admitted)
        except NotAdmitted as refused:
            refusals.append(refused.words)
    return decided, refusals


def who_waits(circle: Circle, *more: sa.ColumnElement[bool]) -> Sequence[Membership]:
    """The requests, oldest first, locked, with the identities that asked: in one statement, since they may be many."""
    asked = sa.select(Membership).where(Membership.circle_id == circle.id, Membership.state == "requested", *more)
    asked = asked.join(Membership.identity).options(contains_eager(Membership.identity)).order_by(Membership.id)
    asked = asked.with_for_update(of=Membership, key_share=True).execution_options(populate_existing=True)
    return db.session.scalars(asked).all()


def leave(viewer: Viewer, circle: Circle) -> None:
    """Leave. Raises NotAdmitted (with words) for the owner, who hands over first."""
    row = own_row(circle, viewer.identity_id)
    if row is None or row.state != "active":
        return
    if row.role == "owner":
        raise NotAdmitted(OWNER_STAYS)
    leave_behind(row, "left")


def leave_behind(row: Membership, state: str) -> None:
    """The membership is over; what the person wrote stays under their name."""
    was_member, waited = row.state == "active", row.state == "requested"
    row.state, row.role = state, "member"
    if was_member:
        emit_fact(MemberLeft(row.circle_id, row.identity_id))
        say_end(f"viewer-{row.identity_id}")
    if waited:
        db.session.flush()
        emit_fact(RequestSettled(row.circle_id, row.identity_id, state, row.via))
    say_poke(f"circle-{row.circle_id}", f"members-{row.circle_id}")
