"""What pages of reports and of the log need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ScalarSelect
from sqlalchemy.orm import joinedload

from webapp.feed.above import Stand, above_feed
from webapp.kit.db import db
from webapp.kit.pages import Page, page
from webapp.kit.policy import Viewer, allowed
from webapp.moderation.models import Case, LogEntry, Report
from webapp.moderation.policy import Rule, sent_to
from webapp.moderation.things import KINDS as THINGS
from webapp.moderation.things import Line, Thing, thing_of

QUEUE = 100  # cases shown at once
LOG = 50  # entries a page
MINE = 50


# ---- the queue -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Waiting:
    """An open case in its queue."""

    case: Case
    thing: Thing | None
    reports: int


def queue(viewer: Viewer, desk: str, place_id: int | None) -> list[Waiting]:
    """What waits at a desk for this viewer's decision, oldest first."""
    many = sa.select(sa.func.count()).where(Report.case_id == Case.id).correlate(Case).scalar_subquery()
    found = db.session.execute(
        sa.select(Case, many)
        .where(Case.state == "open", sent_to(desk, place_id), allowed(Rule.CASE_DECIDE, viewer))
        .options(joinedload(Case.identity))
        .order_by(Case.id)
        .limit(QUEUE)
    ).all()
    return [Waiting(case, thing_of(case.kind, case.item_id), reports) for case, reports in found]


def waiting(viewer: Viewer, desk: str, place_id: int | None) -> int:
    """How many wait there for this viewer."""
    return db.session.scalar(sa.select(_count(viewer, desk, place_id))) or 0


def _count(viewer: Viewer, desk: str, place_id: Any) -> ScalarSelect[Any]:
    here = (Case.state == "open", sent_to(desk, place_id), allowed(Rule.CASE_DECIDE, viewer))
    return sa.select(sa.func.count()).select_from(Case).where(*here).correlate(None).scalar_subquery()


@above_feed("moderation/_above.html")
def reports_line(viewer: Viewer, stand: Stand) -> dict[str, ScalarSelect[Any]] | None:
    """Moderators of the circle: how many reports wait for them."""
    return {"reports": _count(viewer, "circle", stand.circle_id)} if stand.moderates else None


# ---- one case --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class OpenCase:
    """A case with all that its moderators look at."""

    case: Case
    thing: Thing | None
    around: Sequence[Line]
    reports: Sequence[Report]


def open_case(case: Case) -> OpenCase:
    """The thing as it is now, with what stands around it, and who reported it."""
    thing = thing_of(case.kind, case.item_id)
    told = sa.select(Report).where(Report.case_id == case.id).options(joinedload(Report.reporter))
    reports = db.session.scalars(told.order_by(Report.id)).all()
    return OpenCase(case, thing, THINGS[case.kind].around(thing) if thing else (), reports)


# ---- the log ---------------------------------------------------------------------------------------------
def log(desk: str, place_id: int | None, before: int | None) -> Page[LogEntry]:
    """What was done there, the newest first. The server's log is of what only its administrators decided."""
    column = {"circle": LogEntry.circle_id, "group": LogEntry.group_id, "organisation": LogEntry.organisation_id}
    here: list[sa.ColumnElement[bool]] = [each.is_(None) for each in column.values()]
    if desk != "server":
        here = [column[desk] == place_id]
    if before is not None:
        here.append(LogEntry.id < before)
    entries = sa.select(LogEntry).where(*here).options(joinedload(LogEntry.by), joinedload(LogEntry.whom))
    return page(db.session.scalars(entries.order_by(LogEntry.id.desc()).limit(LOG + 1)).all(), LOG)


# ---- one's own -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mine:
    """What became of what the viewer reported, and what was decided about the viewer."""

    reported: Sequence[Case]
    decided: Sequence[tuple[Case, str]]  # with the text it was about


def mine(viewer: Viewer) -> Mine:
    """The newest first. Who reported stands nowhere in it."""
    own = sa.select(Case).join(Report, Report.case_id == Case.id).where(Report.reporter_id == viewer.identity_id)
    reported = db.session.scalars(own.options(joinedload(Case.identity)).order_by(Case.id.desc()).limit(MINE)).all()
    about = sa.select(Case).where(
        Case.identity_id == viewer.identity_id, Case.state.in_(("hidden", "warned", "muted", "removed"))
    )
    decided = db.session.scalars(about.order_by(Case.decided_at.desc(), Case.id.desc()).limit(MINE)).all()
    return Mine(reported, [(case, _text(case)) for case in decided])


def _text(case: Case) -> str:
    thing = thing_of(case.kind, case.item_id)
    return thing.text if thing is not None else ""
