"""Who asks to join, and the word of those who decide: about one, about the ticked, about all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.exceptions import BadRequest

from webapp.circles import lists
from webapp.circles.actions.joining import NotAdmitted, decide, decide_all
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule
from webapp.circles.queries import Header, open_circle
from webapp.kit import clock, pages
from webapp.kit.db import db, lock, write
from webapp.kit.i18n import _, ngettext
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, requires, show, viewer

bp = Blueprint("requests", __name__, url_prefix="/circles/<int:circle_id>")


@bp.get("/requests")
@requires(Rule.CIRCLE_MODERATE)
def requests_index(circle_id: int) -> str:
    """A stretch of them, as they stand now; `?ticked=1` comes with every box ticked."""
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_MODERATE)
    return show("circles/requests.html", "circles/_requests.html", **_page(header))


@bp.post("/requests")
@requires(Rule.CIRCLE_MODERATE)
def requests_decide(circle_id: int) -> Answer:
    """Admit or refuse the one whose button it was ("admit-7"), or those who are ticked ("admit")."""
    decision, _dash, one = request.form.get("decision", "").partition("-")
    chosen = [one] if one else request.form.getlist("request")
    admitted, ticked = decision == "admit", pages.ids(chosen if decision in ("admit", "refuse") else [])
    decided, refusals = 0, list[str]()
    with write():
        circle = access(Rule.CIRCLE_MODERATE, viewer(), Circle, circle_id)
        for number in ticked:
            row = db.session.get(Membership, number)
            if row is None or row.circle_id != circle.id:
                continue
            try:
                decided += decide(viewer(), circle, lock(row), admitted)
            except NotAdmitted as refused:
                refusals.append(refused.words)
    return _decided(circle_id, decided, refusals)


@bp.get("/requests/all")
@requires(Rule.CIRCLE_MODERATE)
def requests_all(circle_id: int) -> str:
    """Asks first: it is about everybody who waits at this moment."""
    page = _page(open_circle(viewer(), circle_id, Rule.CIRCLE_MODERATE))
    return show("circles/requests_all.html", **page, until=clock.now().isoformat())


@bp.post("/requests/all")
@requires(Rule.CIRCLE_MODERATE)
def requests_decide_all(circle_id: int) -> Answer:
    """Admit or refuse everybody who asked by the moment at which the page was drawn."""
    with write():
        circle = access(Rule.CIRCLE_MODERATE, viewer(), Circle, circle_id)
        decided, refusals = decide_all(viewer(), circle, *_word())
    return _decided(circle_id, decided, refusals)


def _word() -> tuple[bool, datetime]:
    """Whether they are admitted, and by when they must have asked. Raises BadRequest."""
    try:
        admitted = {"admit": True, "refuse": False}[request.form.get("decision", "")]
        return admitted, datetime.fromisoformat(request.form.get("until", "")).replace(tzinfo=None)
    except (ValueError, KeyError):
        raise BadRequest from None


def _decided(circle_id: int, decided: int, refusals: list[str]) -> Answer:
    """Back to the members, or to the requests that are left."""
    said = [ngettext("{n} request decided.", "{n} requests decided.", decided)]
    if refusals:
        not_in = ngettext("{n} could not come in:", "{n} could not come in:", len(refusals))
        said += [not_in, _(refusals[0])]
    left = lists.waiting(circle_id).older is not None
    there = "requests.requests_index" if left else "members.members_index"
    return done(url_for(there, circle_id=circle_id), say=" ".join(said))


def _page(header: Header) -> dict[str, Any]:
    after = pages.cursor()
    return {
        "tab": "circles",
        "mode": header.circle.kind,
        "topics": [f"circle-{header.circle.id}"],
        "header": header,
        "at": "members",
        "after": after,
        "ticked": "ticked" in request.args,
        "waiting": lists.waiting(header.circle.id, after),
    }
