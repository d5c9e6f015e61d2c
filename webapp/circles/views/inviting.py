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
from webapp.circles import invited
from webapp.circles.actions import inviting
from webapp.circles.actions.joining import NotAdmitted, standing
from webapp.circles.forms import CodeForm
from webapp.circles.kinds import KINDS, TAGS
from webapp.circles.models import Circle, Invitation
from webapp.kit import throttle
from webapp.kit.db import db, later, load, write
from webapp.kit.i18n import _
from webapp.kit.web import Answer, done, invalid, personal, public, show, viewer

bp = Blueprint("inviting", __name__)
LOOKS = 30  # at links that open nothing, a minute and address; a whole school may stand behind one address


def _found(token: str) -> Invitation | None:
    """The invitation of this token. Raises TooManyRequests for an address that tries one after another."""
    _calm()
    return inviting.by_token(token)


def _calm() -> None:
    if throttle.full(f"invitation:{request.remote_addr}", LOOKS):
        raise TooManyRequests


def _over(spent: Invitation | None) -> Answer:
    """A link that is full or past its time says whom to ask; for one that was revoked or never was there is one
    answer that says nothing."""
    ask = invited.to_ask(spent) if spent else None
    circle = db.session.get_one(Circle, spent.circle_id) if spent else None
    response = make_response(show("circles/invitation_over.html", ask=ask, circle=circle), 410)
    key = f"invitation:{request.remote_addr}"
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def count() -> None:
        throttle.take(key, LOOKS, timedelta(minutes=1))

    later(app, response, count)
    return response


@bp.get("/i")
@public
def code_show() -> Answer:
    """For whoever has a code on paper: it is typed here."""
    return show("circles/code.html", form=CodeForm.blank())


@bp.post("/i")
@public
def code_create() -> Answer:
    """On to the invitation of this code. Each that fits none is counted."""
    _calm()
    form, secret = CodeForm.read(), current_app.config["SECRET_KEY"]
    if not form.ok:
        return invalid("circles/code.html", form=form)
    invitation = inviting.by_code(secret, form.code.data)
    if invitation is not None:
        return done(url_for("inviting.invitation_show", token=inviting.token_of(secret, invitation)))
    with write():
        throttle.take(f"invitation:{request.remote_addr}", LOOKS, timedelta(minutes=1))
    form.blame("code", _("There is no invitation of this code. Look at it again, or ask who gave it to you."))
    return invalid("circles/code.html", form=form)


@bp.get("/i/<token>")
@public
def invitation_show(token: str) -> Answer:
    """Opening it changes nothing: link previews open every link first."""
    invitation = _found(token)
    if invitation is None or inviting.is_spent(invitation):
        return _over(invitation)
    return show("circles/invitation.html", **_page(token, invitation, SignUpForm.blank()))


@bp.post("/i/<token>")
@personal
def invitation_accept(token: str) -> Answer:
    """Come in, in the identity in use."""
    invitation = _found(token)
    if invitation is None or inviting.is_spent(invitation):
        return _over(invitation)
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
    invitation = _found(token)
    if invitation is None or inviting.is_spent(invitation):
        return _over(invitation)
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
