"""What pages of groups need to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import Forbidden, NotFound

from webapp.circles.models import Circle
from webapp.groups import stretch
from webapp.groups.models import Group, GroupMember, KeepRequest, Link, Message
from webapp.groups.policy import Rule
from webapp.groups.stretch import Part, Piece
from webapp.kit import clock
from webapp.kit.db import db
from webapp.kit.policy import Viewer, allowed, granted, kept

SIZE = 50  # messages a page
FRESH = 200  # messages told at once to a page that comes back
BOUND = 200  # groups in a list

_ASKED = {
    "may_read": Rule.GROUP_READ,
    "may_join": Rule.GROUP_JOIN,
    "may_invite": Rule.GROUP_INVITE,
    "may_speak": Rule.GROUP_SPEAK,
    "may_administer": Rule.GROUP_ADMINISTER,
    "may_own": Rule.GROUP_OWN,
}


# ---- one group -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Chat:
    """A group as this viewer stands to it."""

    group: Group
    member: GroupMember | None  # the viewer's own row, whatever its state
    members: int
    circles: Sequence[Circle]  # that it is linked to
    asked: bool  # somebody waits for the viewer's word on keeping a message
    may_read: bool
    may_join: bool
    may_invite: bool
    may_speak: bool
    may_administer: bool
    may_own: bool

    @property
    def read(self) -> int:
        return self.member.read if self.member is not None and self.may_read else self.group.messages

    @property
    def muted_until(self) -> datetime | None:
        until = self.member.muted_until if self.member is not None else None
        return until if until is not None and until > clock.now() else None


def open_group(viewer: Viewer, group_id: int, rule: Rule = Rule.GROUP_READ) -> Chat:
    """A group through the viewer, in one statement. Raises NotFound, or Forbidden where `rule` fails."""
    found = _opened(viewer, group=group_id).all()
    if not found:
        raise NotFound
    told = found[0]._mapping
    asked = {name: bool(told[name]) for name in _ASKED}
    if rule is not Rule.GROUP_FIND and not asked[_named(rule)]:
        raise Forbidden
    circles = [row.Circle for row in found if row.Circle is not None]
    return Chat(told["Group"], told["GroupMember"], told["members"], circles, bool(told["asked"]), **asked)


GROUP = sa.bindparam("group", type_=sa.BigInteger())


@kept
def _opened(viewer: Viewer) -> sa.Select[Any]:
    count = sa.select(sa.func.count()).where(GroupMember.group_id == GROUP, GroupMember.state == "active")
    return (
        sa.select(
            Group,
            GroupMember,
            Circle,
            count.correlate(None).scalar_subquery().label("members"),
            _asked(viewer).label("asked"),
            *(granted(each, viewer).label(name) for name, each in _ASKED.items()),
        )
        .outerjoin(GroupMember, _mine(viewer))
        .outerjoin(Link, Link.group_id == Group.id)
        .outerjoin(Circle, Circle.id == Link.circle_id)
        .where(Group.id == GROUP, allowed(Rule.GROUP_FIND, viewer))
        .order_by(Link.id)
    )


def _named(rule: Rule) -> str:
    return next(name for name, each in _ASKED.items() if each is rule)


def _mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(GroupMember.group_id == Group.id, GroupMember.identity_id == viewer.identity_id)


def _asked(viewer: Viewer) -> sa.ColumnElement[bool]:
    waiting = sa.select(KeepRequest.id).join(Message, Message.id == KeepRequest.message_id)
    mine = (KeepRequest.author_id == viewer.identity_id, KeepRequest.state == "asked")
    return sa.exists(waiting.where(*mine, Message.group_id == GROUP).correlate(None))


# ---- what was said -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Talk:
    """A stretch of a chat, oldest first."""

    parts: Sequence[Part]
    first: Piece | None
    older: int | None  # the cursor of the stretch before it
    newest: int  # id of the last message


def talk(chat: Chat, before: int | None, viewer: Viewer) -> Talk:
    """The newest messages of a group, or those before one."""
    group = chat.group.id
    found = stretch.before(viewer, group, before, SIZE + 1) if before else stretch.newest(viewer, group, SIZE + 1)
    extra = found[0] if len(found) > SIZE else None
    drawn = stretch.pieces(group, found[-SIZE:], extra)
    new = [piece.id for piece in drawn if piece.number > chat.read and piece.author_id != viewer.identity_id]
    if not drawn:
        return Talk((), None, None, 0)
    older = drawn[0].id if extra is not None else None
    return Talk(stretch.parts(drawn, min(new, default=None)), drawn[0], older, drawn[-1].id)


def fresh(viewer: Viewer, group_id: int, after: int) -> list[Part]:
    """What was said after a message, oldest first."""
    found = stretch.after(viewer, group_id, after, FRESH)
    last = stretch.before(viewer, group_id, found[0].id, 1) if found else []
    return stretch.parts(stretch.pieces(group_id, found, last[0] if last else None))


@dataclass(frozen=True)
class Listed:
    """A group in my list."""

    group: Group
    unread: int
    last: Message | None
    circle: Circle | None  # where the last message's card came from


def my_groups(viewer: Viewer, *where: sa.ColumnElement[bool]) -> list[Listed]:
    """The viewer's groups (of which `where` holds), the liveliest first, in one statement."""
    newest = (
        sa.select(Message.id)
        .where(Message.group_id == Group.id)
        .order_by(Message.id.desc())
        .limit(1)
        .correlate(Group)
        .scalar_subquery()
    )
    found = db.session.execute(
        sa.select(Group, GroupMember.read, Message, Circle)
        .join(GroupMember, sa.and_(_mine(viewer), GroupMember.state == "active"))
        .outerjoin(Message, Message.id == newest)
        .outerjoin(Circle, Circle.id == Message.circle_id)
        .options(joinedload(Message.author))
        .where(*where)
        .order_by(sa.func.coalesce(Message.id, 0).desc(), Group.id.desc())
        .limit(BOUND)
    ).all()
    return [Listed(row.Group, max(0, row.Group.messages - row.read), row.Message, row.Circle) for row in found]
