"""The only writers of inbox lines and mutes. Lines are written in the transaction of the fact they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webapp.accounts.models import Identity
from webapp.inbox.kinds import of
from webapp.inbox.models import InboxLine, Mute
from webapp.kit import clock, jobs
from webapp.kit.db import db, is_postgresql
from webapp.kit.outbox import emit
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke

KEPT = timedelta(days=183)
Line = InboxLine


@dataclass(frozen=True)
class Thing:
    """What is told: `subject` names it, `about` what it leaves with, `item_id` the row that its kind quotes."""

    kind: str
    subject: str
    about: str = ""
    item_id: int = 0
    circle_id: int | None = None
    group_id: int | None = None
    people: Sequence[int] = field(default=())


# ---- telling -----------------------------------------------------------------------------------------------
def tell(thing: Thing, identities: Sequence[int]) -> None:
    """Tell these identities once; whoever has a line of this subject is not told again."""
    if not identities:
        return
    known = set(db.session.scalars(sa.select(Line.identity_id).where(*_had(thing.subject, identities))))
    _add(thing, [number for number in identities if number not in known])


def tell_again(thing: Thing, identities: Sequence[int]) -> None:
    """The line of this subject moves to the top, unread, with these people among those who were there."""
    if not identities:
        return
    lines = {line.identity_id: line for line in lines_of(*_had(thing.subject, identities))}
    people = _tops(list(lines))
    for number, line in lines.items():
        was_unread = line.read_at is None
        line.people = [*(one for one in line.people if one not in thing.people), *thing.people]
        line.kind, line.item_id, line.turn = thing.kind, thing.item_id, _next(people[number].turn)
        line.read_at = clock.now() if of(thing.kind).calm else None
        counts = not was_unread and line.read_at is None
        _say_stands([(people[number].person_id, number, line.turn)], counts)
    db.session.flush()
    _add(thing, [number for number in identities if number not in lines])


def keep_people(line: InboxLine, people: Sequence[int], item_id: int) -> None:
    """Somebody left the line: these people stay in it; without any, it goes."""
    if not people:
        return withdraw(Line.id == line.id)
    line.people, line.item_id = list(people), item_id
    db.session.flush()


def lines_of(*which: Any) -> Sequence[InboxLine]:
    """Lines as they stand, to be changed."""
    return db.session.scalars(sa.select(Line).where(*which).order_by(Line.id)).all()


def withdraw(*which: Any) -> None:
    """What these lines tell is gone, or no longer for these eyes."""
    gone = sa.delete(Line).where(*which).returning(Line.identity_id, Line.read_at)
    rows = db.session.execute(gone, execution_options={"synchronize_session": "fetch"}).all()
    _say_moved({identity for identity, read_at in rows if read_at is None})


def _had(subject: str, identities: Iterable[int]) -> tuple[Any, ...]:
    return Line.subject == subject, Line.identity_id.in_(list(identities))


def _add(thing: Thing, identities: Sequence[int]) -> None:
    calm, people = of(thing.kind).calm, _tops(identities)
    shared = {
        "kind": thing.kind,
        "subject": thing.subject,
        "about": thing.about,
        "item_id": thing.item_id,
        "circle_id": thing.circle_id,
        "group_id": thing.group_id,
        "people": list(thing.people),
        "read_at": clock.now() if calm else None,
    }
    make = postgresql.insert if is_postgresql(db.session.connection()) else sqlite.insert
    rows = [{**shared, "identity_id": each.id, "turn": _next(each.turn)} for each in people.values()]
    if rows:
        db.session.connection().execute(make(Line).on_conflict_do_nothing(), rows)
    _say_stands([(people[row["identity_id"]].person_id, row["identity_id"], row["turn"]) for row in rows], not calm)


def _tops(identities: Sequence[int]) -> dict[int, Any]:
    """(id, person_id, turn of the newest line) of each."""
    top = sa.select(sa.func.max(Line.turn)).where(Line.identity_id == Identity.id).correlate(Identity)
    found = sa.select(Identity.id, Identity.person_id, top.scalar_subquery().label("turn"))
    rows = db.session.execute(found.where(Identity.id.in_(list(identities))).order_by(Identity.id)).all()
    return {row.id: row for row in rows}


def _next(top: int | None) -> int:
    return max(_millisecond(clock.now()), (top or 0) + 1)


def _millisecond(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)


# ---- what open pages hear ----------------------------------------------------------------------------------
def list_names(identity_id: int) -> tuple[str, str]:
    """The names of an identity's inbox among the lists of a page: what arrives under the first counts, and what stands
    before its dash is the counter's name; what arrives under the second does not."""
    return f"inbox{identity_id}-0", f"moved{identity_id}-0"


def _say_stands(rows: Iterable[tuple[int, int, int]], counts: bool) -> None:
    """(person, identity, turn): a line stands on top now. Every page of the person hears it, whichever identity is in
    use there."""
    for person, identity, turn in rows:
        name = list_names(identity)[0 if counts else 1]
        emit(f"person-{person}", "fresh", data=f"{name} {turn} 0")


def _say_moved(identities: Iterable[int]) -> None:
    """Counters that went down are fetched again."""
    people = sa.select(Identity.person_id).distinct().where(Identity.id.in_(list(identities)))
    for person in sorted(db.session.scalars(people)):
        say_poke(f"person-{person}", "nav")


# ---- reading -----------------------------------------------------------------------------------------------
def mark_read(identity_id: int, *which: Any) -> None:
    """Lines of this identity were seen: these, or all."""
    unread = sa.update(Line).where(Line.identity_id == identity_id, Line.read_at.is_(None), *which)
    seen = unread.values(read_at=clock.now()).returning(Line.id)
    if db.session.execute(seen, execution_options={"synchronize_session": False}).all():
        _say_moved([identity_id])


# ---- muting ------------------------------------------------------------------------------------------------
def mute(viewer: Viewer, target: str) -> None:
    """Hear no more of a circle, a group, a card or a person; being named and being asked still come through."""
    if db.session.get(Mute, (viewer.identity_id, target)) is None:
        db.session.add(Mute(identity_id=viewer.identity_id, target=target))


def unmute(viewer: Viewer, target: str) -> None:
    db.session.execute(sa.delete(Mute).where(Mute.identity_id == viewer.identity_id, Mute.target == target))


# ---- forgetting --------------------------------------------------------------------------------------------
@jobs.schedule("inbox.actions.sweep", "%Y-%m-%d")
def sweep(_payload: dict[str, Any]) -> None:
    """Lines that nothing moved for half a year are forgotten."""
    withdraw(Line.turn < _millisecond(clock.now() - KEPT))
