"""Coming into a group and leaving it: joining, asking, invitations by link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, make_response, request
from werkzeug.exceptions import NotFound, TooManyRequests

from webapp.accounts.forms import SignUpForm
from webapp.accounts.models import Identity
from webapp.accounts.queries import roles
from webapp.accounts.strangers import sign_up
from webapp.groups import inviting
from webapp.groups.actions import join, leave
from webapp.groups.forms import InvitationForm
from webapp.groups.inviting import NotLetIn
from webapp.groups.models import Group, GroupInvitation, GroupMember
from webapp.groups.policy import Rule
from webapp.groups.queries import Chat, open_group
from webapp.kit import clock, throttle
from webapp.kit.db import db, later, load, write
from webapp.kit.i18n import _
from webapp.kit.ids import as_id
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, personal, public, requires, show, viewer

bp = Blueprint("group_coming", __name__)
LOOKS = 30  # at links that open nothing, a minute and address; a whole school may stand behind one address


@bp.post("/groups/<int:group_id>/join")
@requires(Rule.GROUP_JOIN)
def groups_join(group_id: int) -> Answer:
    """Join a group that one's circle is linked to."""
    with write():
        group = access(Rule.GROUP_JOIN, viewer(), Group, group_id)
        identity = load(Identity, viewer().identity_id)
        if identity is None:
            raise NotFound
        join(group, identity)
    return done(f"/groups/{group_id}", say=_("You are in the group."))


@bp.post("/groups/<int:group_id>/leave")
@requires(Rule.GROUP_READ)
def groups_leave(group_id: int) -> Answer:
    """Leave a group."""
    with write():
        group = access(Rule.GROUP_READ, viewer(), Group, group_id)
        leave(viewer(), group)
    return done("/groups", say=_("You left the group."))


# ---- asking --------------------------------------------------------------------------------------
@bp.post("/groups/<int:group_id>/requests")
@requires(Rule.GROUP_REQUEST)
def requests_create(group_id: int) -> Answer:
    """Ask to be let in."""
    with write():
        inviting.ask_to_join(viewer(), access(Rule.GROUP_REQUEST, viewer(), Group, group_id))
    return done(f"/groups/{group_id}", say=_("You asked to join. An administrator decides."))


@bp.post("/groups/<int:group_id>/requests/<int:asker_id>")
@requires(Rule.MEMBER_ADMIT)
def requests_decide(group_id: int, asker_id: int) -> Answer:
    """Let in who asked, or (`decision=refuse`) not."""
    admitted = request.form.get("decision") != "refuse"
    with write():
        group = load(Group, group_id)
        member = access(Rule.MEMBER_ADMIT, viewer(), GroupMember, asker_id)
        if group is None or member.group_id != group_id:
            raise NotFound
        decided = inviting.decide(viewer(), group, member, admitted)
    link = request.form.get("link", type=as_id)
    place = f"/links/{link}" if link else f"/groups/{group_id}/members"
    return done(place, say=_("Done.") if decided else _("Somebody decided this before you."))


# ---- links ---------------------------------------------------------------------------------------
@bp.get("/groups/<int:group_id>/invitations")
@requires(Rule.GROUP_INVITE)
def invitations_index(group_id: int) -> Answer:
    """Links into the group: administrators see all of them, a member their own."""
    chat = open_group(viewer(), group_id, Rule.GROUP_INVITE)
    return show("groups/invitations.html", None, **_links(chat, InvitationForm.blank(days="7")))


def _links(chat: Chat, form: InvitationForm) -> dict[str, Any]:
    form.offer()
    found = inviting.invitations(chat.group.id, None if chat.may_administer else viewer().identity_id)
    base, secret = current_app.config["BASE_URL"], current_app.config["SECRET_KEY"]
    links = [(row, f"{base}/g/{inviting.token_of(secret, row)}") for row in found]
    mode = chat.circles[0].kind if chat.circles else ""
    return {"chat": chat, "form": form, "links": links, "now": clock.now(), "tab": "groups", "mode": mode}


@bp.post("/groups/<int:group_id>/invitations")
@requires(Rule.GROUP_INVITE)
def invitations_create(group_id: int) -> Answer:
    """Make a link."""
    form = InvitationForm.read()
    form.offer()
    if not form.ok:
        return invalid("groups/invitations.html", **_links(open_group(viewer(), group_id, Rule.GROUP_INVITE), form))
    secret = current_app.config["SECRET_KEY"]
    with write():
        group = access(Rule.GROUP_INVITE, viewer(), Group, group_id)
        inviting.make_invitation(viewer(), group, secret, days=int(form.days.data), limit=form.limit.data)
    return done(f"/groups/{group_id}/invitations", say=_("The link is ready. Copy it below."))


@bp.post("/group-invitations/<int:group_invitation_id>/delete")
@requires(Rule.INVITATION_REVOKE)
def invitations_delete(group_invitation_id: int) -> Answer:
    """The link opens nothing any more."""
    with write():
        invitation = access(Rule.INVITATION_REVOKE, viewer(), GroupInvitation, group_invitation_id)
        inviting.revoke_invitation(viewer(), invitation)
    link = request.form.get("link", type=as_id)
    place = f"/links/{link}" if link else f"/groups/{invitation.group_id}/invitations"
    return done(place, say=_("The link opens nothing any more."))


# ---- behind a link -------------------------------------------------------------------------------
def _living(token: str) -> GroupInvitation | None:
    """The invitation of this token. Raises TooManyRequests for an address that tries one after another."""
    if throttle.full(f"invitation:{request.remote_addr}", LOOKS):
        raise TooManyRequests
    return inviting.living(token)


def _over() -> Answer:
    """One answer, whether the link is spent, revoked, past its time or never was."""
    response = make_response(show("groups/invitation_over.html"), 410)
    key, app = f"invitation:{request.remote_addr}", current_app._get_current_object()  # type: ignore[attr-defined]

    def count() -> None:
        throttle.take(key, LOOKS, timedelta(minutes=1))

    later(app, response, count)
    return response


@bp.get("/g/<token>")
@public
def invitation_show(token: str) -> Answer:
    """Opening it changes nothing: link previews open every link first."""
    invitation = _living(token)
    if invitation is None:
        return _over()
    return show("groups/invitation.html", **_door(token, invitation, SignUpForm.blank()))


@bp.post("/g/<token>")
@personal
def invitation_accept(token: str) -> Answer:
    """Come in, in the identity in use."""
    invitation = _living(token)
    if invitation is None:
        return _over()
    try:
        with write():
            group = load(Group, invitation.group_id)
            assert group is not None
            inviting.accept_invitation(viewer(), group, invitation)
    except NotLetIn as refused:
        page = _door(token, invitation, SignUpForm.blank())
        return invalid("groups/invitation.html", **{**page, "refused": refused.words})
    return done(f"/groups/{invitation.group_id}", say=_("You are in the group."))


@bp.post("/g/<token>/account")
@public
def invitation_sign_up(token: str) -> Answer:
    """Make an account here; the invitation is accepted by the next button, in its private identity."""
    invitation = _living(token)
    if invitation is None:
        return _over()
    form = SignUpForm.read()
    entered = sign_up(form, f"/g/{token}")
    return entered or invalid("groups/invitation.html", **_door(token, invitation, form))


def _door(token: str, invitation: GroupInvitation, form: SignUpForm) -> dict[str, Any]:
    group = db.session.get_one(Group, invitation.group_id)
    fitting = [role for role in roles(viewer()) if _fits(group, role.identity)] if viewer().signed_in else []
    return {
        "token": token,
        "group": group,
        "host": db.session.get_one(Identity, invitation.made_by),
        "form": form,
        "fitting": fitting,
        "fits": any(role.identity.id == viewer().identity_id for role in fitting),
        "refused": "",
    }


def _fits(group: Group, identity: Identity) -> bool:
    try:
        inviting.refuse_unfit(group, identity)
    except NotLetIn:
        return False
    return True
