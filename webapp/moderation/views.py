"""Reporting, deciding, and the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template

from webapp.circles.models import Circle
from webapp.circles.policy import Rule as CircleRule
from webapp.groups.models import Group
from webapp.groups.policy import Rule as GroupRule
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.pages import cursor
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, personal, platform, requires, show, viewer
from webapp.moderation import queries
from webapp.moderation.actions import decide, desks_for, outcomes, report
from webapp.moderation.forms import DecisionForm, ReportForm
from webapp.moderation.models import Case
from webapp.moderation.policy import Rule
from webapp.moderation.things import KINDS, Thing
from webapp.moderation.words import BECAME, CAUSES, DESKS, act_words
from webapp.organisations.models import Organisation
from webapp.organisations.policy import Rule as OrganisationRule

bp = Blueprint("moderation", __name__)
bp.add_app_template_global(act_words, "act_words")


@bp.app_template_global("reports_waiting")
def reports_waiting(desk: str, place_id: int) -> int:
    """How many reports wait there for whoever looks; for pages of lower floors."""
    return queries.waiting(viewer(), desk, place_id)


# ---- reporting -------------------------------------------------------------------------------------------
REPORTED = {
    "post": ("/posts/<int:post_id>/report", "post_id"),
    "comment": ("/comments/<int:comment_id>/report", "comment_id"),
    "message": ("/messages/<int:message_id>/report", "message_id"),
    "member": ("/memberships/<int:membership_id>/report", "membership_id"),
    "group_member": ("/group-members/<int:member_id>/report", "member_id"),
}


def _reporting(kind: str, argument: str) -> tuple[Callable[..., Answer], Callable[..., Answer]]:
    rule, model = KINDS[kind].rule, KINDS[kind].model

    def new(**keys: int) -> Answer:
        """Say what is wrong with it, and who decides."""
        thing = KINDS[kind].thing(access(rule, viewer(), model, keys[argument]))
        form = ReportForm.blank()
        form.offer(desks_for(thing))
        return show("moderation/report.html", None, **_report_page(thing, form))

    def create(**keys: int) -> Answer:
        """Report it."""
        thing = KINDS[kind].thing(access(rule, viewer(), model, keys[argument]))
        form = ReportForm.read()
        form.offer(desks_for(thing))
        if not form.ok:
            return invalid("moderation/report.html", **_report_page(thing, form))
        with write():
            thing = KINDS[kind].thing(access(rule, viewer(), model, keys[argument]))
            report(viewer(), thing, form.desk.data, form.cause.data, form.words.data)
        return done(thing.place, say=_("Reported. {name} is not told by whom.", name=thing.identity.name))

    return requires(rule)(new), requires(rule)(create)


def _report_page(thing: Thing, form: ReportForm) -> dict[str, Any]:
    return {"thing": thing, "form": form, "mode": thing.circle.kind if thing.circle else ""}


for _kind, (_path, _argument) in REPORTED.items():
    _new, _create = _reporting(_kind, _argument)
    bp.add_url_rule(_path, f"{_kind}_report", _new, methods=["GET"])
    bp.add_url_rule(_path, f"{_kind}_report_create", _create, methods=["POST"])


@bp.get("/me/reports")
@personal
def mine_show() -> Answer:
    """What became of my reports, and what was decided about me."""
    found = queries.mine(viewer())
    return show("moderation/mine.html", None, mine=found, kinds=KINDS, became=BECAME, tab="me")


# ---- deciding --------------------------------------------------------------------------------------------
@bp.get("/cases/<int:case_id>")
@requires(Rule.CASE_DECIDE)
def cases_show(case_id: int) -> Answer:
    """One case: the thing as it is, what stands around it, who reported it and why."""
    case = access(Rule.CASE_DECIDE, viewer(), Case, case_id)
    return show("moderation/case.html", None, **_case_page(case, DecisionForm.blank()))


@bp.post("/cases/<int:case_id>")
@requires(Rule.CASE_DECIDE)
def cases_decide(case_id: int) -> Answer:
    """Decide, once."""
    form = DecisionForm.read()
    if not form.ok:
        return invalid("moderation/case.html", **_case_page(access(Rule.CASE_DECIDE, viewer(), Case, case_id), form))
    with write():
        case = access(Rule.CASE_DECIDE, viewer(), Case, case_id)
        decide(viewer(), case, form.outcome.data, form.reason.data)
    return done(_desk_address(case), say=_("Decided."))


def _case_page(case: Case, form: DecisionForm) -> dict[str, Any]:
    found = queries.open_case(case)
    form.offer(outcomes(viewer(), case, found.thing))
    words = {"words": KINDS[case.kind].words, "causes": CAUSES, "became": BECAME, "desks": DESKS}
    return {"opened": found, "form": form, "address": _desk_address(case), **words}


def _desk_address(case: Case) -> str:
    """The queue in which the viewer finds the case."""
    places = {"circle": case.circle_id, "group": case.group_id, "organisation": case.organisation_id}
    return f"{_address(case.desk, places.get(case.desk))}/reports"


# ---- queues and logs -------------------------------------------------------------------------------------
def _queue(desk: str, place_id: int | None, name: str, back: str) -> Answer:
    found = queries.queue(viewer(), desk, place_id)
    page = {"desk": desk, "place_id": place_id or 0, "name": name, "back_to": back, "waiting": found, "kinds": KINDS}
    return show("moderation/queue.html", "moderation/_queue.html", address=_address(desk, place_id), **page)


def _log(desk: str, place_id: int | None, name: str) -> Answer:
    found = queries.log(desk, place_id, cursor())
    return show("moderation/log.html", None, log=found, name=name, address=_address(desk, place_id))


def _line(desk: str, place_id: int | None) -> Answer:
    waiting = queries.waiting(viewer(), desk, place_id)
    page = {"desk": desk, "place_id": place_id or 0, "waiting": waiting, "address": _address(desk, place_id)}
    return render_template("moderation/_line.html", **page)


def _address(desk: str, place_id: int | None) -> str:
    return {
        "circle": f"/circles/{place_id}",
        "group": f"/groups/{place_id}",
        "organisation": f"/organisations/{place_id}",
        "server": "/server",
    }[desk]


@bp.get("/circles/<int:circle_id>/reports")
@requires(CircleRule.CIRCLE_MODERATE)
def circle_reports(circle_id: int) -> Answer:
    """What waits for the circle's moderators."""
    circle = access(CircleRule.CIRCLE_MODERATE, viewer(), Circle, circle_id)
    return _queue("circle", circle_id, circle.name, f"/circles/{circle_id}")


@bp.get("/circles/<int:circle_id>/reports/line")
@requires(CircleRule.CIRCLE_MODERATE)
def circle_reports_line(circle_id: int) -> Answer:
    """How many wait, for the line above the feed."""
    access(CircleRule.CIRCLE_MODERATE, viewer(), Circle, circle_id)
    return _line("circle", circle_id)


@bp.get("/circles/<int:circle_id>/log")
@requires(CircleRule.CIRCLE_ADMINISTER)
def circle_log(circle_id: int) -> Answer:
    """What the circle's moderators did."""
    return _log("circle", circle_id, access(CircleRule.CIRCLE_ADMINISTER, viewer(), Circle, circle_id).name)


@bp.get("/groups/<int:group_id>/reports")
@requires(GroupRule.GROUP_ADMINISTER)
def group_reports(group_id: int) -> Answer:
    """What waits for the group's administrators."""
    group = access(GroupRule.GROUP_ADMINISTER, viewer(), Group, group_id)
    return _queue("group", group_id, group.name, f"/groups/{group_id}")


@bp.get("/groups/<int:group_id>/reports/line")
@requires(GroupRule.GROUP_ADMINISTER)
def group_reports_line(group_id: int) -> Answer:
    """How many wait, for the group's settings."""
    access(GroupRule.GROUP_ADMINISTER, viewer(), Group, group_id)
    return _line("group", group_id)


@bp.get("/groups/<int:group_id>/log")
@requires(GroupRule.GROUP_ADMINISTER)
def group_log(group_id: int) -> Answer:
    """What the group's administrators did."""
    return _log("group", group_id, access(GroupRule.GROUP_ADMINISTER, viewer(), Group, group_id).name)


@bp.get("/organisations/<int:organisation_id>/reports")
@requires(OrganisationRule.ORGANISATION_ADMINISTER)
def organisation_reports(organisation_id: int) -> Answer:
    """What waits for the organisation's administrators."""
    found = access(OrganisationRule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
    return _queue("organisation", organisation_id, found.name, f"/organisations/{organisation_id}")


@bp.get("/organisations/<int:organisation_id>/reports/line")
@requires(OrganisationRule.ORGANISATION_ADMINISTER)
def organisation_reports_line(organisation_id: int) -> Answer:
    """How many wait, for the organisation's page."""
    access(OrganisationRule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
    return _line("organisation", organisation_id)


@bp.get("/organisations/<int:organisation_id>/log")
@requires(OrganisationRule.ORGANISATION_ADMINISTER)
def organisation_log(organisation_id: int) -> Answer:
    """What was decided at the organisation's desk."""
    found = access(OrganisationRule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
    return _log("organisation", organisation_id, found.name)


@bp.get("/server/reports")
@platform
def server_reports() -> Answer:
    """What nobody below the server's administrators can decide."""
    return _queue("server", None, _("This server"), "/me")


@bp.get("/server/reports/line")
@platform
def server_reports_line() -> Answer:
    """How many of them wait."""
    return _line("server", None)


@bp.get("/server/log")
@platform
def server_log() -> Answer:
    """What the server's administrators decided."""
    return _log("server", None, _("This server"))
