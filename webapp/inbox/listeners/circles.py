"""Coming into circles, what one is there, and who asks to come in."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.circles.events import JoinRequested, MemberJoined, MemberLeft, RequestSettled, RoleChanged
from webapp.circles.models import Membership
from webapp.inbox.actions import Thing, keep_people, lines_of, tell, tell_again, withdraw
from webapp.inbox.audience import among, moderators
from webapp.inbox.kinds import in_circle, kind, moderates, to_circle
from webapp.inbox.models import InboxLine
from webapp.kit.db import db
from webapp.kit.events import on
from webapp.kit.i18n import N_
from webapp.organisations.events import IdentityEnded

kind(
    "request",
    words=N_("{who} would like to join {place}"),
    symbol="people",
    chip="other",
    address=lambda line: f"/circles/{line.circle_id}/members",
    see=moderates,
    waits=True,
)
kind("admitted", words=N_("You are in {place} now"), symbol="check", chip="other", address=to_circle, see=in_circle)
kind(
    "declined",
    words=N_("Your request to join {place} was refused"),
    symbol="close",
    chip="other",
    address=lambda _line: "/circles",
    see=lambda _viewer: sa.true(),  # it says no more than what was asked
)
kind(
    "brought",
    words=N_("{who} brought you into {place}"),
    symbol="plus",
    chip="other",
    address=to_circle,
    see=in_circle,
)
kind(
    "appointed",
    words=N_("You administer {place} now"),
    symbol="shield",
    chip="other",
    address=to_circle,
    see=in_circle,
)
kind(
    "dismissed",
    words=N_("You no longer administer {place}"),
    symbol="shield",
    chip="other",
    address=to_circle,
    see=in_circle,
)
kind(
    "owner",
    words=N_("{place} is in your hands now"),
    symbol="shield",
    chip="other",
    address=to_circle,
    see=in_circle,
)
ROLES = {"owner": "owner", "admin": "appointed", "member": "dismissed"}


def _coming(name: str, circle_id: int, by_id: int = 0) -> Thing:
    return Thing(name, f"circle-{circle_id}-in", circle_id=circle_id, people=[by_id] if by_id else [])


@on(MemberJoined)
def member_joined(fact: MemberJoined) -> None:
    withdraw(InboxLine.subject == f"circle-{fact.circle_id}-in", InboxLine.identity_id == fact.identity_id)
    if fact.by_id not in (0, fact.identity_id):
        tell(_coming("brought", fact.circle_id, fact.by_id), [fact.identity_id])


@on(MemberLeft)
def member_left(fact: MemberLeft) -> None:
    """Who is not in the circle any more has nothing of it in the inbox."""
    withdraw(InboxLine.identity_id == fact.identity_id, InboxLine.circle_id == fact.circle_id)


@on(JoinRequested)
def join_requested(fact: JoinRequested) -> None:
    tell_again(_requests(fact.circle_id), among(moderators(fact.circle_id), ()))


@on(RequestSettled)
def request_settled(fact: RequestSettled) -> None:
    """Those who decide have one fewer; who asked hears the answer, unless they came in by a link themselves."""
    thing = _requests(fact.circle_id)
    for line in lines_of(InboxLine.subject == thing.subject):
        keep_people(line, thing.people, 0)
    if fact.state == "active" and not fact.via.startswith("invitation"):
        tell_again(_coming("admitted", fact.circle_id), [fact.identity_id])
    elif fact.state in ("refused", "banned"):
        tell_again(_coming("declined", fact.circle_id), [fact.identity_id])


@on(RoleChanged)
def role_changed(fact: RoleChanged) -> None:
    """They are told; and what waits for those who decide is with those who decide now."""
    subject, people = f"circle-{fact.circle_id}-role", [fact.by_id] if fact.by_id else []
    if fact.by_id != fact.identity_id:
        tell_again(Thing(ROLES[fact.role], subject, circle_id=fact.circle_id, people=people), [fact.identity_id])
    thing, deciding = _requests(fact.circle_id), moderators(fact.circle_id)
    withdraw(InboxLine.subject == thing.subject, InboxLine.identity_id.not_in(deciding))
    if thing.people:
        tell(thing, among(deciding, ()))


def _requests(circle_id: int) -> Thing:
    """Who asks to join the circle, the latest last."""
    asking = (Membership.circle_id == circle_id, Membership.state == "requested")
    order = (Membership.joined_at, Membership.id)
    people = db.session.scalars(sa.select(Membership.identity_id).where(*asking).order_by(*order)).all()
    return Thing("request", f"requests-{circle_id}", circle_id=circle_id, people=people)


@on(IdentityEnded)
def identity_ended(fact: IdentityEnded) -> None:
    withdraw(InboxLine.identity_id == fact.identity_id)
