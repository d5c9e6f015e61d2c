"""The log: written in the transaction of what it tells of, so that neither is there without the other."""

from __future__ import annotations

from webapp.circles.events import Moderated
from webapp.groups.events import GroupModerated
from webapp.kit.events import on
from webapp.moderation.actions import note
from webapp.moderation.events import CaseDecided
from webapp.moderation.models import LogEntry


@on(Moderated)
def note_of_circle(fact: Moderated) -> None:
    """Into the circle's log."""
    about = {"whom_id": fact.whom_id, "kind": fact.kind, "item_id": fact.item_id or None, "reason": fact.reason}
    note(LogEntry(circle_id=fact.circle_id, by_id=fact.by_id, act=fact.act, **about))


@on(GroupModerated)
def note_of_group(fact: GroupModerated) -> None:
    """Into the group's log."""
    about = {"whom_id": fact.whom_id, "kind": fact.kind, "item_id": fact.item_id or None, "reason": fact.reason}
    note(LogEntry(group_id=fact.group_id, by_id=fact.by_id, act=fact.act, **about))


@on(CaseDecided)
def note_of_report(fact: CaseDecided) -> None:
    """Into the log of the desk that decided."""
    place = {f"{fact.desk}_id": getattr(fact, f"{fact.desk}_id")} if fact.desk != "server" else {}
    about = {"whom_id": fact.identity_id, "kind": fact.kind, "item_id": fact.item_id, "reason": fact.reason}
    note(LogEntry(**place, by_id=fact.by_id, act=f"report_{fact.outcome}", **about))
