"""What is said and shown under cards, of whatever kind."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from webapp.feed.events import CardWithdrawn, CommentAdded, CommentRemoved, Reacted
from webapp.feed.models import Comment, Thread
from webapp.feed.policy import Rule
from webapp.inbox.actions import Thing, keep_people, lines_of, tell, tell_again, withdraw
from webapp.inbox.audience import among, person_target, readers
from webapp.inbox.kinds import in_circle, kind, seen, to_card, to_circle
from webapp.inbox.models import InboxLine
from webapp.kit.db import db
from webapp.kit.events import on
from webapp.kit.i18n import N_
from webapp.posts.models import Post


def to_comment(line: InboxLine) -> str:
    return f"{to_card(line)}#comment-{line.item_id}"


_comment = sa.select(Comment.body).where(Comment.id == InboxLine.item_id).scalar_subquery()
_reason = sa.select(Comment.reason).where(Comment.id == InboxLine.item_id).scalar_subquery()
_post = sa.select(Post.body).join(Thread, sa.and_(Thread.kind == "post", Thread.item_id == Post.id))
_standing = (Comment.id == InboxLine.item_id, Comment.deleted_at.is_(None))
_said = seen(Thread, Comment.thread_id, Rule.THREAD_READ, *_standing)

kind(
    "mention_comment",
    words=N_("{who} mentioned you in {place}"),
    symbol="comment",
    chip="mention",
    address=to_comment,
    see=_said,
    quote=_comment,
)
kind(
    "reply",
    words=N_("{who} replied to your comment"),
    symbol="comment",
    chip="said",
    address=to_comment,
    see=_said,
    quote=_comment,
    mutable=True,
)
kind(
    "comment",
    words=N_("{who} commented on your post"),
    symbol="comment",
    chip="said",
    address=to_comment,
    see=_said,
    quote=_comment,
    mutable=True,
)
kind(
    "comment_hidden",
    words=N_("Your comment in {place} was hidden"),
    symbol="eye",
    chip="other",
    address=to_circle,
    see=in_circle,
    quote=_reason,
)
kind(
    "reaction",
    words=N_("{who} reacted to your post"),
    symbol="heart",
    chip="said",
    address=to_card,
    see=seen(Thread, InboxLine.item_id, Rule.THREAD_READ),
    quote=_post.where(Thread.id == InboxLine.item_id).scalar_subquery(),
    calm=True,
    mutable=True,
)


def about(thread: Thread) -> str:
    return f"{thread.kind}-{thread.item_id}"


def _muting(thread: Thread, identity_id: int) -> list[str]:
    """What one may have muted not to hear this."""
    return [about(thread), f"circle-{thread.circle_id}", person_target(identity_id)]


@on(CommentAdded)
def comment_added(fact: CommentAdded) -> None:
    """One line a person at most: who is named hears that; else who is answered; else whose card it is."""
    comment, thread = db.session.get_one(Comment, fact.comment_id), db.session.get_one(Thread, fact.thread_id)
    told, muting = {fact.author_id}, _muting(thread, fact.author_id)
    thing = Thing("mention_comment", f"comment-{comment.id}", about(thread), comment.id, fact.circle_id)
    thing = replace(thing, people=[fact.author_id])
    mentions = [number for _name, number in comment.mentions]
    named = among(readers(fact.circle_id, mentions), told) if mentions else []
    tell(thing, named)
    told |= set(named)
    if fact.answers_id:
        asked = [db.session.get_one(Comment, fact.answers_id).author_id]
        answered = among(readers(fact.circle_id, asked), told, muting)
        tell_again(replace(thing, kind="reply", subject=f"replies-{fact.answers_id}"), answered)
        told |= set(asked)
    owner = among(readers(fact.circle_id, [thread.author_id]), told, muting)
    tell_again(replace(thing, kind="comment", subject=f"comments-{thread.id}"), owner)


@on(CommentRemoved)
def comment_removed(fact: CommentRemoved) -> None:
    """Nobody is told of it any more; who wrote it hears why another took it down."""
    removed, thread = db.session.get_one(Comment, fact.comment_id), db.session.get_one(Thread, fact.thread_id)
    withdraw(InboxLine.subject == f"comment-{removed.id}")
    for line in lines_of(InboxLine.about == about(thread), InboxLine.kind.in_(("comment", "reply"))):
        if removed.author_id in line.people:
            _without(line, removed)
    if fact.by_id != fact.author_id:
        thing = Thing("comment_hidden", f"hidden-comment-{removed.id}", about(thread), removed.id, fact.circle_id)
        tell(thing, [fact.author_id])


def _without(line: InboxLine, removed: Comment) -> None:
    """The people of the line who still say something here, and the latest that is said."""
    here = [Comment.thread_id == removed.thread_id, Comment.deleted_at.is_(None), Comment.author_id.in_(line.people)]
    if line.kind == "reply":
        here.append(Comment.parent_id == removed.parent_id)
    latest = sa.select(Comment.author_id, sa.func.max(Comment.id)).where(*here).group_by(Comment.author_id)
    living = {author: number for author, number in db.session.execute(latest)}
    keep_people(line, [one for one in line.people if one in living], max(living.values(), default=0))


@on(Reacted)
def reacted(fact: Reacted) -> None:
    """Moods only: a signal to the teacher has no name."""
    thread = db.session.get_one(Thread, fact.thread_id)
    if fact.axis != "mood" or thread.author_id == fact.identity_id:
        return
    subject = f"reactions-{thread.id}"
    if not fact.key:
        for line in lines_of(InboxLine.subject == subject):
            keep_people(line, [one for one in line.people if one != fact.identity_id], line.item_id)
        return
    owner = among(readers(fact.circle_id, [thread.author_id]), (), _muting(thread, fact.identity_id))
    thing = Thing("reaction", subject, about(thread), thread.id, fact.circle_id, people=[fact.identity_id])
    tell_again(thing, owner)


@on(CardWithdrawn)
def card_withdrawn(fact: CardWithdrawn) -> None:
    withdraw(InboxLine.about == f"{fact.kind}-{fact.item_id}")
