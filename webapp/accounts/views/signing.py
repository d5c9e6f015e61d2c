"""The doors: signing in (also in the middle of a form), out, with a code, and for the very first time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts import actions, carrying, cookies, devices, first_run, passwords, queries, tries
from webapp.accounts.forms import CodeForm, FirstRunForm, SignInForm
from webapp.accounts.models import Person, SignIn
from webapp.kit import i18n
from webapp.kit.db import db, write
from webapp.kit.i18n import N_, _
from webapp.kit.security import SAFE, set_cookie
from webapp.kit.web import Answer, done, invalid, public, viewer

bp = Blueprint("accounts", __name__)

WRONG = N_("These do not fit together. Try again, or ask your administrator for a one-time code.")
TOO_OFTEN = N_("Too many tries. Wait a quarter of an hour, or ask your administrator for a one-time code.")
BAD_CODE = N_("Name and code do not fit, or the code is used up. Ask for a new one.")


# ---- signing in ----------------------------------------------------------------------------------
@bp.get("/sign-in")
@public
def sign_in_show() -> Answer:
    """The sign-in page; somebody who is signed in goes straight on."""
    if first_run.needed():
        return redirect("/first-run", 302)
    going_to = cookies.local_path(request.args.get("next", ""))
    if viewer().signed_in:
        return redirect(going_to or "/", 302)
    return _sign_in_page(SignInForm.blank(), 200, going_to=going_to)


@bp.post("/sign-in")
@public
def sign_in_create() -> Answer:
    """Sign in, and go where one was going: on to a page, or with 307 back into the form that was sent."""
    form = SignInForm.read()
    if not form.ok:
        return _sign_in_page(form, 422)
    person = queries.person_named(form.login.data)
    account = tries.account_key(person, form.login.data, cookies.device_token())
    address = tries.address_key(request.remote_addr)
    with write():
        may_try = tries.begin(account, address)
    if not may_try:
        return _sign_in_page(form, 429, TOO_OFTEN)
    if not passwords.verify(person.password if person else None, form.password.data or "") or person is None:
        with write():
            tries.failed(address)
        return _sign_in_page(form, 422, WRONG)
    return _let_in(person, form, account)


def _let_in(person: Person, form: Any, account: str) -> AnyResponse:
    fresh = passwords.hashed(form.password.data) if passwords.outdated(person.password or "") else None
    carried = request.form.get("_identity", "")
    identity = queries.living_identity(person.id, int(carried)) if _is_id(carried) else None
    identity = identity or queries.usual_identity(person.id)
    device = cookies.new_device_token()
    with write():
        tries.succeeded(account)
        _end_own()
        if fresh:
            actions.set_password(person.id, fresh)
        actions.remember_device(person.id, device)
        token = actions.open_session(person.id, identity.id, _called(), form.stay.data)
    then = carrying.then()
    going_to = cookies.local_path(request.form.get("_next", ""), "/")
    response = redirect(then, 307) if then else redirect(going_to, 303)
    cookies.let_in(response, token, form.stay.data, device)  # type: ignore[arg-type]
    return response


def _sign_in_page(form: Any, code: int, reason: str = "", going_to: str = "", then: str = "") -> AnyResponse:
    """The form, carrying whatever another form had sent; what went wrong stands at the password."""
    if reason:
        form.blame("password", _(reason))
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        carried=carrying.fields(),
        going_to=going_to or cookies.local_path(request.form.get("_next", "")),
        then=then or carrying.then(),
    )
    return make_response(page, code)


@bp.app_errorhandler(401)
def ask_to_sign_in(_error: Unauthorized) -> Answer:
    """Whoever is not signed in, or not any more: a page leads to the sign-in page and back, a form that was
    sent waits inside of it."""
    if request.headers.get("HX-Request"):
        return _ask_htmx()
    if request.accept_mimetypes.best == "text/event-stream":
        return "", 401
    if request.method in SAFE:
        return redirect(f"/sign-in?{urlencode({'next': carrying.address()})}", 302)
    return _sign_in_page(SignInForm.blank(), 401, then=carrying.address())


def _ask_htmx() -> Answer:
    """A fragment's own address is no page: what is shown in the browser comes back after signing in. A form's
    text stays where it is; static/js/forms.js then sends the form plainly."""
    words = render_template("accounts/_sign_in_first.html")
    if request.method not in SAFE:
        return words, 401
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    going_to = cookies.local_path(f"{shown.path}?{shown.query}" if shown.query else shown.path, "/")
    return words, 401, {"HX-Redirect": f"/sign-in?{urlencode({'next': going_to})}"}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _called() -> str:
    return devices.called(request.user_agent.string)


# ---- signing out ---------------------------------------------------------------------------------
@bp.post("/sign-out")
@public
def sign_out_create() -> Answer:
    with write():
        _end_own()
    return _outside(_("You are signed out."))


@bp.post("/sign-out/everywhere")
@public
def sign_out_everywhere() -> Answer:
    with write():
        if viewer().signed_in:
            actions.end_all_sessions(viewer().person_id)
    return _outside(_("You are signed out everywhere."))


def _end_own() -> None:
    """Inside write(): end the session that this request came with."""
    if viewer().signed_in:
        actions.end_session(db.session.get_one(SignIn, viewer().session_id))


def _outside(words: str) -> AnyResponse:
    response = make_response(done("/sign-in", say=words))
    cookies.let_out(response)
    return response


# ---- language, before anybody is known -----------------------------------------------------------
@bp.post("/language")
@public
def language_create() -> Answer:
    """Keep the language in a cookie; a signed-in person's own choice (/me) goes before it."""
    chosen = request.form.get("lang", "")
    response = redirect(cookies.local_path(request.form.get("next", ""), "/sign-in"), 303)
    if chosen in i18n.LANGUAGES:
        set_cookie(response, "lang", chosen, cookies.DEVICE_DAYS * 86_400)  # type: ignore[arg-type]
    return response


# ---- with a one-time code ------------------------------------------------------------------------
@bp.get("/code")
@public
def code_show() -> Answer:
    return render_template("accounts/code.html", form=CodeForm.blank(login=request.args.get("name", "")[:60]))


@bp.post("/code")
@public
def code_use() -> Answer:
    """Set a password with the code that an administrator handed over."""
    form = CodeForm.read()
    if not form.ok:
        return invalid("accounts/code.html", form=form)
    address = tries.address_key(request.remote_addr)
    person = queries.person_named(form.login.data)
    fresh = passwords.hashed(form.password.data)  # for an unknown name too: nothing tells it apart
    with write():
        may_try = tries.begin(f"code {tries.account_key(person, form.login.data, '')}", address)
        fitted = may_try and actions.use_code(person, form.code.data, fresh)
        if not fitted:
            tries.failed(address)
    if not fitted:
        form.blame("code", _(BAD_CODE if may_try else TOO_OFTEN))
        return make_response(render_template("accounts/code.html", form=form), 422 if may_try else 429)
    return done("/sign-in", say=_("Your new password holds. Sign in with it."))


# ---- the very first person -----------------------------------------------------------------------
@bp.get("/first-run")
@public
def first_run_show() -> Answer:
    _only_at_first()
    return render_template("accounts/first_run.html", form=FirstRunForm.blank())


@bp.post("/first-run")
@public
def first_run_create() -> Answer:
    """Make the server's administrator, once, for whoever can read its console."""
    _only_at_first()
    form = FirstRunForm.read()
    if not form.ok:
        return invalid("accounts/first_run.html", form=form)
    if not first_run.fits(current_app.config["SECRET_KEY"], form.code.data):
        form.blame("code", _("This is not the code. It stands in the window in which the server was started."))
        return invalid("accounts/first_run.html", form=form)
    fresh, device = passwords.hashed(form.password.data), cookies.new_device_token()
    with write():
        if not first_run.turn():
            raise NotFound
        person = actions.make_person(form.name.data, **form.names, password_hash=fresh, lang=g.viewer.lang)
        person.platform_admin = True
        actions.remember_device(person.id, device)
        token = actions.open_session(person.id, queries.private_identity(person.id).id, _called(), stay=False)
    response = redirect("/people", 303)
    cookies.let_in(response, token, False, device)  # type: ignore[arg-type]
    return response


def _only_at_first() -> None:
    if not first_run.needed():
        raise NotFound
