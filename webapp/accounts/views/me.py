"""One's own page: profile, identities, sessions, password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts import actions, cookies, passwords, queries, tries
from webapp.accounts.forms import PasswordForm, ProfileForm
from webapp.accounts.models import Identity, Person, SignIn
from webapp.accounts.policy import Rule
from webapp.kit.db import db, write
from webapp.kit.i18n import _, ngettext
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, personal, requires, viewer

bp = Blueprint("me", __name__)


@bp.get("/me")
@personal
def me_show() -> Answer:
    return _page()


def _page(code: int = 200, **forms: Any) -> AnyResponse:
    """The whole page; a form that failed stands in it with its reasons."""
    person = db.session.get_one(Person, viewer().person_id)
    told = ("name", "about", "lang", "zone", "theme")
    context = {
        "person": person,
        "profile": ProfileForm.blank(**{name: getattr(person, name) for name in told}),
        "password": PasswordForm.blank(),
        "roles": queries.roles(viewer()),
        "sessions": queries.sessions(viewer()),
    }
    return make_response(render_template("accounts/me.html", tab="me", **{**context, **forms}), code)


@bp.post("/me")
@personal
def me_update() -> Answer:
    form = ProfileForm.read()
    if not form.ok:
        return _page(422, profile=form)
    with write():
        actions.update_profile(viewer(), **form.data)
    return done("/me", say=_("Kept."))


@bp.post("/me/identity")
@requires(Rule.IDENTITY_USE)
def identity_use() -> Answer:
    """Act as another of one's identities; forms that were drawn before are asked about, not sent as somebody
    else."""
    chosen = request.form.get("identity", "")
    with write():
        identity = access(Rule.IDENTITY_USE, viewer(), Identity, _number(chosen))
        stay = db.session.get_one(SignIn, viewer().session_id).stay
        token = actions.switch_identity(viewer(), identity)
    response = make_response(done(cookies.local_path(request.form.get("next", ""), "/me")))
    cookies.let_in(response, token, stay)
    return response


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound
    return int(text)


@bp.post("/me/password")
@personal
def password_update() -> Answer:
    """Another password; all other sessions end. The old one is asked, as often as at the sign-in page."""
    form = PasswordForm.read()
    person = db.session.get_one(Person, viewer().person_id)
    if not form.ok:
        return _page(422, password=form)
    account = f"me {tries.account_key(person, '', '')}"
    with write():
        may_try = tries.begin(account, tries.address_key(request.remote_addr))
    if not may_try:
        form.blame("password_old", _("Too many tries. Wait a quarter of an hour."))
        return _page(429, password=form)
    if not passwords.verify(person.password, form.password_old.data or ""):
        form.blame("password_old", _("This is not your old password."))
        return _page(422, password=form)
    fresh = passwords.hashed(form.password_new.data)
    with write():
        tries.succeeded(account)
        actions.change_password(viewer(), fresh)
    return done("/me", say=_("The new password holds. Other devices are signed out."))


@bp.post("/me/sessions/<int:session_id>/end")
@requires(Rule.SESSION_END)
def session_end(session_id: int) -> Answer:
    with write():
        actions.end_session(access(Rule.SESSION_END, viewer(), SignIn, session_id))
    return done("/me#sessions", say=_("That device is signed out."))


@bp.post("/me/sessions/end")
@personal
def sessions_end_others() -> Answer:
    with write():
        ended = actions.end_all_sessions(viewer().person_id, but=viewer().session_id)
    words = ngettext("{n} other device is signed out.", "{n} other devices are signed out.", ended)
    return done("/me#sessions", say=words)
