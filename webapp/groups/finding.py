"""How groups and what was said in them are found."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.feed.labels import role_words
from webapp.groups.models import Group, GroupMember, Message
from webapp.groups.policy import Rule
from webapp.groups.queries import SIZE
from webapp.kit.db import db
from webapp.kit.dom import dom_id
from webapp.kit.finding import Hit, Rows, findable, place
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer

AFTER = 20  # messages after the one that was found, in the stretch of an old one


@place("group", N_("Groups"))
def mine(viewer: Viewer) -> Rows:
    rows = sa.select(Group.id, Group.name).join(GroupMember, GroupMember.group_id == Group.id)
    return rows.where(GroupMember.identity_id == viewer.identity_id, GroupMember.state == "active")


# ---- messages ------------------------------------------------------------------------------------
def texts() -> Rows:
    columns = (Message.id, Message.body.label("text"), Message.at, Message.group_id.label("place_id"))
    rows = sa.select(*columns, Message.author_id)
    return rows.where(Message.kind.is_(None), Message.recalled_at.is_(None))


@findable(
    "message",
    Message,
    Rule.MESSAGE_READ,
    N_("Messages"),
    texts=texts,
    place="group",
    tab=3,
    watched={Message: ("body", "recalled_at", "kind")},
)
def load(viewer: Viewer, ids: list[int]) -> dict[int, Hit]:
    rows = sa.select(Message, Group).join(Group, Group.id == Message.group_id).where(Message.id.in_(ids))
    return {
        message.id: Hit(
            address=f"/messages/{message.id}",
            title=message.author.name,
            role=role_words(message.author),
            text=message.body,
            where=group.name,
            at=message.at,
            ring=message.author.initials,
            look="p t" if message.author.teaches else "p",
        )
        for message, group in db.session.execute(rows.options(joinedload(Message.author)))
    }


def place_of(message: Message) -> str:
    """The chat at the message: its newest stretch, or the one that ends a little after it."""
    later = sa.select(Message.id).where(Message.group_id == message.group_id, Message.id > message.id)
    after = db.session.scalars(later.order_by(Message.id).limit(SIZE)).all()
    stretch = f"?from={after[AFTER]}" if len(after) == SIZE else ""
    return f"/groups/{message.group_id}{stretch}#{dom_id(message)}"


# ---- groups --------------------------------------------------------------------------------------
def group_texts() -> Rows:
    """Its name only: the announcement is for members, and to find is to know."""
    nobody = sa.literal(None, sa.Integer)
    columns = (Group.id, Group.name.label("text"), Group.created_at.label("at"))
    return sa.select(*columns, nobody.label("place_id"), nobody.label("author_id"))


@findable(
    "group",
    Group,
    Rule.GROUP_FIND,
    N_("Groups"),
    texts=group_texts,
    tab=5,
    watched={Group: ("name",)},
    named=True,
)
def load_groups(viewer: Viewer, ids: list[int]) -> dict[int, Hit]:
    """The announcement is for members; others see the name."""
    member = sa.and_(GroupMember.group_id == Group.id, GroupMember.identity_id == viewer.identity_id)
    rows = sa.select(Group, GroupMember.state).outerjoin(GroupMember, member).where(Group.id.in_(ids))
    return {
        group.id: Hit(
            address=f"/groups/{group.id}",
            title=group.name,
            text=group.announcement if state == "active" else "",
            ring=group.short,
        )
        for group, state in db.session.execute(rows)
    }
