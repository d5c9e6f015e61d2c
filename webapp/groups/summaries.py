"""Cards that wait for their hour: those of a quiet night, or of a whole day, come as one summary.

A link's `pace` says when a card goes on: at once, after the quiet hours, or once a day, by the clock of the circle's
organisation. What waits stands in a table, and the job that puts it in has its row from the same transaction, so a
server that was down at the hour does it when it is up again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from webapp.circles.models import Circle
from webapp.feed import cards
from webapp.feed.cards import card_kind
from webapp.feed.models import FeedRow, Thread
from webapp.groups import saying
from webapp.groups.events import MessageSent
from webapp.groups.models import Group, HeldCard, Link, Message, Summary
from webapp.kit import clock, jobs
from webapp.kit.db import db, load, put
from webapp.kit.events import emit_fact
from webapp.kit.web import draw
from webapp.organisations.models import Organisation

KIND = "summary"
JOB = "groups.summaries.put"
BOUND = 100  # cards of one summary
DAY = timedelta(days=1)  # nothing waits longer


# ---- when ----------------------------------------------------------------------------------------------
def due(link: Link, zone: str, now: datetime) -> datetime | None:
    """When a card that comes now goes on (UTC); None: at once."""
    local = clock.local(now, zone)
    minute = local.hour * 60 + local.minute
    if link.pace == "daily":
        return _at(local.date(), link.daily_at, zone, now)
    if link.pace == "quiet" and _within(minute, link.quiet_from, link.quiet_to):
        return _at(local.date(), link.quiet_to, zone, now)
    return None


def _within(minute: int, begins: int, ends: int) -> bool:
    if begins <= ends:
        return begins <= minute < ends
    return minute >= begins or minute < ends


def _at(day: date, minute: int, zone: str, now: datetime) -> datetime:
    """The next time after `now` at which the wall clock shows this minute."""
    for ahead in range(2):
        wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60) + timedelta(days=ahead)
        found = wall.replace(tzinfo=clock.zone(zone)).astimezone(UTC).replace(tzinfo=None)
        if found > now:
            break
    return found


def zone_of(circle_id: int) -> str:
    """The zone whose days and hours the circle lives by."""
    own = sa.select(Organisation.zone).join(Circle, Circle.organisation_id == Organisation.id)
    return db.session.scalar(own.where(Circle.id == circle_id)) or clock.DEFAULT_ZONE


# ---- holding and putting in ----------------------------------------------------------------------------
def hold(link: Link, kind: str, item_id: int, until: datetime) -> None:
    """Keep a card back; held twice, held once."""
    known = sa.select(HeldCard.id).where(
        HeldCard.link_id == link.id, HeldCard.kind == kind, HeldCard.item_id == item_id
    )
    if db.session.scalar(known) is None:
        put(HeldCard(link_id=link.id, kind=kind, item_id=item_id))
    jobs.enqueue(JOB, {"link_id": link.id}, f"{JOB}:{link.id}:{until.isoformat()}", until)


def forget_held(link: Link) -> None:
    """What waits goes nowhere: the link ended, or pushes nothing any more."""
    waits = (HeldCard.link_id == link.id, HeldCard.summary_id.is_(None))
    db.session.execute(sa.delete(HeldCard).where(*waits), execution_options={"synchronize_session": False})


@jobs.job(JOB)
def put_in(payload: dict[str, Any]) -> None:
    """All that waits by a link becomes one card in its group. What was withdrawn meanwhile does not come."""
    link = db.session.get(Link, payload["link_id"])
    if link is None:
        return
    group = load(Group, link.group_id)
    held = _standing(link)
    if group is None or not held:
        return
    summary = put(Summary(group_id=group.id, circle_id=link.circle_id))
    for row in held:
        row.summary_id = summary.id
    card = Message(kind=KIND, item_id=summary.id, circle_id=link.circle_id, author_id=link.made_by, at=clock.now())
    saying.stand(group, card, by_nobody=True)
    emit_fact(MessageSent(card.id, group.id, link.made_by))


@jobs.schedule("groups.summaries.overdue", "%Y-%m-%dT%H")
def put_in_overdue(_payload: dict[str, Any]) -> None:
    """Whatever waits for more than a day has missed its hour: its job failed for good, or it came while that ran."""
    late = (HeldCard.summary_id.is_(None), HeldCard.at < clock.now() - DAY)
    links = sa.select(Link).where(Link.id.in_(sa.select(HeldCard.link_id).where(*late)))
    for link in db.session.scalars(links.order_by(Link.group_id)).all():
        put_in({"link_id": link.id})


def _standing(link: Link) -> Sequence[HeldCard]:
    """What waits by this link and still stands in its circle, oldest first."""
    stands = (FeedRow.kind == HeldCard.kind, FeedRow.item_id == HeldCard.item_id, FeedRow.circle_id == link.circle_id)
    held = sa.select(HeldCard).join(FeedRow, sa.and_(*stands))
    held = held.where(HeldCard.link_id == link.id, HeldCard.summary_id.is_(None), FeedRow.shown)
    return db.session.scalars(held.order_by(HeldCard.id).limit(BOUND)).all()


# ---- how it is drawn -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Item:
    """One card of a summary."""

    held: HeldCard
    context: dict[str, Any]
    thread: Thread | None

    def line(self, address: str) -> Markup:
        """Drawn small; its link leads through the summary's address, so that who opened it is counted."""
        context = {**self.context, "thread": self.thread, "address": f"{address}?item={self.held.id}"}
        return draw(cards.kind(self.held.kind).line, **context)


@card_kind(
    KIND,
    body="groups/_summary.html",
    line="groups/_summary.html",
    address=lambda number: f"/summaries/{number}",
    version=lambda context: (context["summary"].id, context["summary"].version),
)
def load_summaries(ids: list[int]) -> dict[int, dict[str, Any]]:
    """The contexts of `groups/_summary.html`: each summary with the cards in it."""
    found = db.session.execute(
        sa.select(Summary, HeldCard, Thread)
        .join(HeldCard, HeldCard.summary_id == Summary.id)
        .outerjoin(Thread, sa.and_(Thread.kind == HeldCard.kind, Thread.item_id == HeldCard.item_id))
        .where(Summary.id.in_(ids))
        .order_by(HeldCard.id)
    ).all()
    loaded = cards.load_cards({(held.kind, held.item_id) for _summary, held, _thread in found})
    made: dict[int, dict[str, Any]] = {}
    for summary, held, thread in found:
        items = made.setdefault(summary.id, {"summary": summary, "items": []})["items"]
        context = loaded.get((held.kind, held.item_id))
        if context is not None:
            items.append(Item(held, context, thread))
    return made


def moved(kind: str, item_id: int) -> list[Message]:
    """Note that a card changed in the summaries that hold it; the messages they stand in."""
    here = sa.select(HeldCard.summary_id).where(
        HeldCard.kind == kind, HeldCard.item_id == item_id, HeldCard.summary_id.is_not(None)
    )
    ids = sorted({number for number in db.session.scalars(here) if number is not None})
    if not ids:
        return []
    newer = sa.update(Summary).where(Summary.id.in_(ids)).values(version=Summary.version + 1)
    db.session.execute(newer, execution_options={"synchronize_session": False})
    stand = (Message.kind == KIND, Message.item_id.in_(ids), Message.recalled_at.is_(None))
    return list(db.session.scalars(sa.select(Message).where(*stand)))


def card_in(summary_id: int, held_id: int) -> HeldCard | None:
    """A card of this summary."""
    return db.session.scalar(sa.select(HeldCard).where(HeldCard.id == held_id, HeldCard.summary_id == summary_id))
