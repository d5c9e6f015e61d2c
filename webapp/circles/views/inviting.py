"""The page behind an invitation's link: who invites, to what, and one button."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, make_response, request, url_for
from werkzeug.exceptions import TooManyRequests

from webapp.accounts.forms import SignUpForm
from webapp.accounts.models import Identity
from webapp.accounts.queries import roles
from webapp.accounts.strangers import sign_up
from webapp.circles.actions import inviting
from webapp.circles.actions.joining import NotAdmitted, standing
from webapp.circles.kinds import KINDS, TAGS
from webapp.circles.models import Circle, Invitation
from webapp.kit import throttle
from webapp.kit.db import db, later, load, write
from webapp.kit.i18n import _
from webapp.kit.web import Answer, done, invalid, personal, public, show, viewer

bp = Blueprint("inviting", __name__)
LOOKS = 30  # at links that open nothing, a minute and address; a whole school may stand behind one address


def _living(token: str) -> Invitation | None:
    """The invitation of this token. Raises TooManyRequests for an address that tries one after another."""
    if throttle.full(f"invitation:{request.remote_addr}", LOOKS):
        raise TooManyRequests
    return inviting.living(token)


def _over() -> Answer:
    """One answer, whether the link is spent, revoked, past its time or never was."""
    response = make_response(show("circles/invitation_over.html"), 410)
    key = f"invitation:{request.remote_addr}"
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def count() -> None:
        throttle.take(key, LOOKS, timedelta(minutes=1))

    later(app, response, count)
    return response


@bp.get("/i/<token>")
@public
def invitation_show(token: str) -> Answer:
    """Opening it changes nothing: link previews open every link first."""
    invitation = _living(token)
    if invitation is None:
        return _over()
    return show("circles/invitation.html", **_page(token, invitation, SignUpForm.blank()))


@bp.post("/i/<token>")
@personal
def invitation_accept(token: str) -> Answer:
    """Come in, in the identity in use."""
    invitation = _living(token)
    if invitation is None:
        return _over()
    try:
        with write():
            circle = load(Circle, invitation.circle_id)
            assert circle is not None
            accept = inviting.accept_for_company if invitation.tag else inviting.accept_invitation
            accept(viewer(), circle, invitation)
    except NotAdmitted as refused:
        context = _page(token, invitation, SignUpForm.blank())
        return invalid("circles/invitation.html", **{**context, "refused": refused.words})
    return done(url_for("feed.feed_show", circle_id=invitation.circle_id), say=_("You are in."))


@bp.post("/i/<token>/account")
@public
def invitation_sign_up(token: str) -> Answer:
    """Make an account here; the invitation is accepted by the next button, in its private identity."""
    invitation = _living(token)
    if invitation is None:
        return _over()
    form = SignUpForm.read()
    entered = sign_up(form, url_for("inviting.invitation_show", token=token))
    return entered or invalid("circles/invitation.html", **_page(token, invitation, form))


def _page(token: str, invitation: Invitation, form: SignUpForm) -> dict[str, Any]:
    circle = db.session.get_one(Circle, invitation.circle_id)
    fitting = [role for role in roles(viewer()) if _fits(circle, invitation, role)] if viewer().signed_in else []
    return {
        "token": token,
        "invitation": invitation,
        "circle": circle,
        "host": db.session.get_one(Identity, invitation.made_by),
        "kind": KINDS[circle.kind],
        "form": form,
        "fitting": fitting,
        "fits": any(role.identity.id == viewer().identity_id for role in fitting),
        "refused": "",
        "tags": TAGS,
        "mode": circle.kind,
    }


def _fits(circle: Circle, invitation: Invitation, role: object) -> bool:
    """Whether that identity would be admitted (a company's link: an administrator of a company)."""
    identity = role.identity  # type: ignore[attr-defined]
    if invitation.tag:
        return identity.kind == "staff" and identity.power in ("owner", "admin")
    try:
        standing(circle, identity)
    except NotAdmitted:
        return False
    return True
