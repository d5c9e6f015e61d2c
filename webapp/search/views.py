"""The page on which one searches: a plain form and links, so that every search has an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import TooManyRequests

from webapp.kit import bigrams, text, throttle
from webapp.kit.db import later
from webapp.kit.finding import findables
from webapp.kit.i18n import N_
from webapp.kit.pages import cursor
from webapp.kit.web import Answer, personal, viewer
from webapp.search import queries
from webapp.search.excerpt import excerpt
from webapp.search.queries import PERIODS, Asked, Found

bp = Blueprint("search", __name__)
LONG = 200  # characters of a query
PACE, MINUTE = 60, timedelta(minutes=1)


class TooManySearches(TooManyRequests):
    own_words = True
    description = N_("That is more than one person reads. Wait a minute, then search again.")


@bp.get("/search")
@personal
def search_show() -> Answer:
    """What was found, or what can be."""
    asked = _asked()
    if not (asked.q or asked.by):
        return _page(asked, None)
    key = f"search:{viewer().person_id}"
    if throttle.full(key, PACE):
        raise TooManySearches
    response = make_response(_page(asked, cursor()))
    return _counted(response, key)


def _asked() -> Asked:
    """What stands in the address; whatever cannot be meant is left out."""
    said = {name: text.clean_line(request.args.get(name, "")[: 2 * LONG])[:LONG] for name in ("q", "kind", "in", "by")}
    days = request.args.get("days", 0, type=int)
    return Asked(
        q=said["q"],
        kind=said["kind"] if said["kind"] in findables() else "",
        place=said["in"],
        by=said["by"],
        days=days if days in PERIODS else 0,
    )


def _page(asked: Asked, before: int | None) -> str:
    mine = queries.wheres(viewer())
    asked = asked if _known(asked.place, mine) else Asked(asked.q, asked.kind, "", asked.by, asked.days)
    found = queries.find(viewer(), asked, mine, before) if asked.q or asked.by else Found()
    needles = bigrams.needles(asked.q)
    page: dict[str, Any] = {"asked": asked, "found": found, "mine": mine, "kinds": findables(), "periods": PERIODS}
    page |= {"readable": bool(needles or asked.by), "marked": lambda words: excerpt(words, needles)}
    return render_template("search/show.html", address=_address(asked), first=before is None, **page)


def _known(place: str, mine: dict[str, list[queries.Where]]) -> bool:
    return not place or any(where.key == place for wheres in mine.values() for where in wheres)


def _address(asked: Asked) -> Any:
    """The address of the same search with something else."""
    now = {"q": asked.q, "kind": asked.kind, "in": asked.place, "by": asked.by, "days": asked.days or ""}

    def address(**other: object) -> str:
        return "/search?" + urlencode({name: value for name, value in {**now, **other}.items() if value})

    return address


def _counted(response: Response, key: str) -> Response:
    """Bookkeeping after the answer: one search of this person."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def count() -> None:
        throttle.take(key, PACE, MINUTE)

    later(app, response, count)
    return response
