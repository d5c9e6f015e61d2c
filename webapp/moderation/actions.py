"""The only writers of reports and of the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from werkzeug.exceptions import Conflict, TooManyRequests

from webapp.circles.actions import members
from webapp.circles.models import Circle, Membership
from webapp.groups import actions as groups
from webapp.groups.models import GroupMember
from webapp.kit import clock, throttle
from webapp.kit.db import db, lock, put
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke
from webapp.moderation.events import CaseDecided, ThingReported
from webapp.moderation.models import Case, LogEntry, Report
from webapp.moderation.policy import moderators
from webapp.moderation.things import KINDS, Thing, thing_of

PACE = 10  # reports of a person in an hour
MUTE = timedelta(days=7)


class Decided(Conflict):
    """Somebody else decided about it meanwhile."""

    own_words = True
    description = N_("This report was decided already. Look at what became of it.")


class NotPossible(Conflict):
    """The outcome is none for this thing, or not any more."""

    own_words = True
    description = N_("That is not possible here any more. Look at it again and decide otherwise.")


# ---- reporting -------------------------------------------------------------------------------------------
def desks_for(thing: Thing) -> list[str]:
    """The desks to which this thing may be reported, the nearest first: those where somebody else than the reported
    one decides; the server's where there is no other."""
    found = [
        desk
        for desk in ("circle", "group", "organisation")
        if place_id(thing, desk) is not None and _moderated(thing, desk)
    ]
    return found or ["server"]


def place_id(thing: Thing, desk: str) -> int | None:
    """The circle, group or organisation of a desk."""
    places = {"circle": thing.circle, "group": thing.group}
    if desk == "organisation":
        return thing.organisation_id
    place = places.get(desk)
    return place.id if place is not None else None


def _moderated(thing: Thing, desk: str) -> bool:
    if desk == "group" and thing.group is not None and thing.group.archived_at is not None:
        return False  # nobody runs it any more
    who = moderators(desk, place_id(thing, desk), thing.identity.person_id)
    return db.session.execute(who.limit(1)).first() is not None


def report(viewer: Viewer, thing: Thing, desk: str, cause: str, words: str) -> Report:
    """Report a thing to a desk; reported twice, reported once. Raises TooManyRequests past the pace."""
    case = _open_case(thing, desk)
    if case is not None:
        mine = sa.select(Report).where(Report.case_id == case.id, Report.reporter_id == viewer.identity_id)
        if (known := db.session.scalar(mine)) is not None:
            return known
    if not throttle.take(f"reports:{viewer.person_id}", PACE, timedelta(hours=1)):
        raise TooManyRequests
    if case is None:
        case = _new_case(thing, desk)
    made = put(Report(case_id=case.id, reporter_id=viewer.identity_id, cause=cause, words=words))
    _say_queue(case)
    return made


def _open_case(thing: Thing, desk: str) -> Case | None:
    known = sa.select(Case).where(
        Case.kind == thing.kind, Case.item_id == thing.row.id, Case.desk == desk, Case.state == "open"
    )
    return db.session.scalar(known)


def _new_case(thing: Thing, desk: str) -> Case:
    case = put(
        Case(
            kind=thing.kind,
            item_id=thing.row.id,
            desk=desk,
            circle_id=thing.circle.id if thing.circle else None,
            group_id=thing.group.id if thing.group else None,
            organisation_id=thing.organisation_id,
            identity_id=thing.identity.id,
            person_id=thing.identity.person_id,
            state="open",
        )
    )
    emit_fact(ThingReported(case.id, desk, case.circle_id, case.group_id, case.organisation_id))
    return case


def _say_queue(case: Case) -> None:
    """The counters of the desk's moderators are out of date; nobody else hears of it."""
    places = {"circle": case.circle_id, "group": case.group_id, "organisation": case.organisation_id}
    place = places.get(case.desk)
    for identity_id, _person_id in db.session.execute(moderators(case.desk, place, case.person_id)).all():
        say_poke(f"viewer-{identity_id}", f"reports-{case.desk}-{place or 0}")


# ---- deciding --------------------------------------------------------------------------------------------
def outcomes(viewer: Viewer, case: Case, thing: Thing | None) -> list[str]:
    """What the viewer can decide about a case as things are."""
    found = ["dismissed"]
    if thing is None:
        return found
    if thing.stands and KINDS[thing.kind].hide is not None:
        found.append("hidden")
    found.append("warned")
    belonging = _belonging(case)
    if belonging is not None and _may_touch(viewer, case, belonging):
        found.append("muted")
        if belonging.role != "owner":
            found.append("removed")
    return found


def _belonging(case: Case) -> Membership | GroupMember | None:
    """How the reported one belongs to the circle or group of the case."""
    if case.circle_id is not None:
        here = sa.select(Membership).where(Membership.circle_id == case.circle_id, Membership.state == "active")
        return db.session.scalar(here.where(Membership.identity_id == case.identity_id))
    there = sa.select(GroupMember).where(GroupMember.group_id == case.group_id, GroupMember.state == "active")
    return db.session.scalar(there.where(GroupMember.identity_id == case.identity_id))


def _may_touch(viewer: Viewer, case: Case, belonging: Membership | GroupMember) -> bool:
    """By role, where the viewer decides in the circle or group itself; the other desks stand above its roles."""
    if case.desk not in ("circle", "group"):
        return True
    if isinstance(belonging, Membership):
        circle = db.session.get_one(Circle, belonging.circle_id)
        return members.own_row(circle, viewer.identity_id) is None or members.may_touch(viewer, circle, belonging)
    role = db.session.scalar(
        sa.select(GroupMember.role).where(
            GroupMember.group_id == belonging.group_id, GroupMember.identity_id == viewer.identity_id
        )
    )
    return role is None or role == "owner" or belonging.role == "member"


def decide(viewer: Viewer, case: Case, outcome: str, reason: str) -> None:
    """Settle a case, once. Raises Decided, or NotPossible where the thing changed meanwhile."""
    lock(case)
    if case.state != "open":
        raise Decided
    thing = thing_of(case.kind, case.item_id)
    if outcome not in outcomes(viewer, case, thing):
        raise NotPossible
    if thing is not None and outcome in _EFFECTS:
        _EFFECTS[outcome](viewer, case, thing, reason)
    case.state, case.reason = outcome, reason
    case.decided_by, case.decided_at = viewer.identity_id, clock.now()
    db.session.flush()
    _say_queue(case)
    emit_fact(
        CaseDecided(
            case_id=case.id,
            desk=case.desk,
            circle_id=case.circle_id,
            group_id=case.group_id,
            organisation_id=case.organisation_id,
            kind=case.kind,
            item_id=case.item_id,
            identity_id=case.identity_id,
            by_id=viewer.identity_id,
            outcome=outcome,
            reason=reason,
        )
    )


def _hide(viewer: Viewer, case: Case, thing: Thing, reason: str) -> None:
    hide = KINDS[thing.kind].hide
    assert hide is not None
    hide(viewer, lock(thing.row), reason)


def _mute(viewer: Viewer, case: Case, thing: Thing, reason: str) -> None:
    belonging, until = _belonging(case), clock.now() + MUTE
    if isinstance(belonging, Membership):
        members.silence(viewer, lock(belonging), until)
    elif belonging is not None:
        groups.mute(viewer, lock(belonging), until)


def _remove(viewer: Viewer, case: Case, thing: Thing, reason: str) -> None:
    belonging = _belonging(case)
    if isinstance(belonging, Membership):
        members.expel(viewer, lock(belonging))
    elif belonging is not None:
        groups.remove(viewer, lock(belonging))


_EFFECTS: dict[str, Callable[[Viewer, Case, Thing, str], None]] = {"hidden": _hide, "muted": _mute, "removed": _remove}


# ---- the log ---------------------------------------------------------------------------------------------
def note(entry: LogEntry) -> None:
    """Write down what a moderator did, in the transaction in which it was done."""
    put(entry)
