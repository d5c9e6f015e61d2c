"""A stretch of a chat as its page shows it: a lean statement brings the stamps of its messages, and only what is drawn
for the first time is loaded whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import aliased

from webapp.accounts.models import Naming
from webapp.circles.models import Circle
from webapp.feed import drawn
from webapp.feed.models import FeedRow, Thread
from webapp.groups import rows
from webapp.groups.models import Message, Summary
from webapp.groups.rows import Row, day_of, runs
from webapp.kit.policy import Viewer, kept
from webapp.kit.web import draw

ROW = "groups/_message.html"
GROUP, CURSOR, MANY = (sa.bindparam(name, type_=sa.BigInteger()) for name in ("group", "cursor", "many"))
_quote = aliased(Message)


class Stamp(NamedTuple):
    """All that one message is drawn from, as far as it can change."""

    row_id: int
    recalled_at: datetime | None
    recalled_by: int | None
    quote_gone: bool | None
    version: int | None  # of its card
    shown: bool | None  # its card stands in its circle
    circle: str | None
    names: int  # how often anybody was given another name
    run: bool = False
    new_day: bool = False


FIELDS = len(Stamp._fields) - 2  # what is known only beside the message before


@dataclass(frozen=True)
class Piece:
    """One message, drawn; `new_day`: the first of its day."""

    id: int
    group_id: int
    number: int
    author_id: int
    at: datetime
    new_day: bool
    html: Markup

    @property
    def day(self) -> date:
        return day_of(self.at)


def newest(viewer: Viewer, group_id: int, many: int) -> list[sa.Row[Any]]:
    """The last messages of a group, oldest first."""
    found = _messages(viewer, "newest", group=group_id, many=many, cursor=None).all()
    return list(reversed(found))


def before(viewer: Viewer, group_id: int, message_id: int, many: int) -> list[sa.Row[Any]]:
    """The messages before one, oldest first."""
    found = _messages(viewer, "before", group=group_id, many=many, cursor=message_id).all()
    return list(reversed(found))


def after(viewer: Viewer, group_id: int, message_id: int, many: int) -> list[sa.Row[Any]]:
    """The messages after one, oldest first."""
    return list(_messages(viewer, "after", group=group_id, many=many, cursor=message_id).all())


@kept
def _messages(viewer: Viewer, which: str) -> sa.Select[Any]:
    stands = (
        FeedRow.circle_id == Message.circle_id,
        FeedRow.kind == Message.kind,
        FeedRow.item_id == Message.item_id,
    )
    return (
        sa.select(
            Message.id,
            Message.recalled_at,
            Message.recalled_by,
            _quote.recalled_at.is_not(None).label("quote_gone"),
            sa.func.coalesce(Thread.version, Summary.version),
            FeedRow.shown,
            Circle.name,
            sa.select(Naming.version).scalar_subquery().label("names"),
            Message.number,
            Message.author_id,
            Message.kind,
            Message.at,
        )
        .outerjoin(_quote, _quote.id == Message.quote_id)
        .outerjoin(Thread, sa.and_(Thread.kind == Message.kind, Thread.item_id == Message.item_id))
        .outerjoin(Circle, Circle.id == Message.circle_id)
        .outerjoin(FeedRow, sa.and_(*stands))
        .outerjoin(Summary, sa.and_(Message.kind == "summary", Summary.id == Message.item_id))
        .where(Message.group_id == GROUP, *_bounds[which])
        .order_by(Message.id if which == "after" else Message.id.desc())
        .limit(MANY)
    )


_bounds: dict[str, list[sa.ColumnElement[bool]]] = {
    "newest": [],
    "before": [Message.id < CURSOR],
    "after": [Message.id > CURSOR],
}


def pieces(group_id: int, found: Sequence[sa.Row[Any]], previous: Any) -> list[Piece]:
    """These consecutive messages, drawn; `previous` is what was said before the first of them, or None."""
    stamps = []
    day = day_of(previous.at) if previous is not None else None
    for told in found:
        today = day_of(told.at)
        new_day = today != day
        stamps.append(Stamp(*tuple(told)[:FIELDS], not new_day and runs(previous, told), new_day))  # type: ignore[call-arg]
        previous, day = told, today
    html = drawn.pieces(ROW, stamps, _contexts)
    return [
        Piece(told.id, group_id, told.number, told.author_id, told.at, stamp.new_day, html[told.id])
        for told, stamp in zip(found, stamps, strict=True)
        if told.id in html
    ]


def _contexts(wanted: Sequence[Stamp]) -> dict[int, dict[str, Any]]:
    """What the fragment of a message needs, by its id."""
    known = {stamp.row_id: stamp for stamp in wanted}
    found = rows.fetch(Message.id.in_(known))
    made = (rows.alone(*each, run=known[each.Message.id].run, new_day=known[each.Message.id].new_day) for each in found)
    return {row.message.id: {"row": row} for row in rows.with_cards(made)}


@dataclass(frozen=True)
class Part:
    """Messages with no line between them; `day` is the first of a day, whose line stands above, and `since` says that
    what is new to the reader begins here."""

    day: Piece | None
    since: bool
    html: Markup


def parts(found: Sequence[Piece], since: int | None = None) -> list[Part]:
    """Pieces as few parts, since each that a page puts together costs more than the drawing that was kept."""
    made: list[Part] = []
    begin = 0
    for end, piece in enumerate([*found[1:], None], 1):
        if piece is None or piece.new_day or piece.id == since:
            first = found[begin]
            html = Markup("\n".join([each.html for each in found[begin:end]]))
            made.append(Part(first if first.new_day else None, first.id == since, html))
            begin = end
    return made if found else []


def piece_of(row: Row) -> Piece:
    """One row, drawn now."""
    said = row.message
    html = draw(ROW, row=row)
    return Piece(said.id, said.group_id, said.number, said.author_id, said.at, row.new_day, html)
