"""Who opens a link: a person, a device that came back with our cookie, or a machine that only looks.

A preview bot asks once and forgets. A browser draws the page, so it asks for the sheet as well, with the cookie that
the page gave it: that, and nothing in the page's own request, is what counts a new device. Who comes back is known by
the cookie alone. The cookie goes to links only, says nothing but "the same browser", and never opens anything.
"""

from __future__ import annotations

import hmac
import re
import secrets

from flask import Response, current_app, request

from webapp.kit import ids
from webapp.kit.web import viewer

BOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|externalhit|facebookcatalog|whatsapp|telegram|skype|slack|discord|embedly"
    r"|pinterest|vkshare|quora|outbrain|bitly|validator|monitor|scan|fetch|curl|wget|httpie|python|java/|okhttp"
    r"|go-http|libwww|perl|ruby|php|node|axios|headless_shell|phantom|lighthouse",
    re.IGNORECASE,
)
AHEAD = ("prefetch", "preview", "prerender")
COOKIE_DAYS = 365
PATH = "/s"


def is_browser() -> bool:
    """Whether this request is a person's browser that opens something now: no HEAD, no bot, nothing fetched ahead."""
    agent = request.headers.get("User-Agent", "")
    purpose = " ".join(request.headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"))
    ahead = any(word in purpose.lower() for word in AHEAD)
    return request.method == "GET" and bool(agent) and not BOTS.search(agent) and not ahead


def known() -> str:
    """Who this is, if that is known by now: the signed-in person, or the device by its cookie; else ""."""
    if viewer().signed_in:
        return f"person {viewer().person_id}"
    nonce, _dot, mark = request.cookies.get(_name(), "").partition(".")
    return f"device {nonce}" if nonce and hmac.compare_digest(mark, _mark(nonce)) else ""


def mark(response: Response) -> None:
    """Give a new device the cookie by which it is known when it asks for the sheet."""
    nonce = secrets.token_urlsafe(12)
    https = current_app.config["SETTINGS"].https
    value, age = f"{nonce}.{_mark(nonce)}", COOKIE_DAYS * 86_400
    response.set_cookie(_name(), value, max_age=age, secure=https, httponly=True, samesite="Lax", path=PATH)


def pseudonym(link_id: int, who: str) -> str:
    """What stands in a link's log for this visitor; another link has another for the same."""
    return ids.derived(current_app.config["SECRET_KEY"], "link-use", link_id, who)


def _mark(nonce: str) -> str:
    return ids.derived(current_app.config["SECRET_KEY"], "link-device", nonce)


def _name() -> str:
    return f"ld_{current_app.config['SETTINGS'].port}"
