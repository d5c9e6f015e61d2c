"""The kinds of lines: what one says, where it leads, who may see it, how it is listed.

    kind("reply", words=N_("{who} replied to your comment"), symbol="reply", chip="said",
         address=of_card, see=in_thread, quote=…)

A capability adds its kinds in one file of inbox/listeners/, beside the facts that write them, and webapp/app.py names
that file. What is told about one subject is one line, so grouping is the choice of the subject's name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.feed import cards
from webapp.groups.models import Group
from webapp.groups.policy import Rule as GroupRule
from webapp.inbox.models import InboxLine
from webapp.kit.policy import Viewer, allowed

CHIPS = ("mention", "said", "other")

See = Callable[[Viewer], ColumnElement[bool]]


@dataclass(frozen=True)
class Kind:
    """`words` (marked with N_) may name {who} and {place}. `waits`: it leaves when it is done, and has a button.
    `calm`: it stands there and raises no counter. `mutable`: a mute keeps it away; the others always come through."""

    name: str
    words: str
    symbol: str
    chip: str
    address: Callable[[InboxLine], str]
    see: See
    quote: Any = None  # a scalar subquery about the line
    waits: bool = False
    calm: bool = False
    mutable: bool = False


_kinds: dict[str, Kind] = {}


def kind(name: str, **more: Any) -> Kind:
    """Register a kind. Raises ValueError where there is one of that name."""
    if name in _kinds:
        raise ValueError(f"{name} is declared twice")
    _kinds[name] = Kind(name, **more)
    return _kinds[name]


def of(name: str) -> Kind:
    return _kinds[name]


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


# ---- where lines lead --------------------------------------------------------------------------------------
def to_card(line: InboxLine) -> str:
    name, _dash, number = line.about.rpartition("-")
    return cards.kind(name).address(int(number))


def to_circle(line: InboxLine) -> str:
    return f"/circles/{line.circle_id}"


def to_group(line: InboxLine) -> str:
    return f"/groups/{line.group_id}"


# ---- who may see them --------------------------------------------------------------------------------------
def seen(model: Any, column: Any, rule: str, *more: Any) -> See:
    """The row of the model that the line's column names is one for which the rule holds, and `more`."""

    def see(viewer: Viewer) -> ColumnElement[bool]:
        row = sa.exists().where(model.id == column, allowed(rule, viewer), *more)
        return row.correlate(InboxLine)

    return see


in_circle = seen(Circle, InboxLine.circle_id, CircleRule.CIRCLE_READ)
moderates = seen(Circle, InboxLine.circle_id, CircleRule.CIRCLE_MODERATE)
in_group = seen(Group, InboxLine.group_id, GroupRule.GROUP_READ)
