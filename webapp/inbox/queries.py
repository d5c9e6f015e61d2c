"""The lines of an inbox as they are read; permission is in each query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.accounts.models import Identity
from webapp.circles.models import Circle
from webapp.feed.models import Comment
from webapp.feed.talk import COMMENTS
from webapp.groups.models import Group
from webapp.inbox.kinds import Kind, kinds, of
from webapp.inbox.models import InboxLine
from webapp.inbox.policy import Rule
from webapp.kit import clock
from webapp.kit.counters import counter
from webapp.kit.db import db
from webapp.kit.i18n import _, day, ngettext
from webapp.kit.policy import Viewer, allowed

SIZE = 30
FRESH = 100  # lines told at once to a page that comes back
NAMED = 2  # people whom a line names
QUOTE = 56  # columns; a Chinese character takes two


@dataclass(frozen=True)
class Row:
    """A line with what it needs to be drawn."""

    line: InboxLine
    circle: Circle | None
    group: Group | None
    quote: str
    people: Sequence[Identity]  # the latest first, NAMED at most

    @property
    def kind(self) -> Kind:
        return of(self.line.kind)

    @property
    def unread(self) -> bool:
        return self.line.read_at is None

    @property
    def place(self) -> str:
        return self.circle.name if self.circle else self.group.name if self.group else ""

    @property
    def who(self) -> str:
        """Ann; Ann and Bo; Ann, Bo and 3 others."""
        names, more = [each.name for each in self.people], len(self.line.people) - NAMED
        if not names:
            return _("Somebody")
        if len(names) < NAMED:
            return names[0]
        first, second = names
        if more > 0:
            named = {"first": first, "second": second}
            return ngettext("{first}, {second} and {n} other", "{first}, {second} and {n} others", more, **named)
        return _("{first} and {second}", first=first, second=second)

    @property
    def words(self) -> str:
        return _(self.kind.words, who=self.who, place=self.place)


@dataclass(frozen=True)
class Inbox:
    """A stretch of the inbox; `older` is the cursor of the next, `waiting` how many lines ask to be decided."""

    rows: list[Row]
    older: int | None
    waiting: int

    @property
    def newest(self) -> int:
        return self.rows[0].line.turn if self.rows else 0

    def days(self, today: bool) -> list[tuple[str, list[Row]]]:
        """The lines by day; `today` stands there even when nothing came yet, so that what comes has its place."""
        found = [(label, list(rows)) for label, rows in groupby(self.rows, lambda row: day(row.line.at))]
        first = day(clock.now())
        return found if not today or (found and found[0][0] == first) else [(first, []), *found]


def inbox(viewer: Viewer, chip: str, before: int | None) -> Inbox:
    """The newest lines of the identity in use, or those before one; `chip` is one of a few kinds of them."""
    bounds = [InboxLine.turn < before] if before else []
    rows, waiting = _rows(viewer, [*bounds, *_chosen(chip)], SIZE + 1)
    older = rows[SIZE - 1].line.turn if len(rows) > SIZE else None
    return Inbox(rows[:SIZE], older, waiting)


def fresh(viewer: Viewer, after: int) -> list[Row]:
    """What moved after this."""
    return _rows(viewer, [InboxLine.turn > after], FRESH)[0]


def one(viewer: Viewer, line_id: int) -> Row:
    """A line that is known to be seen."""
    return _rows(viewer, [InboxLine.id == line_id], 1)[0][0]


def _chosen(chip: str) -> list[sa.ColumnElement[bool]]:
    if chip == "unread":
        return [InboxLine.read_at.is_(None)]
    if chip == "waiting":
        return [InboxLine.kind.in_(_waiting())]
    names = [each.name for each in kinds().values() if each.chip == chip]
    return [InboxLine.kind.in_(names)] if names else []


def _waiting() -> list[str]:
    return [each.name for each in kinds().values() if each.waits]


def _rows(viewer: Viewer, bounds: Sequence[Any], size: int) -> tuple[list[Row], int]:
    """Two statements: the lines, and the people whom they name."""
    quotes = {each.name: each.quote for each in kinds().values() if each.quote is not None}
    asking = aliased(InboxLine)
    waiting = sa.select(sa.func.count()).where(asking.identity_id == viewer.identity_id, asking.kind.in_(_waiting()))
    found = db.session.execute(
        sa.select(
            InboxLine,
            Circle,
            Group,
            sa.case(*((InboxLine.kind == name, quote) for name, quote in quotes.items()), else_="").label("quote"),
            waiting.scalar_subquery().label("waiting"),
        )
        .outerjoin(Circle, Circle.id == InboxLine.circle_id)
        .outerjoin(Group, Group.id == InboxLine.group_id)
        .where(allowed(Rule.LINE_READ, viewer), *bounds)
        .order_by(InboxLine.turn.desc(), InboxLine.id.desc())
        .limit(size)
    ).all()
    people = _people({number for row in found for number in row[0].people[-NAMED:]})
    drawn = [
        Row(
            row[0],
            row[1],
            row[2],
            _short(row.quote or ""),
            [people[number] for number in reversed(row[0].people[-NAMED:]) if number in people],
        )
        for row in found
    ]
    return drawn, found[0].waiting if found else 0


def _people(numbers: set[int]) -> dict[int, Identity]:
    if not numbers:
        return {}
    return {each.id: each for each in db.session.scalars(sa.select(Identity).where(Identity.id.in_(numbers)))}


def _short(quote: str) -> str:
    line, columns = " ".join(quote.split()), 0
    for at, char in enumerate(line):
        columns += 1 if char < "\u1100" else 2
        if columns > QUOTE:
            return line[:at].rstrip() + "…"
    return line


# ---- counters ----------------------------------------------------------------------------------------------
@counter
def unread(viewer: Viewer) -> Any:
    """Unread lines of every identity of the person, by identity."""
    mine = sa.select(Identity.id).where(Identity.person_id == viewer.person_id, Identity.ended_at.is_(None))
    return (
        sa.select(sa.literal("inbox"), InboxLine.identity_id, sa.func.count())
        .where(InboxLine.identity_id.in_(mine), InboxLine.read_at.is_(None))
        .group_by(InboxLine.identity_id)
    )


# ---- what a page shows is read -----------------------------------------------------------------------------
def led_to(viewer: Viewer, path: str) -> list[int]:
    """The unread lines that lead to this page."""
    mine = sa.select(InboxLine).where(InboxLine.identity_id == viewer.identity_id, InboxLine.read_at.is_(None))
    found = db.session.scalars(mine.order_by(InboxLine.turn.desc()).limit(FRESH))
    return [line.id for line in found if line.kind in kinds() and address(line).partition("#")[0] == path]


def address(line: InboxLine) -> str:
    return of(line.kind).address(line)


def place(line: InboxLine) -> str:
    """Where exactly to go: of a long thread, the stretch with the comment; of a chat, the message."""
    path, _hash, anchor = address(line).partition("#")
    if line.about.startswith("message-"):
        return f"/messages/{line.item_id}"
    if anchor.startswith("comment-") and (stretch := _stretch(line.item_id)):
        return f"{path}?from={stretch}#{anchor}"
    return address(line)


def _stretch(comment_id: int) -> int | None:
    """The cursor of the stretch in which a comment stands; None where it is among the newest."""
    comment = db.session.get(Comment, comment_id)
    if comment is None:
        return None
    head = comment.parent_id or comment.id
    later = sa.select(Comment.id).where(
        Comment.thread_id == comment.thread_id, Comment.parent_id.is_(None), Comment.id > head
    )
    after = db.session.scalars(later.order_by(Comment.id).limit(COMMENTS)).all()
    return head + 1 if len(after) == COMMENTS else None
