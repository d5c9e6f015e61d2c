"""Who may do what: a rule is written once, as a SQL clause; the check of one row is derived from it.

    @rule(Rule.POST_EDIT, Post)
    def edit(viewer): return Post.author_id == viewer.identity_id

    @kept
    def _edits(viewer): return sa.select(Post).where(Post.id == sa.bindparam("post"), allowed(Rule.POST_EDIT, viewer))
    _edits(viewer, post=81).first()

`allowed(rule, viewer)` is the clause for lists, `can(rule, viewer, row)` the same question for one row, and
`access(rule, viewer, Model, key)` the only door to a row: NotFound when the viewer may not know of it, Forbidden
when it is seen and the act is not permitted. A model's `see` rule is the one its other rules stand on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from werkzeug.exceptions import Forbidden, NotFound

from webapp.kit import clock
from webapp.kit.db import db, load, writing

KEPT = 256  # clauses kept, of rules and viewers together
Row = TypeVar("Row")
P = ParamSpec("P")
Rows = sa.Result[*tuple[Any, ...]]
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
        return self.kind != ""

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


# ---- statements kept ------------------------------------------------------------------------------------------
IDS = ("identity", "person", "organisation")
ASKING = {name: sa.bindparam(f"asking_{name}", type_=sa.BigInteger()) for name in IDS}
KEY = sa.bindparam("key", type_=sa.BigInteger())


@lru_cache(maxsize=64)
def _sort(kind: str, power: str, belongs: bool, platform_admin: bool) -> Viewer:
    ids: dict[str, Any] = {"identity_id": ASKING["identity"], "person_id": ASKING["person"]}
    if belongs:
        ids["organisation_id"] = ASKING["organisation"]
    return Viewer(**ids, kind=kind, power=power, platform_admin=platform_admin)


def sort_of(viewer: Viewer) -> Viewer:
    """All viewers of this one's sort as one, with bind parameters for ids: what its clauses look like is the same."""
    return _sort(viewer.kind, viewer.power, viewer.organisation_id is not None, viewer.platform_admin)


def kept(build: Callable[Concatenate[Viewer, P], sa.Executable]) -> Callable[..., Rows]:
    """Keep what `build(viewer, *parts)` makes, once per sort of viewer; `(viewer, *parts, **values)` executes it.

    Making a statement of rules and finding its compiled form costs ten times what executing it does.
    """
    made = lru_cache(maxsize=KEPT)(build)

    @wraps(build)
    def execute(viewer: Viewer, *parts: Any, **values: Any) -> Rows:
        values["asking_identity"], values["asking_person"] = viewer.identity_id, viewer.person_id
        values["asking_organisation"] = viewer.organisation_id
        return db.session.execute(made(sort_of(viewer), *parts), values)

    return execute


def can(name: str, viewer: Viewer, row: Any) -> bool:
    """The same question for one row, asked of the database."""
    model = _rules[name].model
    if not isinstance(row, model):
        raise TypeError(f"{name} is a rule of {model.__name__}, not of {type(row).__name__}")
    return _holding(viewer, name, key=row.id).first() is not None


@kept
def _holding(viewer: Viewer, name: str) -> sa.Select[Any]:
    model = _rules[name].model
    return sa.select(sa.literal(1)).select_from(model).where(model.id == KEY, allowed(name, viewer))


def access(name: str, viewer: Viewer, model: type[Row], key: int) -> Row:
    """Load a row through the viewer. Raises NotFound or Forbidden; inside write() the row is locked.

    One statement decides everything: it brings the row if it may be seen, and whether the act is permitted.
    """
    entry = _rules[name]
    if entry.model is not model:
        raise TypeError(f"{name} is a rule of {entry.model.__name__}, not of {model.__name__}")
    if writing():
        load(model, key)  # the lock comes first, so that the rule is asked of what nobody is changing
    found = _reached(viewer, name, key=key).first()
    if found is None:
        raise NotFound
    if not found.permitted:
        raise Forbidden
    row: Row = found[0]
    return row


@kept
def _reached(viewer: Viewer, name: str) -> sa.Select[Any]:
    entry = _rules[name]
    permitted = sa.literal(True) if entry.see == name else granted(name, viewer)
    seen = entry.model.id == KEY, allowed(entry.see, viewer)
    return sa.select(entry.model, permitted.label("permitted")).where(*seen)


def rules() -> dict[str, Entry]:
    """Every declared rule, for the tests that walk them."""
    return dict(_rules)


__all__ = [
    "ANONYMOUS", "NOW", "Entry", "Viewer", "access", "allowed", "can", "granted", "kept", "rule", "rules", "sort_of",
    "widen",
]  # fmt: skip
