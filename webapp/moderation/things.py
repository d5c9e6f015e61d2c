"""What can be reported: how each kind is found, whose it is, what stands around it, and how it is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import Identity
from webapp.circles.models import Circle, Membership
from webapp.feed import cards
from webapp.feed.actions import hide_comment
from webapp.feed.models import Comment, Thread
from webapp.groups.actions import remove_message
from webapp.groups.models import Group, GroupMember, Message
from webapp.kit.db import db
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.moderation.policy import Rule
from webapp.posts.actions import hide_post
from webapp.posts.models import Post

AROUND = 3  # what was said before and after
LATEST = 5  # what a person said last


@dataclass(frozen=True)
class Line:
    """Something said, as it is; `this`: what was reported."""

    name: str
    text: str
    at: datetime
    this: bool = False


@dataclass(frozen=True)
class Thing:
    """A reported thing. `stands`: it can still be hidden."""

    kind: str
    row: Any
    identity: Identity
    text: str
    stands: bool
    address: str
    circle: Circle | None = None
    group: Group | None = None

    @property
    def organisation_id(self) -> int | None:
        place = self.circle or self.group
        return place.organisation_id if place is not None else None

    @property
    def place(self) -> str:
        """Where whoever reported goes on."""
        return f"/circles/{self.circle.id}" if self.circle else f"/groups/{self.group.id if self.group else 0}"


@dataclass(frozen=True)
class Kind:
    words: str  # "a post", marked for translation
    rule: Rule  # who may report it
    model: type[Any]
    thing: Callable[[Any], Thing]
    around: Callable[[Thing], Sequence[Line]]
    hide: Callable[[Viewer, Any, str], None] | None = None


def thing_of(kind: str, item_id: int) -> Thing | None:
    """The thing as it is now; None when it is gone."""
    row = db.session.get(KINDS[kind].model, item_id)
    return KINDS[kind].thing(row) if row is not None else None


# ---- posts -----------------------------------------------------------------------------------------------
def _post(row: Post) -> Thing:
    return Thing(
        "post",
        row,
        db.session.get_one(Identity, row.author_id),
        row.body,
        row.state == "published",
        f"/posts/{row.id}",
        circle=db.session.get_one(Circle, row.circle_id),
    )


def _nothing(_thing: Thing) -> Sequence[Line]:
    return ()


# ---- comments --------------------------------------------------------------------------------------------
def _comment(row: Comment) -> Thing:
    thread = db.session.get_one(Thread, row.thread_id)
    address = f"{cards.kind(thread.kind).address(thread.item_id)}#comment-{row.id}"
    author = db.session.get_one(Identity, row.author_id)
    circle = db.session.get_one(Circle, thread.circle_id)
    return Thing("comment", row, author, row.body, row.deleted_at is None, address, circle=circle)


def _thread(thing: Thing) -> Sequence[Line]:
    here = sa.select(Comment).where(Comment.thread_id == thing.row.thread_id)
    return _surroundings(here.options(joinedload(Comment.author)), Comment, thing.row.id)


# ---- messages --------------------------------------------------------------------------------------------
def _message(row: Message) -> Thing:
    author, group = db.session.get_one(Identity, row.author_id), db.session.get_one(Group, row.group_id)
    return Thing("message", row, author, row.body, row.recalled_at is None, f"/messages/{row.id}", group=group)


def _chat(thing: Thing) -> Sequence[Line]:
    words = (Message.group_id == thing.row.group_id, Message.kind.is_(None))
    here = sa.select(Message).where(*words, sa.or_(Message.recalled_at.is_(None), Message.id == thing.row.id))
    return _surroundings(here.options(joinedload(Message.author)), Message, thing.row.id)


# ---- people ----------------------------------------------------------------------------------------------
def _member(row: Membership) -> Thing:
    identity, circle = db.session.get_one(Identity, row.identity_id), db.session.get_one(Circle, row.circle_id)
    return Thing("member", row, identity, "", False, f"/circles/{circle.id}/members/{row.id}", circle=circle)


def _their_posts(thing: Thing) -> Sequence[Line]:
    mine = sa.select(Post).where(
        Post.circle_id == thing.row.circle_id, Post.author_id == thing.row.identity_id, Post.state == "published"
    )
    return _lines(db.session.scalars(mine.options(joinedload(Post.author)).order_by(Post.id.desc()).limit(LATEST)))


def _group_member(row: GroupMember) -> Thing:
    identity, group = db.session.get_one(Identity, row.identity_id), db.session.get_one(Group, row.group_id)
    return Thing("group_member", row, identity, "", False, f"/groups/{group.id}/members/{row.id}", group=group)


def _their_messages(thing: Thing) -> Sequence[Line]:
    mine = sa.select(Message).where(
        Message.group_id == thing.row.group_id,
        Message.author_id == thing.row.identity_id,
        Message.kind.is_(None),
        Message.recalled_at.is_(None),
    )
    found = mine.options(joinedload(Message.author)).order_by(Message.id.desc()).limit(LATEST)
    return _lines(db.session.scalars(found))


def _surroundings(here: sa.Select[Any], model: Any, number: int) -> Sequence[Line]:
    """What was said just before, the thing itself, and what was said just after."""
    before = db.session.scalars(here.where(model.id < number).order_by(model.id.desc()).limit(AROUND)).all()
    after = db.session.scalars(here.where(model.id >= number).order_by(model.id).limit(AROUND + 1)).all()
    return _lines([*reversed(before), *after], number)


def _lines(rows: Any, this: int = 0) -> list[Line]:
    return [Line(row.author.name, row.body, row.at, row.id == this) for row in rows]


KINDS: dict[str, Kind] = {
    "post": Kind(N_("a post"), Rule.POST_REPORT, Post, _post, _nothing, hide_post),
    "comment": Kind(N_("a comment"), Rule.COMMENT_REPORT, Comment, _comment, _thread, hide_comment),
    "message": Kind(N_("a message"), Rule.MESSAGE_REPORT, Message, _message, _chat, remove_message),
    "member": Kind(N_("a person"), Rule.MEMBER_REPORT, Membership, _member, _their_posts),
    "group_member": Kind(N_("a person"), Rule.GROUP_MEMBER_REPORT, GroupMember, _group_member, _their_messages),
}
