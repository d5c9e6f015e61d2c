"""How a stranger gets an account where an invitation brought them."""

from __future__ import annotations

from datetime import timedelta

from flask import make_response, redirect, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from webapp.accounts import passwords
from webapp.accounts.actions import make_person, open_session, remember_device
from webapp.accounts.cookies import let_in, new_device_token
from webapp.accounts.devices import called
from webapp.accounts.forms import SignUpForm
from webapp.accounts.queries import person_named, private_identity
from webapp.kit import throttle
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.web import viewer

SIGN_UPS = 30  # an address, in ten minutes


def sign_up(form: SignUpForm, onward: str) -> Response | None:
    """Make the account that the form asks for and go on, signed in; None where the form says what is wrong. Raises
    TooManyRequests for an address that makes many."""
    with write():
        calm = throttle.take(f"sign-up:{request.remote_addr}", SIGN_UPS, timedelta(minutes=10))
    if not calm:
        raise TooManyRequests
    if not form.ok or not _free(form):
        return None
    fresh, device = passwords.hashed(form.password.data), new_device_token()
    with write():
        person = make_person(form.name.data, **form.names, password_hash=fresh, lang=viewer().lang)
        remember_device(person.id, device)
        session = open_session(person.id, private_identity(person.id).id, called(str(request.user_agent)))
    response = make_response(redirect(onward, 303))
    let_in(response, session, False, device)
    return response


def _free(form: SignUpForm) -> bool:
    """Whether the sign-in name is nobody's yet."""
    if person_named(form.login.data) is None:
        return True
    form.blame("login", _("Somebody signs in with this already. Is it you? Then sign in above."))
    return False
