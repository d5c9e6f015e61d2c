"""What groups do when something happens in circles and feeds."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import NotAdmitted, admit
from webapp.circles.admission import admits_by
from webapp.circles.events import CircleMade
from webapp.circles.models import Circle, Membership
from webapp.feed.events import CardChanged, CardLeft, CardPublished, CardWithdrawn, ThreadMoved
from webapp.feed.models import Thread
from webapp.groups import saying, summaries
from webapp.groups.actions import end_member, join
from webapp.groups.events import GroupJoined, MessageSent
from webapp.groups.linking import link_group
from webapp.groups.models import Group, GroupMember, Link, Message
from webapp.kit import clock
from webapp.kit.db import db, load, put
from webapp.kit.dom import dom_id
from webapp.kit.events import emit_fact, on
from webapp.kit.policy import Viewer
from webapp.kit.push import say_push
from webapp.organisations.events import IdentityEnded

OUT = ("removed", "banned", "refused")  # whom a circle sent away, no group brings back


# ---- cards ---------------------------------------------------------------------------------------
@on(CardPublished)
def card_into_groups(fact: CardPublished) -> None:
    """One card into each linked group that lets it through, at once or when its hour comes; in one order, so that no
    two block each other."""
    through = ("all", "chosen") if fact.notify else ("all",)
    found = sa.select(Link).where(Link.circle_id == fact.circle_id, Link.push.in_(through)).order_by(Link.group_id)
    links = db.session.scalars(found).all()
    zone = summaries.zone_of(fact.circle_id) if any(link.pace != "now" for link in links) else ""
    for link in links:
        until = summaries.due(link, zone, clock.now()) if link.pace != "now" else None
        if until is not None:
            summaries.hold(link, fact.kind, fact.item_id, until)
        else:
            _put_in(link.group_id, fact)


def _put_in(group_id: int, fact: CardPublished) -> None:
    group = load(Group, group_id)
    if group is None or _holds(group_id, fact.kind, fact.item_id):
        return
    card = Message(
        kind=fact.kind, item_id=fact.item_id, circle_id=fact.circle_id, author_id=fact.author_id, at=clock.now()
    )
    saying.stand(group, card)
    emit_fact(MessageSent(card.id, group_id, fact.author_id))


def _holds(group_id: int, kind: str, item_id: int) -> bool:
    card = (Message.group_id == group_id, Message.kind == kind, Message.item_id == item_id)
    return db.session.scalar(sa.select(sa.exists().where(*card))) is True


@on(CardChanged)
def card_changed(fact: CardChanged) -> None:
    _draw_again(fact.kind, fact.item_id)


@on(CardWithdrawn)
def card_withdrawn(fact: CardWithdrawn) -> None:
    _draw_again(fact.kind, fact.item_id)


@on(CardLeft)
def card_left(fact: CardLeft) -> None:
    """Groups that have it from that circle do not show it any more."""
    _draw_again(fact.kind, fact.item_id)


def _draw_again(kind: str, item_id: int) -> None:
    for card in [*_cards(kind, item_id), *summaries.moved(kind, item_id)]:
        saying.say_again(card)


@on(ThreadMoved)
def counts_moved(fact: ThreadMoved) -> None:
    """The counters on the card move in every chat that holds it."""
    thread = db.session.scalar(sa.select(Thread).where(Thread.kind == fact.kind, Thread.item_id == fact.item_id))
    if thread is None:
        return
    holding = [*_cards(fact.kind, fact.item_id), *summaries.moved(fact.kind, fact.item_id)]
    target = dom_id(thread, "counts")
    for group_id in sorted({card.group_id for card in holding}):
        say_push(f"group-{group_id}", target, "self", "feed/_counts.html", "counts", id=thread.id)


def _cards(kind: str, item_id: int) -> Iterable[Message]:
    """Where the card stands and was not taken down."""
    here = (Message.kind == kind, Message.item_id == item_id, Message.recalled_at.is_(None))
    return db.session.scalars(sa.select(Message).where(*here)).all()


# ---- circles -------------------------------------------------------------------------------------
@on(GroupJoined)
def admit_to_circles(fact: GroupJoined) -> None:
    """Where the link says so, joining the group admits to its circle: quietly, and only who fits."""
    links = sa.select(Link.circle_id).where(Link.group_id == fact.group_id, Link.admits.is_(True))
    for circle_id in sorted(db.session.scalars(links)):
        # not locked: who posts locks the circle and then its groups, and we hold the group
        circle, identity = db.session.get(Circle, circle_id), db.session.get(Identity, fact.identity_id)
        if circle is None or identity is None or _sent_away(circle_id, identity.id):
            continue
        try:
            admit(circle, identity, via=f"group-{fact.group_id}")
        except NotAdmitted:
            continue


@on(GroupJoined)
def let_in_who_waits(fact: GroupJoined) -> None:
    """Who asked before and is in a linked group by now waits no longer, where the circle has that rule."""
    waits = (Membership.identity_id == fact.identity_id, Membership.state == "requested")
    circles = sa.select(Circle).join(Link, Link.circle_id == Circle.id).join(Membership)
    circles = circles.where(Link.group_id == fact.group_id, Circle.admits_linked, *waits, Circle.archived_at.is_(None))
    for circle in db.session.scalars(circles.order_by(Circle.id)).all():
        try:
            admit(circle, db.session.get_one(Identity, fact.identity_id), via=f"group-{fact.group_id}")
        except NotAdmitted:
            continue


def _sent_away(circle_id: int, identity_id: int) -> bool:
    row = (
        Membership.circle_id == circle_id,
        Membership.identity_id == identity_id,
        Membership.state.in_(OUT),
    )
    return db.session.scalar(sa.select(sa.exists().where(*row))) is True


@admits_by("linked")
def in_linked_group(circle: Circle, identity: Identity) -> bool:
    """Somebody in a group of the circle, where the circle lets these in."""
    groups = sa.select(Link.group_id).where(Link.circle_id == circle.id)
    inside = (GroupMember.identity_id == identity.id, GroupMember.state == "active", GroupMember.group_id.in_(groups))
    return db.session.scalar(sa.select(sa.exists().where(*inside))) is True


@on(CircleMade)
def group_beside_circle(fact: CircleMade) -> None:
    """A circle that begins with its group: of the same name, linked, its maker the owner."""
    circle, maker = db.session.get(Circle, fact.circle_id), db.session.get(Identity, fact.by_id)
    if not fact.with_group or circle is None or maker is None:
        return
    group = put(Group(name=circle.name, organisation_id=circle.organisation_id, messages=0, muted_all=False))
    join(group, maker, "owner")
    link_group(Viewer(identity_id=maker.id, kind=maker.kind), group, circle)


# ---- organisations -------------------------------------------------------------------------------
@on(IdentityEnded)
def leave_groups(fact: IdentityEnded) -> None:
    """An identity that ended stands in no group."""
    active = (GroupMember.identity_id == fact.identity_id, GroupMember.state == "active")
    for member in db.session.scalars(sa.select(GroupMember).where(*active)).all():
        end_member(member)
