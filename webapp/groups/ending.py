"""How a group is called, and how it ends: dissolved, it can be read by its members and nobody writes or joins."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.groups.events import GroupDissolved, GroupRenamed
from webapp.groups.linking import unlink
from webapp.groups.models import Group, GroupInvitation, GroupMember, KeepRequest, Link, Message
from webapp.kit import clock
from webapp.kit.db import db
from webapp.kit.events import emit_fact
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke


def rename(viewer: Viewer, group: Group, name: str) -> None:
    """Give the group another name."""
    if group.name == name:
        return
    group.name = name
    db.session.flush()
    emit_fact(GroupRenamed(group.id, viewer.identity_id))


def dissolve(viewer: Viewer, group: Group) -> None:
    """End the group. Its circles lose it, its links open nothing, and what waits for an answer waits no longer."""
    if group.archived_at is not None:
        return
    for link in db.session.scalars(sa.select(Link).where(Link.group_id == group.id).order_by(Link.circle_id)).all():
        unlink(viewer, link)
    group.archived_at = clock.now()
    open_links = (GroupInvitation.group_id == group.id, GroupInvitation.revoked_at.is_(None))
    for change in (
        sa.update(GroupInvitation).where(*open_links).values(revoked_at=clock.now()),
        sa.delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.state.in_(("asked", "refused"))),
        sa.delete(KeepRequest).where(
            KeepRequest.state == "asked",
            KeepRequest.message_id.in_(sa.select(Message.id).where(Message.group_id == group.id)),
        ),
    ):
        db.session.execute(change, execution_options={"synchronize_session": False})
    db.session.flush()
    say_poke(f"group-{group.id}", f"board-group-{group.id}")
    emit_fact(GroupDissolved(group.id, viewer.identity_id))
