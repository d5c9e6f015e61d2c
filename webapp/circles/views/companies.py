"""A partner company in a business circle: its own desk, and the host's word about it."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.exceptions import Forbidden, NotFound

from webapp.circles import lists
from webapp.circles.actions.companies import end_partnership, take_out_own
from webapp.circles.actions.members import NotYours
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule
from webapp.circles.queries import open_circle
from webapp.kit import pages
from webapp.kit.db import write
from webapp.kit.i18n import _, ngettext
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, requires, show, viewer

bp = Blueprint("companies", __name__, url_prefix="/circles/<int:circle_id>")


@bp.get("/company")
@requires(Rule.CIRCLE_COMPANY)
def company_show(circle_id: int) -> str:
    """Who of my company is in, for its administrator."""
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_COMPANY)
    people = lists.company_people(circle_id, viewer().organisation_id, pages.cursor())
    return show(
        "circles/company.html", tab="circles", mode=header.circle.kind, header=header, at="members", people=people
    )


@bp.post("/company/members/<int:membership_id>/delete")
@requires(Rule.CIRCLE_COMPANY)
def company_member_delete(circle_id: int, membership_id: int) -> Answer:
    """Take one of my company's people out."""
    with write():
        circle = access(Rule.CIRCLE_COMPANY, viewer(), Circle, circle_id)
        row = access(Rule.MEMBERSHIP_READ, viewer(), Membership, membership_id)
        if row.circle_id != circle.id:
            raise NotFound
        try:
            take_out_own(viewer(), circle, row)
        except NotYours as refused:
            raise Forbidden from refused
    return done(url_for("companies.company_show", circle_id=circle_id), say=_("Taken out. What they wrote stays."))


@bp.get("/company/leave")
@requires(Rule.CIRCLE_COMPANY)
def company_leaving(circle_id: int) -> str:
    """Asks first: everybody of the company goes."""
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_COMPANY)
    return show("circles/company_leave.html", tab="circles", mode=header.circle.kind, header=header, at="")


@bp.post("/company/leave")
@requires(Rule.CIRCLE_COMPANY)
def company_leave(circle_id: int) -> Answer:
    with write():
        circle = access(Rule.CIRCLE_COMPANY, viewer(), Circle, circle_id)
        organisation_id = viewer().organisation_id
        assert organisation_id is not None
        end_partnership(viewer(), circle, organisation_id)
    return done("/circles", say=_("Your company has left the circle. What it wrote stays in it."))


@bp.post("/companies/<int:organisation_id>/delete")
@requires(Rule.CIRCLE_ADMINISTER)
def partnership_delete(circle_id: int, organisation_id: int) -> Answer:
    """The host ends it; ended twice is ended once."""
    with write():
        circle = access(Rule.CIRCLE_ADMINISTER, viewer(), Circle, circle_id)
        gone = end_partnership(viewer(), circle, organisation_id)
    said = ngettext("The company is out, with {n} person.", "The company is out, with {n} people.", gone)
    return done(url_for("members.members_index", circle_id=circle_id), say=said)
