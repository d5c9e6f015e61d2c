"""Errors in plain words: what happened, what was kept, what to do. A form's text is never lost."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from webapp.kit.i18n import N_
from webapp.kit.security import CrossOrigin, OtherIdentity, own_origin, proof
from webapp.kit.web import viewer, wants_fragment

log = logging.getLogger(__name__)

WORDS = {
    400: (N_("That request could not be read"), N_("Go back and try once more.")),
    403: (N_("You can see this, but not do that"), N_("Ask an administrator of the circle or group.")),
    404: (N_("There is no page here"), N_("The link may be cut short, or this is only for members.")),
    405: (N_("That cannot be done this way"), N_("Go back and use the button on the page.")),
    409: (N_("Something changed meanwhile"), N_("Both texts are kept; look at them and send again.")),
    410: (N_("This is over"), N_("Ask the person who sent it for a new one.")),
    413: (N_("That is too large"), N_("Nothing was sent. Make it smaller and try again.")),
    422: (N_("Something is missing"), N_("Your text is kept; look at the marked field.")),
    429: (N_("That was too often"), N_("Wait a minute and try again. Your text is kept.")),
    500: (
        N_("Something broke on our side"),
        N_("It is not your fault. Your text is kept; try again in a minute."),
    ),
    503: (N_("The server is busy"), N_("Your text is kept; try again in a minute.")),
}
CROSS = (
    N_("This form came from another page"),
    N_("Look at what it would send. If it is yours, send it from here."),
)
OTHER = (
    N_("You are somebody else by now"),
    N_("The form was opened in another role. Look, then send it in this one."),
)


def init_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, explain)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _broken)


def explain(error: HTTPException) -> Response:
    """An error as a page, or as one short paragraph for htmx."""
    if error.code is None or error.code < 400 or error.response is not None:
        return make_response(error.get_response())
    title, what_to_do = WORDS.get(error.code, WORDS[400])
    if isinstance(error, CrossOrigin):
        title, what_to_do = CROSS
    if isinstance(error, OtherIdentity):
        title, what_to_do = OTHER
    own_words = error.description if getattr(error, "own_words", False) else ""
    return page(error.code, title, own_words or what_to_do, reveal=isinstance(error, CrossOrigin))


def page(code: int, title: str, words: str, reference: str = "", reveal: bool = False) -> Response:
    """Draw an error. The fields of a form that was sent stand in it, ready to be sent again; so does a search that
    came too often."""
    searched = request.method == "GET" and code == 429
    template = "errors/_message.html" if wants_fragment() else "errors/page.html"
    context = {
        "code": code,
        "title": title,
        "words": words,
        "reference": reference,
        "kept": list(request.args.items(multi=True)) if searched else kept_fields(),
    }
    context |= {
        "origins": (request.headers.get("Origin", ""), own_origin()) if reveal else None,
        "proof": proof(),
        "method": "get" if searched else "post",
    }
    return make_response(render_template(template, **context), code)


def kept_fields() -> list[tuple[str, str]]:
    """What a person typed into the form that failed; passwords and our own marks are left out."""
    if request.method in ("GET", "HEAD") or request.mimetype not in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        return []
    hidden = ("password", "code", "_")
    return [(name, value) for name, value in request.form.items(multi=True) if not name.startswith(hidden)]


def _database_away(error: OperationalError) -> Response:
    log.error("the database does not answer: %s", error)
    return page(503, *WORDS[503])


def _broken(error: Exception) -> Response:
    """Anything else: an id that the person can read out and that stands in the log."""
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    place = request.url_rule or request.path  # the rule, not the path: that of a link is a secret
    log.exception("%s %s %s, identity %s", reference, request.method, place, viewer().identity_id, exc_info=error)
    try:
        return page(500, *WORDS[500], reference=reference)
    except Exception:  # the template itself is broken
        log.exception("%s: the error page failed too", reference)
        return make_response(f"500 {reference}", 500)
