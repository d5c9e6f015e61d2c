"""The password again, before what a stolen session must not do; what was asked for is done after it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from webapp.accounts import actions, carrying, proof
from webapp.accounts.forms import ProofForm
from webapp.accounts.models import Person
from webapp.kit.db import db, write
from webapp.kit.i18n import _
from webapp.kit.web import Answer, PasswordAgain, personal, viewer

bp = Blueprint("proving", __name__)


@bp.app_errorhandler(PasswordAgain)
def ask_again(_error: PasswordAgain) -> Answer:
    """The form waits inside the page. htmx is told in one line; static/js/forms.js then sends the form plainly."""
    if request.headers.get("HX-Request"):
        return render_template("accounts/_password_first.html"), 401
    return _page(ProofForm.blank(), 401, carrying.address())


@bp.post("/password-again")
@personal
def password_again_create() -> Answer:
    """Take the password, and send on the form that waited for it."""
    form, waiting = ProofForm.read(), carrying.then()
    if not waiting:
        raise NotFound
    person = db.session.get_one(Person, viewer().person_id)
    status, reason = proof.reason_against(person, form.password.data or "", request.remote_addr)
    if reason:
        form.blame("password", _(reason))
        return _page(form, status, waiting)
    with write():
        actions.prove_session(viewer())
    return redirect(waiting, 307)


def _page(form: Any, code: int, waiting: str) -> Response:
    person = db.session.get_one(Person, viewer().person_id)
    known_as = person.username or person.phone or person.email or ""
    page = {"form": form, "then": waiting, "carried": carrying.fields(), "known_as": known_as}
    return make_response(render_template("accounts/password_again.html", **page), code)
