"""What capabilities put above a circle's feed: a fragment, and the figures in it.

    @above_feed("posts/_waiting_line.html")
    def figures(viewer, stand): return {"waiting": <scalar subquery>, …} or None where it has nothing to say

The figures are columns of the feed's own statement, so that a line more costs no statement more. That statement is
kept for all who stand alike, which is why a line knows no more of the viewer than that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ScalarSelect

from webapp.circles.queries import Header
from webapp.kit import clock
from webapp.kit.policy import Viewer

NEW = timedelta(days=3)  # for how long somebody is met


@dataclass(frozen=True)
class Stand:
    """How a viewer stands in a circle; its id, or the bind parameter for it."""

    circle_id: Any
    member: bool
    moderates: bool
    is_new: bool

    @classmethod
    def of(cls, header: Header, circle_id: Any = None) -> Stand:
        here = header.circle.id if circle_id is None else circle_id
        return cls(here, header.member, header.may_moderate, _is_new(header))


def _is_new(header: Header) -> bool:
    """Who made, runs or knows the circle is not."""
    mine = header.membership
    return mine is not None and header.member and mine.role == "member" and clock.now() - mine.joined_at < NEW


Figures = Callable[[Viewer, Stand], dict[str, ScalarSelect[Any]] | None]
_lines: dict[str, Figures] = {}


@dataclass(frozen=True)
class Line:
    fragment: str
    figures: dict[str, int]


def above_feed(fragment: str) -> Callable[[Figures], Figures]:
    """Register a line; `fragment` is drawn with the feed page's context and `figures`."""

    def declare(figures: Figures) -> Figures:
        _lines[fragment] = figures
        return figures

    return declare


def columns(viewer: Viewer, stand: Stand) -> dict[str, dict[str, ScalarSelect[Any]]]:
    """The figures of each line that has something to say to this viewer, by fragment."""
    asked = {fragment: figures(viewer, stand) for fragment, figures in _lines.items()}
    return {fragment: figures for fragment, figures in asked.items() if figures is not None}
