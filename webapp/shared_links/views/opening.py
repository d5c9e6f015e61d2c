"""The page behind a link. Opening it changes nothing: previews open every link first. What is noted is who opened it,
after the answer (visitors.py)."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.exceptions import TooManyRequests

from webapp.kit import ids, throttle
from webapp.kit.db import later, write
from webapp.kit.i18n import _
from webapp.kit.static import built
from webapp.kit.web import Answer, public, viewer
from webapp.shared_links import visitors
from webapp.shared_links.actions import note_use, try_code
from webapp.shared_links.models import SharedLink
from webapp.shared_links.queries import OpenLink, find_link, open_link

bp = Blueprint("opening", __name__)
WRONG = 30  # links that open nothing, a minute and address
PROOF = "link_code"  # the cookie of somebody who knew the code; its path is the link's


@bp.get("/s/<token>")
@public
def link_show(token: str) -> Answer:
    """What the link shows, as it stands now; the same words whether it is wrong, expired or revoked."""
    opened = open_link(token)
    if opened is None:
        return _over()
    if not _proved(opened.link):
        return _code_page(token, "", 200)
    who = visitors.known()
    fresh = visitors.is_browser() and not who
    response = _page("open.html", 200, token=token if fresh else "", **_shown(opened))
    if fresh:
        visitors.mark(response)
    _note(response, opened.link, who)
    return response


@bp.get("/s/<token>/link.css")
@public
def sheet_show(token: str) -> Answer:
    """The style sheet, as a new device asks for it: whoever comes for it with our cookie has drawn the page."""
    response = built("link.css")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["X-Robots-Tag"] = "noindex"
    who = visitors.known()
    found = find_link(token) if who else None
    if found is not None and _proved(found[0]):
        _note(response, found[0], who)
    return response


@bp.post("/s/<token>")
@public
def code_create(token: str) -> Answer:
    """The code that is asked before: right, it is remembered by a cookie of this link alone."""
    opened = open_link(token)
    if opened is None:
        return _over()
    if not opened.link.code_hash:
        return redirect(f"/s/{token}", 303)
    secret, code = current_app.config["SECRET_KEY"], request.form.get("code", "")[:40]
    with write():
        right = try_code(opened.link, secret, code, request.remote_addr or "")
    if not right:
        return _code_page(token, _("That is not the code. Look at it again; five tries in a quarter of an hour."), 422)
    response = make_response(redirect(f"/s/{token}", 303))
    https = current_app.config["SETTINGS"].https
    response.set_cookie(PROOF, _proof(opened.link), secure=https, httponly=True, samesite="Lax", path=f"/s/{token}")
    return response


def _shown(opened: OpenLink) -> dict[str, Any]:
    picture = current_app.config["BASE_URL"] + current_app.jinja_env.globals["asset"]("share.png")  # type: ignore[operator]
    return {
        "link": opened.link,
        "circle": opened.circle,
        "subject": opened.subject,
        "shared": opened.shared,
        "mode": opened.circle.kind,
        "picture": picture,
    }


def _over() -> Answer:
    """One answer for every link that opens nothing; an address that tries many has to wait."""
    key = f"shared-link:{request.remote_addr}"
    if throttle.full(key, WRONG):
        raise TooManyRequests
    response = _page("over.html", 410)

    def count() -> None:
        throttle.take(key, WRONG, timedelta(minutes=1))

    later(current_app._get_current_object(), response, count)  # type: ignore[attr-defined]
    return response


def _code_page(token: str, reason: str, status: int) -> Response:
    response = _page("code.html", status, link_token=token, reason=reason)
    response.headers["Referrer-Policy"] = "same-origin"  # no-referrer would take the form's Origin away
    return response


def _page(template: str, status: int, token: str = "", **context: Any) -> Response:
    """A page behind a link; with a `token` its sheet is asked for under the link's own address."""
    asset: Any = current_app.jinja_env.globals["asset"]
    sheet = f"/s/{token}/link.css" if token else asset("link.css")
    response = make_response(render_template(f"shared_links/{template}", sheet=sheet, **context), status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _note(response: Response, link: SharedLink, who: str) -> None:
    """Bookkeeping after the answer. Its maker looking at it is no opening."""
    if not who or not visitors.is_browser() or viewer().identity_id == link.made_by:
        return
    number, by = link.id, visitors.pseudonym(link.id, who)

    def note() -> None:
        note_use(number, "opened", by)

    later(current_app._get_current_object(), response, note)  # type: ignore[attr-defined]


def _proved(link: SharedLink) -> bool:
    """Whether the link asks for no code, or this browser knew it."""
    return not link.code_hash or hmac.compare_digest(request.cookies.get(PROOF, ""), _proof(link))


def _proof(link: SharedLink) -> str:
    return ids.derived(current_app.config["SECRET_KEY"], "link-code-known", link.nonce, link.code_hash)
