"""Looking for a name: `?q=` cleaned, cut and counted, so that nobody reads a list out letter by letter."""

from __future__ import annotations

from flask import Response, after_this_request, current_app, request
from werkzeug.exceptions import TooManyRequests

from webapp.kit import text, throttle
from webapp.kit.db import later
from webapp.kit.web import viewer


def asked_name(longest: int = 60) -> str:
    """The name that this request looks for, or "". Raises TooManyRequests past the pace; a search is counted after
    its answer, since a GET changes nothing."""
    name = text.clean_line(request.args.get("q", ""))[:longest]
    if name:
        _count(viewer().person_id)
    return name


def _count(person_id: int) -> None:
    if throttle.spent(person_id, "searches"):
        raise TooManyRequests
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def note() -> None:
        throttle.note(person_id, "searches")

    def after(response: Response) -> Response:
        later(app, response, note)
        return response

    after_this_request(after)
