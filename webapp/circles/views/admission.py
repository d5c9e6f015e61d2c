"""How people come into a circle, beside its way of joining: questions, rules that admit, what newcomers see."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from webapp.circles import outcomes
from webapp.circles.actions.settling import Admission, set_admission
from webapp.circles.forms import AdmissionForm
from webapp.circles.models import Circle
from webapp.circles.policy import Rule
from webapp.circles.queries import Header, open_circle
from webapp.kit import clock
from webapp.kit.db import write
from webapp.kit.policy import access
from webapp.kit.web import Answer, done, invalid, requires, show, viewer

bp = Blueprint("admission", __name__)


@bp.get("/circles/<int:circle_id>/admission")
@requires(Rule.CIRCLE_ADMINISTER)
def admission_show(circle_id: int) -> str:
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_ADMINISTER)
    circle = header.circle
    since = clock.local(circle.history_since, viewer().zone).date().isoformat() if circle.history_since else ""
    form = AdmissionForm.blank(
        questions=circle.questions,
        verified=circle.admits_verified,
        linked=circle.admits_linked,
        history=circle.history,
        since=since,
        days=circle.history_days or None,
    )
    form.offer(viewer().zone)
    return show("circles/admission.html", **_page(header, form))


@bp.post("/circles/<int:circle_id>/admission")
@requires(Rule.CIRCLE_ADMINISTER)
def admission_update(circle_id: int) -> Answer:
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_ADMINISTER)
    form = AdmissionForm.read()
    form.offer(viewer().zone)
    if not form.ok:
        return invalid("circles/admission.html", **_page(header, form))
    admission = Admission(
        questions=[question for question in form.questions.data if question],
        verified=form.verified.data and header.circle.organisation_id is not None,
        linked=form.linked.data,
        past=form.past,
    )
    with write():
        settled = set_admission(viewer(), access(Rule.CIRCLE_ADMINISTER, viewer(), Circle, circle_id), admission)
    return done(url_for("admission.admission_show", circle_id=circle_id), say=outcomes.what_became(settled))


def _page(header: Header, form: AdmissionForm) -> dict[str, Any]:
    return {"tab": "circles", "mode": header.circle.kind, "header": header, "at": "settings", "form": form}
