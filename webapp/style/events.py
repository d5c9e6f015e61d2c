"""What happens on the page of specimens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MarkLeft:
    """Somebody pressed the button; `at` is an ISO moment, since a job's arguments are JSON."""

    key: str
    by: str
    at: str
