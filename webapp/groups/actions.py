"""The only writers of groups, members and messages; links are in linking.py."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.exceptions import Conflict

from webapp.accounts.models import Identity
from webapp.circles.models import Circle
from webapp.groups import mentions, saying
from webapp.groups.events import (
    GroupJoined,
    GroupLeft,
    GroupModerated,
    GroupRoleChanged,
    KeepAnswered,
    KeepAsked,
    MessageKept,
    MessageRecalled,
    MessageRestored,
    MessageSent,
)
from webapp.groups.models import CardOpen, Group, GroupMember, KeepRequest, Message
from webapp.kit import clock, throttle
from webapp.kit.db import db, is_postgresql, put
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.kit.push import say_end, say_poke


class TooLate(Conflict):
    own_words = True
    description = N_("It was taken back meanwhile.")


# ---- groups and members --------------------------------------------------------------------------
def make_group(viewer: Viewer, name: str, organisation_id: int | None = None) -> Group:
    """A new group; the viewer owns it."""
    group = put(Group(name=name, organisation_id=organisation_id, messages=0, muted_all=False))
    join(group, db.session.get_one(Identity, viewer.identity_id), "owner")
    return group


def join(group: Group, identity: Identity, role: str = "member", by_id: int = 0) -> GroupMember:
    """Let an identity belong to the group; who belongs stays as they are. Nothing said before is unread. `by_id` is
    who adds it."""
    member = _member(group.id, identity.id)
    if member is not None and member.state == "active":
        return member
    if member is None:
        member = GroupMember(group_id=group.id, identity_id=identity.id)
        db.session.add(member)
    member.state, member.role, member.read = "active", role, group.messages
    member.joined_at = clock.now()
    db.session.flush()
    _say_members(group.id)
    say_poke(f"viewer-{identity.id}", "nav")
    emit_fact(GroupJoined(group.id, identity.id, by_id))
    return member


def leave(viewer: Viewer, group: Group) -> None:
    """Leave a group. When its owner leaves, its oldest administrator owns it, else its oldest member."""
    member = _member(group.id, viewer.identity_id)
    if member is not None and member.state == "active":
        _end(member, "left")


def remove(viewer: Viewer, member: GroupMember) -> None:
    """Remove somebody, who cannot come back by their own decision."""
    _end(member, "removed")
    _note(viewer, member, "remove")


def end_member(member: GroupMember) -> None:
    """An identity that ended belongs to no group."""
    _end(member, "left")


def _end(member: GroupMember, state: str) -> None:
    owned = member.role == "owner"
    member.state, member.role = state, "member"
    db.session.flush()
    if owned:
        _succeed(member.group_id)
    _say_members(member.group_id)
    say_end(f"viewer-{member.identity_id}")  # their open pages are asked again
    emit_fact(GroupLeft(member.group_id, member.identity_id))


def _succeed(group_id: int) -> None:
    oldest = sa.select(GroupMember).where(GroupMember.group_id == group_id, GroupMember.state == "active")
    order = ((GroupMember.role == "admin").desc(), GroupMember.joined_at, GroupMember.id)
    heir = db.session.scalar(oldest.order_by(*order).limit(1))
    if heir is not None:
        heir.role = "owner"
        _say_role(heir)


def appoint(viewer: Viewer, member: GroupMember, role: str) -> None:
    """Make somebody administrator or member again; `owner` hands the group over."""
    if role == "owner":
        mine = _member(member.group_id, viewer.identity_id)
        assert mine is not None
        mine.role = "admin"
    if member.role != role:
        member.role = role
        _say_role(member, viewer.identity_id)
    _say_members(member.group_id)
    _note(viewer, member, {"owner": "hand_over", "admin": "appoint"}.get(role, "dismiss"))


def _say_role(member: GroupMember, by_id: int = 0) -> None:
    db.session.flush()
    emit_fact(GroupRoleChanged(member.group_id, member.identity_id, member.role, by_id))


def mute(viewer: Viewer, member: GroupMember, until: datetime | None) -> None:
    """Silence somebody until then; None lets them speak again."""
    member.muted_until = until
    _say_members(member.group_id)
    _note(viewer, member, "mute" if until else "unmute")


def mute_all(viewer: Viewer, group: Group, silent: bool) -> None:
    """Only owner, administrators and teachers speak, or everybody again."""
    group.muted_all = silent
    _say_board(group.id)
    emit_fact(GroupModerated(group.id, viewer.identity_id, "mute_all" if silent else "unmute_all", None))


def announce(viewer: Viewer, group: Group, words: str) -> None:
    """Set the line above the chat; empty takes it down."""
    group.announcement = words
    _say_board(group.id)


def _note(viewer: Viewer, member: GroupMember, act: str) -> None:
    db.session.flush()
    emit_fact(GroupModerated(member.group_id, viewer.identity_id, act, member.identity_id))


def _member(group_id: int, identity_id: int) -> GroupMember | None:
    mine = sa.select(GroupMember).where(GroupMember.group_id == group_id, GroupMember.identity_id == identity_id)
    return db.session.scalar(mine)


def _say_members(group_id: int) -> None:
    say_poke(f"group-{group_id}", f"members-group-{group_id}")


def _say_board(group_id: int) -> None:
    say_poke(f"group-{group_id}", f"board-group-{group_id}")


# ---- messages ------------------------------------------------------------------------------------
def send_message(viewer: Viewer, group: Group, body: str, client_id: str, quote: Message | None = None) -> Message:
    """Say something in a group whose row is locked. Sent twice, said once."""
    sent = sa.select(Message).where(Message.author_id == viewer.identity_id, Message.client_id == client_id)
    if (known := db.session.scalar(sent)) is not None:
        return known
    throttle.calm(viewer.person_id)
    quotable = quote is not None and quote.group_id == group.id and quote.recalled_at is None
    message = Message(
        author_id=viewer.identity_id,
        client_id=client_id,
        body=body,
        mentions=mentions.found_in(group.id, body),
        quote_id=quote.id if quote is not None and quotable else None,
        at=clock.now(),
    )
    saying.stand(group, message)
    emit_fact(MessageSent(message.id, group.id, viewer.identity_id))
    return message


def recall_message(viewer: Viewer, message: Message) -> None:
    """Take back one's own words; a tombstone stays."""
    _take_back(viewer, message)


def remove_message(viewer: Viewer, message: Message, reason: str = "") -> None:
    """Take down somebody's words or a card; the tombstone says that an administrator did."""
    if message.recalled_at is None:
        _take_back(viewer, message)
        whom = (viewer.identity_id, "hide", message.author_id, "message")
        emit_fact(GroupModerated(message.group_id, *whom, message.id, reason))


def _take_back(viewer: Viewer, message: Message) -> None:
    if message.recalled_at is not None:
        return
    message.recalled_at, message.recalled_by = clock.now(), viewer.identity_id
    db.session.execute(sa.delete(KeepRequest).where(KeepRequest.message_id == message.id, KeepRequest.state == "asked"))
    db.session.flush()
    saying.say_recalled(message)
    emit_fact(MessageRecalled(message.id, message.group_id, viewer.identity_id))


def restore_message(viewer: Viewer, message: Message) -> None:
    """Let words or a card that an administrator took down stand again."""
    message.recalled_at, message.recalled_by = None, None
    db.session.flush()
    saying.say_recalled(message)
    emit_fact(MessageRestored(message.id, message.group_id, viewer.identity_id))
    whom = (viewer.identity_id, "restore", message.author_id, "message")
    emit_fact(GroupModerated(message.group_id, *whom, message.id))


def note_opened(viewer: Viewer, message_id: int) -> None:
    """Somebody opened the card from its group; each counts once."""
    make = postgresql.insert if is_postgresql(db.session.connection()) else sqlite.insert
    row = {"message_id": message_id, "identity_id": viewer.identity_id, "at": clock.now()}
    opened = make(CardOpen).values(row).on_conflict_do_nothing().returning(CardOpen.message_id)
    if db.session.execute(opened).first() is not None:
        more = sa.update(Message).where(Message.id == message_id).values(opens=Message.opens + 1)
        db.session.execute(more, execution_options={"synchronize_session": False})


# ---- keeping in a circle -------------------------------------------------------------------------
def keep_message(viewer: Viewer, message: Message, circle: Circle) -> None:
    """Keep one's own words in a circle; kept twice, kept once."""
    request = _request(viewer, message, circle)
    if request.state != "agreed":
        request.state = "agreed"
        _say_answer(request, True)
        _keep(request, message)


def ask_to_keep(viewer: Viewer, message: Message, circle: Circle) -> KeepRequest:
    """Ask a message's author whether it may be kept in a circle; asked once."""
    request = _request(viewer, message, circle)
    say_poke(f"viewer-{message.author_id}", f"keeps-group-{message.group_id}")
    if request.state == "asked":
        emit_fact(KeepAsked(message.id, message.group_id, circle.id, message.author_id, viewer.identity_id))
    return request


def answer_keep(viewer: Viewer, request: KeepRequest, agreed: bool) -> None:
    """The author's word. Raises TooLate where the message is gone."""
    if request.state != "asked":
        return
    message = db.session.get_one(Message, request.message_id)
    if message.recalled_at is not None:
        raise TooLate
    request.state = "agreed" if agreed else "declined"
    say_poke(f"viewer-{request.author_id}", f"keeps-group-{message.group_id}")
    _say_answer(request, agreed)
    if agreed:
        _keep(request, message)


def _say_answer(request: KeepRequest, agreed: bool) -> None:
    db.session.flush()
    emit_fact(KeepAnswered(request.message_id, request.circle_id, request.author_id, agreed))


def _request(viewer: Viewer, message: Message, circle: Circle) -> KeepRequest:
    known = sa.select(KeepRequest).where(KeepRequest.message_id == message.id, KeepRequest.circle_id == circle.id)
    keys = {"message_id": message.id, "circle_id": circle.id, "author_id": message.author_id}
    found = db.session.scalar(known)
    return found or put(KeepRequest(**keys, asked_by=viewer.identity_id, state="asked"))


def _keep(request: KeepRequest, message: Message) -> None:
    db.session.flush()
    emit_fact(
        MessageKept(
            message_id=message.id,
            circle_id=request.circle_id,
            author_id=message.author_id,
            by_id=request.asked_by,
            body=message.body,
            at=message.at,
            group_id=message.group_id,
        )
    )
