"""Links into a group, and who asks to be let in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle, Membership
from webapp.groups.actions import join
from webapp.groups.events import GroupModerated, GroupRequested
from webapp.groups.models import Group, GroupInvitation, GroupMember, Link
from webapp.kit import clock, ids, throttle
from webapp.kit.db import db, lock, put
from webapp.kit.events import emit_fact
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer
from webapp.kit.push import say_poke

BOUND = 50  # links shown


class NotLetIn(ValueError):
    """This identity cannot come into the group so; `words` (marked with N_) say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


SPENT = N_("This invitation is over. Ask the person who sent it for a new one.")
OTHERS = N_("This group is for people of its organisation and its circles. Come in as one of them.")
REMOVED = N_("An administrator took you out of this group. Only an administrator can add you again.")
DISSOLVED = N_("This group was dissolved; nobody comes in any more.")


# ---- links -------------------------------------------------------------------------------------------
def token_of(secret: str, invitation: GroupInvitation) -> str:
    """The link's secret part; made again whenever it is shown, stored nowhere."""
    return ids.derived(secret, "group-invitation", invitation.nonce)


def make_invitation(viewer: Viewer, group: Group, secret: str, *, days: int, limit: int | None) -> GroupInvitation:
    """A link that ends after `days` or `limit` uses. Raises TooManyRequests past the pace."""
    throttle.calm(viewer.person_id, "invitations")
    row = GroupInvitation(
        group_id=group.id,
        nonce=secrets.token_hex(16),
        limit=limit,
        uses=0,
        expires_at=clock.now() + timedelta(days=days),
        made_by=viewer.identity_id,
    )
    row.token_hash = ids.digest(token_of(secret, row))
    return put(row)


def revoke_invitation(viewer: Viewer, invitation: GroupInvitation) -> None:
    invitation.revoked_at = invitation.revoked_at or clock.now()


def living(token: str) -> GroupInvitation | None:
    """The invitation of this token, while it can be used."""
    known = GroupInvitation.token_hash == ids.digest(token)
    return db.session.scalar(sa.select(GroupInvitation).where(known, *_lives()))


def _lives() -> tuple[sa.ColumnElement[bool], ...]:
    """While it is neither spent nor revoked, and whoever made it is still in the group."""
    free = sa.or_(GroupInvitation.limit.is_(None), GroupInvitation.uses < GroupInvitation.limit)
    maker = sa.exists().where(
        GroupMember.group_id == GroupInvitation.group_id,
        GroupMember.identity_id == GroupInvitation.made_by,
        GroupMember.state == "active",
    )
    return GroupInvitation.revoked_at.is_(None), GroupInvitation.expires_at > clock.now(), free, maker


def invitations(group_id: int, made_by: int | None = None) -> Sequence[GroupInvitation]:
    """The group's links, or those that one member made, newest first."""
    found = sa.select(GroupInvitation).where(GroupInvitation.group_id == group_id)
    if made_by is not None:
        found = found.where(GroupInvitation.made_by == made_by)
    return db.session.scalars(found.order_by(GroupInvitation.id.desc()).limit(BOUND)).all()


def living_invitations(group_id: int) -> list[tuple[GroupInvitation, Identity]]:
    """The links that can still be used, each with who made it."""
    found = sa.select(GroupInvitation, Identity).join(Identity, Identity.id == GroupInvitation.made_by)
    found = found.where(GroupInvitation.group_id == group_id, *_lives())
    rows = db.session.execute(found.order_by(GroupInvitation.id.desc()).limit(BOUND)).all()
    return [(invitation, maker) for invitation, maker in rows]


def accept_invitation(viewer: Viewer, group: Group, invitation: GroupInvitation) -> GroupMember:
    """Come in by a link; a member who follows it uses nothing up. Raises NotLetIn."""
    identity = db.session.get_one(Identity, viewer.identity_id)
    mine = _own(group, identity.id)
    if mine is not None and mine.state == "active":
        return mine
    refuse_unfit(group, identity)
    spend = sa.update(GroupInvitation).where(GroupInvitation.id == invitation.id, *_lives())
    used = db.session.execute(
        spend.values(uses=GroupInvitation.uses + 1), execution_options={"synchronize_session": False}
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise NotLetIn(SPENT)
    return join(group, identity)


def refuse_unfit(group: Group, identity: Identity) -> None:
    """Raises NotLetIn where a link lets this identity not in: pupils are in the groups of their school only, an
    organisation's group is for its people and those of its circles, and who was removed does not come back so."""
    mine = _own(group, identity.id)
    if group.archived_at is not None:
        raise NotLetIn(DISSOLVED)
    if mine is not None and mine.state == "removed":
        raise NotLetIn(REMOVED)
    if not _fits(group, identity):
        raise NotLetIn(OTHERS)


def _fits(group: Group, identity: Identity) -> bool:
    circles = db.session.execute(
        sa.select(Circle.kind, Membership.id)
        .join(Link, Link.circle_id == Circle.id)
        .outerjoin(
            Membership,
            sa.and_(
                Membership.circle_id == Circle.id,
                Membership.identity_id == identity.id,
                Membership.state == "active",
            ),
        )
        .where(Link.group_id == group.id)
    ).all()
    if any(member is not None for _kind, member in circles):
        return True
    if identity.kind == "pupil":
        return False
    closed = group.organisation_id is not None or any(not KINDS[kind].listed for kind, _member in circles)
    return not closed or (identity.organisation_id is not None and identity.organisation_id == group.organisation_id)


def _own(group: Group, identity_id: int) -> GroupMember | None:
    mine = sa.select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.identity_id == identity_id)
    return db.session.scalar(mine)


# ---- requests ----------------------------------------------------------------------------------------
def ask_to_join(viewer: Viewer, group: Group) -> GroupMember:
    """Ask the group's administrators to be let in; asking twice is asking once. Raises TooManyRequests past
    the pace."""
    mine = _own(group, viewer.identity_id)
    if mine is None:
        mine = put(GroupMember(group_id=group.id, identity_id=viewer.identity_id, state="asked"))
    elif mine.state != "left":
        return mine
    throttle.calm(viewer.person_id, "requests")
    mine.state, mine.joined_at = "asked", clock.now()
    db.session.flush()
    _say_requests(group.id)
    emit_fact(GroupRequested(group.id, viewer.identity_id))
    return mine


def decide(viewer: Viewer, group: Group, member: GroupMember, admitted: bool) -> bool:
    """Let somebody in who asked, or not; False when somebody decided before."""
    lock(member)
    if member.state != "asked":
        return False
    identity = db.session.get_one(Identity, member.identity_id)
    if admitted and identity.ended_at is None:
        join(group, identity)
    else:
        member.state = "refused"
    _say_requests(group.id)
    act = "admit" if member.state == "active" else "decline"
    emit_fact(GroupModerated(group.id, viewer.identity_id, act, member.identity_id))
    return True


def waiting(group_id: int) -> list[tuple[GroupMember, Identity]]:
    """Who asks to be let in, oldest first."""
    asked = sa.select(GroupMember, Identity).join(Identity, Identity.id == GroupMember.identity_id)
    living = (GroupMember.group_id == group_id, GroupMember.state == "asked", Identity.ended_at.is_(None))
    rows = db.session.execute(asked.where(*living).order_by(GroupMember.joined_at, GroupMember.id).limit(100)).all()
    return [(member, identity) for member, identity in rows]


def _say_requests(group_id: int) -> None:
    say_poke(f"group-{group_id}", f"members-group-{group_id}")
