"""Who may do what: a rule is written once, as a SQL clause; the check of one row is derived from it.

    @rule(Rule.POST_EDIT, Post)
    def edit(viewer): return Post.author_id == viewer.identity_id

`allowed(rule, viewer)` is the clause for lists, `can(rule, viewer, row)` the same question for one row, and
`access(rule, viewer, Model, key)` the only door to a row: NotFound when the viewer may not know of it, Forbidden
when it is seen and the act is not permitted. A model's `see` rule is the one its other rules stand on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from werkzeug.exceptions import Forbidden, NotFound

from webapp.kit import clock
from webapp.kit.db import db, load, writing

KEPT = 256  # clauses kept, of rules and viewers together
Row = TypeVar("Row")
NOW = sa.bindparam("now", callable_=clock.now, type_=sa.DateTime(), unique=True)
Clause = Callable[["Viewer"], ColumnElement[bool]]


@dataclass(frozen=True)
class Viewer:
    """A person in one identity. Rights of two identities are never added up, so there is no other argument."""

    identity_id: int = 0
    person_id: int = 0
    session_id: int = 0
    organisation_id: int | None = None
    kind: str = ""  # private, teacher, pupil, guardian, staff
    power: str = ""  # owner, admin or member of the organisation
    name: str = ""
    title: str = ""
    platform_admin: bool = False
    lang: str = "zh"
    zone: str = "Asia/Shanghai"
    theme: str = ""

    @property
    def signed_in(self) -> bool:
        return self.identity_id > 0

    @property
    def runs_organisation(self) -> bool:
        return self.organisation_id is not None and self.power in ("owner", "admin")


ANONYMOUS = Viewer()


@dataclass(frozen=True)
class Entry:
    model: type[Any]
    clause: Clause
    see: str  # the rule that decides whether the row may be known of


_rules: dict[str, Entry] = {}
_wider: dict[str, list[Clause]] = {}


def rule(name: StrEnum, model: type[Any], see: StrEnum | None = None) -> Callable[[Clause], Clause]:
    """Declare a rule. `see` names the rule that must hold first (none: this rule is itself one of seeing)."""

    def declare(clause: Clause) -> Clause:
        if name in _rules:
            raise ValueError(f"{name} is declared twice")
        _rules[name] = Entry(model, clause, see or name)
        return clause

    return declare


def widen(name: StrEnum) -> Callable[[Clause], Clause]:
    """A capability of a higher floor adds a way in which a lower one's rule holds (the group of a circle)."""

    def declare(clause: Clause) -> Clause:
        _wider.setdefault(name, []).append(clause)
        return clause

    return declare


@lru_cache(maxsize=KEPT)
def allowed(name: str, viewer: Viewer) -> ColumnElement[bool]:
    """The clause: rows of the rule's model for which this viewer is permitted, seeing included.

    Building one costs more than asking it, so the clauses of the latest viewers are kept; a clause therefore never
    holds a moment, but `NOW` and its like, which are read when the statement runs.
    """
    see = _rules[name].see
    return granted(name, viewer) if see == name else sa.and_(allowed(see, viewer), granted(name, viewer))


@lru_cache(maxsize=KEPT)
def granted(name: str, viewer: Viewer) -> ColumnElement[bool]:
    """The clause without the rule of seeing: for statements whose rows were seen already."""
    ways = [_rules[name].clause(viewer), *(clause(viewer) for clause in _wider.get(name, ()))]
    return sa.or_(*ways) if len(ways) > 1 else ways[0]


def can(name: str, viewer: Viewer, row: Any) -> bool:
    """The same question for one row, asked of the database."""
    model = _rules[name].model
    if not isinstance(row, model):
        raise TypeError(f"{name} is a rule of {model.__name__}, not of {type(row).__name__}")
    query = sa.select(sa.literal(1)).select_from(model).where(model.id == row.id, allowed(name, viewer))
    return db.session.scalar(query) is not None


def access(name: str, viewer: Viewer, model: type[Row], key: int) -> Row:
    """Load a row through the viewer. Raises NotFound or Forbidden; inside write() the row is locked.

    One statement decides everything: it brings the row if it may be seen, and whether the act is permitted.
    """
    entry = _rules[name]
    if entry.model is not model:
        raise TypeError(f"{name} is a rule of {entry.model.__name__}, not of {model.__name__}")
    if writing():
        load(model, key)  # the lock comes first, so that the rule is asked of what nobody is changing
    table: Any = model
    permitted = sa.literal(True) if entry.see == name else granted(name, viewer)
    found = db.session.execute(
        sa.select(model, permitted.label("permitted")).where(table.id == key, allowed(entry.see, viewer))
    ).first()
    if found is None:
        raise NotFound
    if not found.permitted:
        raise Forbidden
    row: Row = found[0]
    return row


def rules() -> dict[str, Entry]:
    """Every declared rule, for the tests that walk them."""
    return dict(_rules)


__all__ = ["ANONYMOUS", "NOW", "Entry", "Viewer", "access", "allowed", "can", "granted", "rule", "rules", "widen"]
