"""The cookies of a signed-in browser, and where it goes next."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, request

from webapp.accounts.sessions import HARD
from webapp.kit import ids
from webapp.kit.security import cookie_name, set_cookie

DEVICE_DAYS = 400  # the longest that browsers keep a cookie


def device_token() -> str:
    """What this browser is known by, or "" on its first visit."""
    token = request.cookies.get(cookie_name("kd"), "")
    return token if len(token) <= 100 else ""


def let_in(response: Response, token: str, stay: bool, device: str = "") -> None:
    """Give the browser its session, until it closes or for as long as a session lasts at all."""
    set_cookie(response, "sid", token, int(HARD.total_seconds()) if stay else None)
    if device:
        set_cookie(response, "kd", device, DEVICE_DAYS * 86_400)


def let_out(response: Response) -> None:
    set_cookie(response, "sid", "", None)


def new_device_token() -> str:
    return device_token() or ids.new_token()


def local_path(text: str, default: str = "") -> str:
    """The path if it leads nowhere but here. Browsers read a backslash as a slash, and skip control
    characters."""
    parts = urlsplit(text)
    plain = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if plain and not parts.scheme and not parts.netloc and len(text) < 2_000 else default
