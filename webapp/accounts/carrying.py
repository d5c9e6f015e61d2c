"""A form that was sent too early waits inside the page that asks for a password, and is sent on from there by 307."""

from __future__ import annotations

from flask import request

from webapp.accounts import cookies

OWN_FIELDS = frozenset({"_login", "_password", "_stay", "_then", "_next"})


def fields() -> list[tuple[str, str]]:
    """The fields of the form on its way. Passwords and codes are typed again."""
    secret = ("password", "code")
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in OWN_FIELDS and not name.startswith(secret)
    ]


def address() -> str:
    """Where the form was sent to, as this request has it."""
    return request.full_path if request.query_string else request.path


def then() -> str:
    """Where it waits to go on to, as the page carries it; nowhere but here."""
    return cookies.local_path(request.form.get("_then", ""))
