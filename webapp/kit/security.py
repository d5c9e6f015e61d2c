"""What every request and every answer must satisfy: same origin for changes, the header set, one identity a form."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import Conflict, Forbidden
from werkzeug.routing import IntegerConverter

from webapp.kit.ids import derived
from webapp.kit.web import viewer, wants_fragment

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DOCUMENTS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), display-capture=(), geolocation=(), payment=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class BoundedInteger(IntegerConverter):
    """Ids in URLs: SQLite raises at 2**63, so whatever is larger than any id is simply not there."""

    def __init__(self, map: object, *args: object, **kwargs: object) -> None:
        super().__init__(map, max=2**53, **kwargs)  # type: ignore[arg-type]


class CrossOrigin(Forbidden):
    """A change that was not asked for by one of our own pages."""


class OtherIdentity(Conflict):
    """A form drawn for one identity was sent in another."""


def init_security(app: Flask) -> None:
    app.url_map.converters["int"] = BoundedInteger
    app.before_request(check_origin)
    app.after_request(add_headers)


def check_origin() -> None:
    """Every change must come from our own origin: Sec-Fetch-Site, else Origin, else Referer, else a form that
    carries our own proof. Raises CrossOrigin. Source: reference/trust.md §4."""
    if request.method in SAFE:
        return
    site, origin, referer = (request.headers.get(name) for name in ("Sec-Fetch-Site", "Origin", "Referer"))
    if site is not None:
        same = site in ("same-origin", "none")
    elif origin is not None:
        same = origin == own_origin()
    elif referer is not None:
        same = _origin_of(referer) == own_origin()
    else:
        same = hmac.compare_digest(request.form.get("_proof", ""), proof())
    if not same:
        raise CrossOrigin


def own_origin() -> str:
    return f"{request.scheme}://{request.host}"


def proof() -> str:
    """What a form carries when the browser names no origin at all: only our own pages can show it."""
    return derived(current_app.config["SECRET_KEY"], "proof", viewer().session_id or request.remote_addr)


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check_identity() -> None:
    """A form carries the identity it was drawn for. Raises OtherIdentity when another is in use by now."""
    drawn_for = request.form.get("_identity") if request.method not in SAFE else None
    if drawn_for and viewer().signed_in and drawn_for != str(viewer().identity_id):
        raise OtherIdentity


def add_headers(response: Response) -> Response:
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html" and not wants_fragment():
        for name, value in DOCUMENTS.items():
            response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if g.get("new_cookie") is not None:
        set_cookie(response, *g.new_cookie)
    return response


def cookie_name(kind: str) -> str:
    """`__Host-` where the browser would store it (https); on plain http a name of our own port, since cookies are
    shared between the ports of a host."""
    settings = current_app.config["SETTINGS"]
    return f"__Host-{kind}" if settings.https else f"{kind}_{settings.port}"


def set_cookie(response: Response, kind: str, value: str, seconds: int | None) -> None:
    """Set one of our own cookies; an empty value deletes it, no `seconds` is until the browser closes."""
    https = current_app.config["SETTINGS"].https
    age = seconds if value else 0
    response.set_cookie(cookie_name(kind), value, max_age=age, secure=https, httponly=True, samesite="Lax", path="/")
