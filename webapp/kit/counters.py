"""Counters of the navigation that home does not know: a capability adds its own, and they cost no statement more.

    @counter
    def waiting(viewer): return sa.select(sa.literal("inbox").label("kind"), <number>, <count>)

The rows stand in `nav().unread` as `kind-number`. A row whose kind is `QUIET + "circle-5"` takes that circle or group
out of the totals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webapp.kit.policy import Viewer

Count = Callable[[Viewer], Any]
QUIET = "quiet "
_counters: list[Count] = []


def counter(count: Count) -> Count:
    """Register a counter."""
    _counters.append(count)
    return count


def counters(viewer: Viewer) -> list[Any]:
    """What the capabilities count, for the navigation's one statement."""
    return [count(viewer) for count in _counters]
