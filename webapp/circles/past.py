"""What a newcomer sees of what was there before: all of it, from a date on, or the last days before they came.

The rule becomes a moment on each membership (`sees_from`), so that policy.sees() compares two columns and knows no
rule. Whoever was there saw it: the moment is never later than the one at which they came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HISTORIES = ("all", "since", "days")


@dataclass(frozen=True)
class Past:
    """`since` belongs to the rule of that name, `days` to its own; 0 days: nothing from before."""

    rule: str = "all"
    since: datetime | None = None
    days: int = 0


def seen_from(past: Past, joined_at: datetime) -> datetime | None:
    """The moment from which somebody who came then sees what stands there; None: everything."""
    if past.rule == "days":
        return joined_at - timedelta(days=past.days)
    if past.rule == "since" and past.since is not None:
        return min(past.since, joined_at)
    return None
