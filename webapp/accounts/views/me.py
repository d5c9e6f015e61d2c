"""One's own page: profile, identities, sessions, password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts import actions, cookies, passwords, proof, queries
from webapp.accounts.forms import NamesForm, PasswordForm, ProfileForm
from webapp.accounts.models import Identity, Person, SignIn
from webapp.accounts.policy import Rule
from webapp.kit import throttle
from webapp.kit.db import db, write
from webapp.kit.i18n import _, ngettext
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, password_again, personal, requires, viewer

bp = Blueprint("me", __name__)
NAMES = 10  # changes of sign-in names an hour


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
        "names": NamesForm.blank(**{name: getattr(person, name) or "" for name in ("username", "phone", "email")}),
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


@bp.post("/me/names")
@personal
def names_update() -> Answer:
    """What one signs in with. That a name is taken is told seldom, and in the same words for each of the three."""
    form = NamesForm.read()
    if not form.ok:
        return _page(422, names=form)
    password_again()
    with write():
        calm = throttle.take(f"names:{viewer().person_id}", NAMES, timedelta(hours=1))
    if not calm:
        form.blame("username", _("You have changed this often. Try again in an hour."))
        return _page(429, names=form)
    try:
        with write():
            actions.change_names(viewer(), form.names)
    except IntegrityError:
        for kind in queries.taken(viewer().person_id, form.names) or ["username"]:
            form.blame(kind, _("This one cannot be used here. Take another."))
        return _page(422, names=form)
    return done("/me", say=_("Kept. Sign in with it from now on."))


@bp.post("/me/password")
@personal
def password_update() -> Answer:
    """Another password; all other sessions end. The old one is asked, as often as at the sign-in page."""
    form = PasswordForm.read()
    person = db.session.get_one(Person, viewer().person_id)
    if not form.ok:
        return _page(422, password=form)
    status, reason = proof.reason_against(person, form.password_old.data or "", request.remote_addr)
    if reason:
        form.blame("password_old", _(reason))
        return _page(status, password=form)
    fresh = passwords.hashed(form.password_new.data)
    with write():
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
