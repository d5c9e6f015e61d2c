"""Facts about reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ThingReported:
    """A thing was reported to a desk for the first time since it was last decided about."""

    case_id: int
    desk: str
    circle_id: int | None
    group_id: int | None
    organisation_id: int | None


@dataclass(frozen=True)
class CaseDecided:
    """Moderators decided: `outcome` is dismissed, hidden, warned, muted or removed; the reported person
    (`identity_id`) reads the reason, unless it was dismissed."""

    case_id: int
    desk: str
    circle_id: int | None
    group_id: int | None
    organisation_id: int | None
    kind: str
    item_id: int
    identity_id: int
    by_id: int
    outcome: str
    reason: str
