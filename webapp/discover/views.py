"""The pages under "Circles": mine, my organisation's, public ones, and topics."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from webapp.circles import lists
from webapp.circles.kinds import KINDS
from webapp.circles.policy import Rule
from webapp.discover import queries
from webapp.kit import text
from webapp.kit.pages import cursor
from webapp.kit.web import personal, requires, viewer

bp = Blueprint("discover", __name__)
LONG = 60  # characters of a topic in an address


@bp.get("/circles")
@requires(Rule.CIRCLE_FIND)
def circles_index() -> str:
    """My circles by kind, and two that I could join."""
    mine, offers = lists.mine(viewer()), queries.public(viewer(), None, queries.FEW)
    asked = queries.asked(viewer())
    may_make, ownerless = bool(lists.kinds_for(viewer())), lists.ownerless(viewer())
    return _page("mine", mine=mine, offers=offers, asked=asked, may_make=may_make, ownerless=ownerless)


@bp.get("/discover")
@requires(Rule.CIRCLE_FIND)
def public_index() -> str:
    """Circles that I can find and am not in."""
    return _page("circles", at="discover", offers=queries.public(viewer(), cursor()))


@bp.get("/discover/organisation")
@requires(Rule.CIRCLE_FIND)
def organisation_index() -> str:
    """The circles of my organisation that I can find, mine among them."""
    return _page("circles", at="organisation", offers=queries.of_organisation(viewer(), cursor()))


@bp.get("/topics")
@personal
def topics_index() -> str:
    """What my circles write about these days."""
    return _page("topics", moving=queries.moving(viewer()))


@bp.get("/topics/<path:name>")
@personal
def topics_show(name: str) -> str:
    """The posts with this topic, of all circles that I read."""
    name = text.clean_line(name)[:LONG]
    return _page("topic", name=name, topic=queries.topic_page(viewer(), name, cursor()))


def _page(template: str, **context: Any) -> str:
    return render_template(f"discover/{template}.html", tab="circles", kinds=KINDS, **context)
