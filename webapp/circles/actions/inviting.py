"""Links into a circle: for people, and for partner companies."""

from __future__ import annotations

import secrets
from datetime import timedelta

import sqlalchemy as sa

from webapp.accounts.models import Identity
from webapp.circles.actions.joining import NotAdmitted, admit
from webapp.circles.models import Circle, Invitation, Membership, Partner
from webapp.circles.policy import inviter_stands
from webapp.kit import clock, ids, throttle
from webapp.kit.db import db, put
from webapp.kit.i18n import N_
from webapp.kit.policy import Viewer

SPENT = N_("This invitation is over. Ask the person who sent it for a new one.")
HOSTS = N_("Your organisation hosts this circle; it does not come in as a partner.")
FOR_COMPANIES = N_("This invitation is for a company: its administrator accepts it.")


def token_of(secret: str, invitation: Invitation) -> str:
    """The link's secret part; made again whenever it is shown, stored nowhere."""
    return ids.derived(secret, "invitation", invitation.nonce)


def code_of(secret: str, invitation: Invitation) -> str:
    """Its short code: 40 bits in eight letters that people type; "" where it has none."""
    return _code(secret, invitation.nonce) if invitation.code_hash else ""


def _code(secret: str, nonce: str) -> str:
    return ids.derived_code(secret, "invitation-code", nonce, length=8)


def _code_hash(secret: str, code: str) -> str:
    """With the secret in it: forty bits by themselves could be tried out at home."""
    return ids.derived(secret, "invitation-code-is", ids.typed_code(code))


def make_invitation(
    viewer: Viewer,
    circle: Circle,
    secret: str,
    *,
    days: int,
    limit: int | None,
    role: str = "member",
    tag: str = "",
    purpose: str = "",
) -> Invitation:
    """A link that ends after `days` or `limit` uses; with a `tag` it invites a company. Who becomes an administrator
    by it has no code to type."""
    throttle.calm(viewer.person_id, "invitations")
    nonce = secrets.token_hex(16)
    row = Invitation(
        circle_id=circle.id,
        nonce=nonce,
        token_hash=ids.digest(ids.derived(secret, "invitation", nonce)),
        role=role,
        tag=tag,
        purpose=purpose,
        code_hash=_code_hash(secret, _code(secret, nonce)) if role == "member" else None,
        limit=limit,
        expires_at=clock.now() + timedelta(days=days),
        made_by=viewer.identity_id,
    )
    return put(row)


def revoke_invitation(viewer: Viewer, invitation: Invitation) -> None:
    invitation.revoked_at = invitation.revoked_at or clock.now()


def lives() -> sa.ColumnElement[bool]:
    """For Invitation rows: neither revoked nor full nor past its time, and its maker may still invite so."""
    free = sa.or_(Invitation.limit.is_(None), Invitation.uses < Invitation.limit)
    return sa.and_(Invitation.revoked_at.is_(None), Invitation.expires_at > clock.now(), free, inviter_stands())


def by_token(token: str) -> Invitation | None:
    """The invitation of this token, unless it was revoked."""
    return _unrevoked(Invitation.token_hash == ids.digest(token))


def by_code(secret: str, code: str) -> Invitation | None:
    """The invitation of this short code, as somebody typed it, unless it was revoked."""
    return _unrevoked(Invitation.code_hash == _code_hash(secret, code))


def _unrevoked(where: sa.ColumnElement[bool]) -> Invitation | None:
    return db.session.scalars(sa.select(Invitation).where(where, Invitation.revoked_at.is_(None))).first()


def is_spent(invitation: Invitation) -> bool:
    """Whether it lets nobody in any more."""
    return db.session.scalar(sa.select(Invitation.id).where(Invitation.id == invitation.id, lives())) is None


def _use(invitation: Invitation) -> None:
    """Count one use; the database decides who is the last, and whether the link ended meanwhile."""
    spend = sa.update(Invitation).where(Invitation.id == invitation.id, lives()).values(uses=Invitation.uses + 1)
    if not db.session.execute(spend).rowcount:  # type: ignore[attr-defined]
        raise NotAdmitted(SPENT)


def accept_invitation(viewer: Viewer, circle: Circle, invitation: Invitation) -> Membership:
    """Come in by a link; a member who follows it uses nothing up. Raises NotAdmitted."""
    if invitation.tag:
        raise NotAdmitted(FOR_COMPANIES)
    identity = db.session.get_one(Identity, viewer.identity_id)
    mine = sa.select(Membership).where(
        Membership.circle_id == circle.id, Membership.identity_id == identity.id, Membership.state == "active"
    )
    if member := db.session.scalars(mine).first():
        return member
    _use(invitation)
    return admit(circle, identity, role=invitation.role, via=f"invitation-{invitation.id}")


def accept_for_company(viewer: Viewer, circle: Circle, invitation: Invitation) -> Partner:
    """A company's administrator brings the company in, and themself. Raises NotAdmitted."""
    if not invitation.tag or not viewer.runs_organisation or viewer.kind != "staff":
        raise NotAdmitted(FOR_COMPANIES)
    assert viewer.organisation_id is not None
    if viewer.organisation_id == circle.organisation_id:
        raise NotAdmitted(HOSTS)
    partner = db.session.get(Partner, (circle.id, viewer.organisation_id))
    if partner is None:
        _use(invitation)
        partner = put(Partner(circle_id=circle.id, organisation_id=viewer.organisation_id, tag=invitation.tag))
    admit(circle, db.session.get_one(Identity, viewer.identity_id), via=f"invitation-{invitation.id}")
    return partner
