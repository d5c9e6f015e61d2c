"""The only writers of feed rows, threads, comments and reactions."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.exceptions import Conflict

from webapp.circles.events import Moderated
from webapp.circles.models import Circle, Membership
from webapp.feed.cards import kind as card_of_kind
from webapp.feed.events import (
    CardChanged,
    CardLeft,
    CardPublished,
    CardWithdrawn,
    CommentAdded,
    CommentRemoved,
    Reacted,
    ThreadMoved,
)
from webapp.feed.mentions import found_in
from webapp.feed.models import Comment, FeedRow, Reaction, Thread
from webapp.feed.reactions import axis_of
from webapp.kit import clock, throttle
from webapp.kit.db import db, lock, put
from webapp.kit.dom import dom_id
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.kit.push import say_fresh, say_gone, say_poke, say_push

PINS = 3


class TooManyPins(Conflict):
    own_words = True
    description = N_("Three cards are pinned already. Take one down first.")


class NoReaction(ValueError):
    """Not one of the reactions that this card takes."""


# ---- cards -----------------------------------------------------------------------------------------------
def publish_card(
    circle_id: int, kind: str, item_id: int, author_id: int, *, notify: bool = False, teaching: bool = False
) -> FeedRow:
    """Let a card stand in a circle. `teaching`: a teacher's card that takes the signals. In a further circle it has
    the thread that there is."""
    count = sa.update(Circle).where(Circle.id == circle_id).values(cards=Circle.cards + 1)
    number = db.session.execute(count.returning(Circle.cards)).scalar_one()
    also = db.session.scalar(sa.select(sa.exists().where(Thread.kind == kind, Thread.item_id == item_id)))
    card = {"circle_id": circle_id, "kind": kind, "item_id": item_id, "author_id": author_id}
    if not also:
        db.session.add(Thread(**card, teaching=teaching, reactions={}))
    row = put(FeedRow(**card, number=number, also=bool(also)))
    was_current = (
        Membership.circle_id == circle_id,
        Membership.identity_id == author_id,
        Membership.read == number - 1,
    )
    db.session.execute(sa.update(Membership).where(*was_current).values(read=number))
    say_fresh(f"circle-{circle_id}", row.id, author_id)
    emit_fact(CardPublished(kind, item_id, circle_id, row.id, author_id, notify))
    return row


def withdraw_card(kind: str, item_id: int, circle_id: int | None = None) -> None:
    """Take a card down wherever it stands, and its thread closes with it; or in one circle only."""
    rows = _rows(kind, item_id)
    gone = [row for row in rows if circle_id in (None, row.circle_id)]
    for row in gone:
        row.shown, row.pinned_at, row.featured_at = False, None, None
        say_gone(f"circle-{row.circle_id}", dom_id(row))
    db.session.flush()
    if circle_id is not None and len(gone) < len(rows):
        emit_fact(CardLeft(kind, item_id, circle_id))
    else:
        emit_fact(CardWithdrawn(kind, item_id))


def restore_card(kind: str, item_id: int, circle_id: int) -> None:
    """Let a card that was taken down in a circle stand there again; its thread opens with it."""
    here = FeedRow.kind == kind, FeedRow.item_id == item_id, FeedRow.circle_id == circle_id
    for row in db.session.scalars(sa.select(FeedRow).where(*here, FeedRow.shown.is_(False))).all():
        row.shown = True
        say_fresh(f"circle-{row.circle_id}", row.id, row.author_id)
    db.session.flush()
    emit_fact(CardChanged(kind, item_id))


def card_changed(kind: str, item_id: int) -> None:
    """Draw a card's body anew wherever it stands."""
    body = card_of_kind(kind).body
    for row in _rows(kind, item_id):
        if not _hidden_from_some(row.circle_id, kind, item_id):
            say_push(f"circle-{row.circle_id}", f"{kind}-{item_id}", "self", body, "card", kind=kind, item_id=item_id)
    this = Thread.kind == kind, Thread.item_id == item_id
    db.session.execute(sa.update(Thread).where(*this).values(version=Thread.version + 1))
    emit_fact(CardChanged(kind, item_id))


def foot_moved(kind: str, item_id: int) -> None:
    """What stands under a card for each viewer is another; open pages ask for their own again."""
    for circle_id in touch_thread(kind, item_id):
        say_poke(f"circle-{circle_id}", f"foot-{kind}-{item_id}")


def touch_thread(kind: str, item_id: int) -> list[int]:
    """Rows of the card are drawn anew from here on. The circles in which it stands."""
    this = Thread.kind == kind, Thread.item_id == item_id
    db.session.execute(sa.update(Thread).where(*this).values(version=Thread.version + 1))
    return circles_of(kind, item_id)


def circles_of(kind: str, item_id: int) -> list[int]:
    """Where a card stands."""
    here = FeedRow.kind == kind, FeedRow.item_id == item_id, FeedRow.shown
    return list(db.session.scalars(sa.select(FeedRow.circle_id).where(*here).order_by(FeedRow.id)))


def pin_card(kind: str, item_id: int, circle_id: int | None = None) -> None:
    """Keep a card at the top of its circle. Raises TooManyPins."""
    for row in _rows(kind, item_id, circle_id):
        others = sa.select(sa.func.count()).where(
            FeedRow.circle_id == row.circle_id, FeedRow.pinned_at.is_not(None), FeedRow.id != row.id
        )
        if (db.session.scalar(others) or 0) >= PINS:
            raise TooManyPins
        row.pinned_at = row.pinned_at or clock.now()


def unpin_card(kind: str, item_id: int, circle_id: int | None = None) -> None:
    for row in _rows(kind, item_id, circle_id):
        row.pinned_at = None


def feature_card(kind: str, item_id: int, circle_id: int | None = None) -> None:
    """Put a card among the circle's featured ones."""
    for row in _rows(kind, item_id, circle_id):
        row.featured_at = row.featured_at or clock.now()


def unfeature_card(kind: str, item_id: int, circle_id: int | None = None) -> None:
    for row in _rows(kind, item_id, circle_id):
        row.featured_at = None


def _rows(kind: str, item_id: int, circle_id: int | None = None) -> list[FeedRow]:
    """Where the card stands (or its row in one circle), with the circles locked: two who pin at once would both count
    two pins."""
    found = sa.select(FeedRow).where(FeedRow.kind == kind, FeedRow.item_id == item_id, FeedRow.shown)
    rows = db.session.scalars(found if circle_id is None else found.where(FeedRow.circle_id == circle_id)).all()
    for number in sorted({row.circle_id for row in rows}):
        db.session.get(Circle, number, with_for_update={"key_share": True})
    return list(rows)


def _hidden_from_some(circle_id: int, kind: str, item_id: int) -> bool:
    """Whether the circle's past hides this card from a newcomer: then nothing of it is pushed to everybody."""
    hidden = sa.exists().where(
        Circle.id == circle_id,
        Circle.history != "all",
        FeedRow.circle_id == Circle.id,
        FeedRow.kind == kind,
        FeedRow.item_id == item_id,
        FeedRow.pinned_at.is_(None),
        Membership.circle_id == Circle.id,
        Membership.state == "active",
        Membership.role == "member",
        Membership.sees_from > FeedRow.at,
    )
    return db.session.scalar(sa.select(hidden)) is True


def _open_circles(thread: Thread, circles: list[int]) -> list[int]:
    """Those whose every member sees the card: to the others nothing of it is pushed."""
    return [number for number in circles if not _hidden_from_some(number, thread.kind, thread.item_id)]


# ---- comments --------------------------------------------------------------------------------------------
def add_comment(viewer: Viewer, thread: Thread, body: str, client_id: str, parent: Comment | None = None) -> Comment:
    """Say something about a card; a reply to a reply stands under the same comment. Sent twice, said once."""
    lock(thread)
    sent = sa.select(Comment).where(Comment.author_id == viewer.identity_id, Comment.client_id == client_id)
    if (known := db.session.scalar(sent)) is not None:
        return known
    throttle.calm(viewer.person_id)
    circles = circles_of(thread.kind, thread.item_id)
    answers = parent if parent is not None and parent.thread_id == thread.id else None
    above = (answers.parent_id or answers.id) if answers else None
    comment = put(
        Comment(
            thread_id=thread.id,
            author_id=viewer.identity_id,
            parent_id=above,
            body=body,
            client_id=client_id,
            mentions=found_in(circles, body),
        )
    )
    thread.comments += 1
    target = f"replies-{above}" if above else f"comments-{thread.id}"
    template = "feed/_comment.html"
    _push(_open_circles(thread, circles), target, "beforeend", template, "comment", comment.id)
    answers_id = answers.id if answers else None
    emit_fact(CommentAdded(comment.id, thread.id, thread.circle_id, viewer.identity_id, above, answers_id))
    _moved(thread, circles)
    return comment


def delete_comment(viewer: Viewer, comment: Comment) -> None:
    """Take back one's own comment; its replies stay."""
    _silence(viewer, comment, "")


def hide_comment(viewer: Viewer, comment: Comment, reason: str) -> None:
    """Take down somebody's comment, and say why."""
    if comment.deleted_at is not None:
        return
    _silence(viewer, comment, reason)
    _note(viewer, comment, "hide", reason)


def restore_comment(viewer: Viewer, comment: Comment) -> None:
    """Let a hidden comment be read again."""
    comment.deleted_at, comment.deleted_by, comment.reason = None, None, ""
    _said_otherwise(comment, 1)
    _note(viewer, comment, "restore")


def _note(viewer: Viewer, comment: Comment, act: str, reason: str = "") -> None:
    circle_id = db.session.get_one(Thread, comment.thread_id).circle_id
    emit_fact(Moderated(circle_id, viewer.identity_id, act, comment.author_id, "comment", comment.id, reason))


def _silence(viewer: Viewer, comment: Comment, reason: str) -> None:
    if comment.deleted_at is not None:
        return
    comment.deleted_at, comment.deleted_by, comment.reason = clock.now(), viewer.identity_id, reason
    thread = _said_otherwise(comment, -1)
    emit_fact(CommentRemoved(comment.id, thread.id, thread.circle_id, comment.author_id, viewer.identity_id))


def _said_otherwise(comment: Comment, more: int) -> Thread:
    thread = lock(db.session.get_one(Thread, comment.thread_id))
    thread.comments += more
    said = dom_id(comment, "said")
    circles = circles_of(thread.kind, thread.item_id)
    _push(circles, said, "self", "feed/_said.html", "comment", comment.id)
    _moved(thread, circles)
    return thread


# ---- reactions -------------------------------------------------------------------------------------------
def react(viewer: Viewer, thread: Thread, axis: str, key: str) -> None:
    """Set one's reaction on an axis, or take it back when it is set. Raises NoReaction."""
    if axis_of(key) != axis or (axis == "signal" and not thread.teaching):
        raise NoReaction(key)
    lock(thread)
    throttle.calm(viewer.person_id, "reactions")
    mine = db.session.get(Reaction, (thread.id, viewer.identity_id, axis))
    if mine is None:
        db.session.add(Reaction(thread_id=thread.id, identity_id=viewer.identity_id, axis=axis, key=key))
    elif mine.key == key:
        db.session.delete(mine)
        key = ""
    else:
        mine.key = key
    db.session.flush()
    counted = sa.select(Reaction.key, sa.func.count()).where(Reaction.thread_id == thread.id)
    thread.reactions = {name: n for name, n in db.session.execute(counted.group_by(Reaction.key)).all()}
    _moved(thread, circles_of(thread.kind, thread.item_id))
    emit_fact(Reacted(thread.id, thread.circle_id, viewer.identity_id, axis, key))


def _moved(thread: Thread, circles: list[int]) -> None:
    """Say that the counters moved; every page that shows them follows."""
    thread.version += 1
    db.session.flush()
    _push(circles, dom_id(thread, "counts"), "self", "feed/_counts.html", "counts", thread.id)
    emit_fact(ThreadMoved(thread.kind, thread.item_id, thread.circle_id))


def _push(circles: list[int], target: str, where: str, template: str, loader: str, number: int) -> None:
    """Into every circle in which the card stands."""
    for circle_id in circles:
        say_push(f"circle-{circle_id}", target, where, template, loader, id=number)
