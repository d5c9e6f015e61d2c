"""Making a circle; joining and leaving. The lists of circles are webapp/discover's."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, url_for
from markupsafe import Markup
from werkzeug.exceptions import Forbidden, NotFound

from webapp.accounts.models import Identity
from webapp.circles import lists, outcomes
from webapp.circles.actions.joining import NotAdmitted, comes_in, join, leave, withdraw
from webapp.circles.actions.making import NameTaken, make_circle
from webapp.circles.actions.members import take_over
from webapp.circles.forms import JoinForm, NewCircleForm
from webapp.circles.kinds import KINDS
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule
from webapp.circles.queries import open_circle
from webapp.kit.db import db, write
from webapp.kit.i18n import _
from webapp.kit.policy import access, allowed, can
from webapp.kit.web import Answer, done, invalid, password_again, personal, requires, show, viewer

bp = Blueprint("circles", __name__)


@bp.get("/circles/new")
@personal
def circles_new() -> str:
    form = _new_form(NewCircleForm.blank(kind=next(iter(_kinds())), with_group=True))
    return show("circles/new.html", tab="circles", form=form, kinds=_kinds())


@bp.post("/circles")
@personal
def circles_create() -> Answer:
    """Make a circle; the identity in use owns it."""
    kinds = _kinds()
    form = _new_form(NewCircleForm.read())
    if not form.ok:
        return invalid("circles/new.html", tab="circles", form=form, kinds=kinds)
    try:
        with write():
            circle = make_circle(
                viewer(),
                kind=form.kind.data,
                name=form.name.data,
                intro=form.intro.data,
                organisation_id=form.organisation.data or None,
                joining=form.joining.data or "",
                with_group=form.with_group.data,
            )
    except NotAdmitted as refused:
        form.blame("organisation", outcomes.why_not(refused))
        return invalid("circles/new.html", tab="circles", form=form, kinds=kinds)
    except NameTaken as refused:
        form.blame("name", _taken(refused))
        return invalid("circles/new.html", tab="circles", form=form, kinds=kinds)
    return done(url_for("feed.feed_show", circle_id=circle.id), say=_("The circle is there. Ask the first people in."))


def _taken(refused: NameTaken) -> str:
    """The reason, with the way to the other circle where this person may know of it."""
    why = outcomes.why_not(refused)
    if not can(Rule.CIRCLE_FIND, viewer(), refused.circle):
        return why
    there = url_for("feed.feed_show", circle_id=refused.circle.id)
    return Markup('{} <a href="{}">{}</a>').format(why, there, _("Look at that circle"))


def _kinds() -> dict[str, object]:
    """The kinds that the identity in use can own. Raises Forbidden where there is none: pupils make no circles."""
    kinds: dict[str, object] = {key: KINDS[key] for key in lists.kinds_for(viewer())}
    if not kinds:
        raise Forbidden
    return kinds


def _new_form(form: NewCircleForm) -> NewCircleForm:
    form.offer(lists.kinds_for(viewer()), lists.owners_for(viewer()))
    return form


@bp.post("/circles/<int:circle_id>/take-over")
@requires(Rule.CIRCLE_TAKE_OVER)
def circle_take_over(circle_id: int) -> Answer:
    """One of the organisation's circles that nobody owns is mine from now on."""
    try:
        with write():
            circle = access(Rule.CIRCLE_TAKE_OVER, viewer(), Circle, circle_id)
            password_again()
            take_over(viewer(), circle)
    except NotAdmitted as refused:
        raise Forbidden from refused
    return done(url_for("feed.feed_show", circle_id=circle_id), say=_("The circle is yours now."))


@bp.post("/circles/<int:circle_id>/join")
@requires(Rule.CIRCLE_FIND)
def circle_join(circle_id: int) -> Answer:
    """Come in where it is open, ask where somebody decides."""
    header, form = open_circle(viewer(), circle_id, Rule.CIRCLE_FIND), JoinForm.read()
    questions = questions_for(header.circle)
    form.ask(questions)
    if not form.ok:
        page = {"tab": "circles", "mode": header.circle.kind, "header": header, "form": form}
        return invalid("circles/preview.html", **page)
    try:
        with write():
            circle = access(Rule.CIRCLE_FIND, viewer(), Circle, circle_id)
            row = join(viewer(), circle, form.message.data or "", form.answered(questions))
    except NotAdmitted as refused:
        return _refused(circle_id, refused)
    said = _("You are in.") if row.state == "active" else _("Asked. An administrator decides; you will see it here.")
    return done(url_for("feed.feed_show", circle_id=circle_id), say=said)


@bp.post("/circles/<int:circle_id>/request/delete")
@requires(Rule.MEMBERSHIP_WITHDRAW)
def request_withdraw(circle_id: int) -> Answer:
    """Take back one's own request."""
    asked = sa.select(Membership.id).where(
        Membership.circle_id == circle_id, allowed(Rule.MEMBERSHIP_WITHDRAW, viewer())
    )
    with write():
        number = db.session.scalar(asked)
        if number is None:
            raise NotFound
        withdraw(viewer(), access(Rule.MEMBERSHIP_WITHDRAW, viewer(), Membership, number))
    return done("/circles", say=_("The request is withdrawn."))


@bp.app_template_global()
def questions_for(circle: Circle) -> list[str]:
    """What the circle asks this viewer before they come in; nothing where they need not wait for anybody."""
    asks = circle.joining == "request" and circle.questions and not comes_in_by(circle)
    return circle.questions if asks else []


@bp.app_template_global()
def comes_in_by(circle: Circle) -> str:
    """How this viewer comes in by one tap: "open", a rule of the circle, or "" for not."""
    return comes_in(circle, db.session.get_one(Identity, viewer().identity_id)) if viewer().signed_in else ""


@bp.get("/circles/<int:circle_id>/leave")
@requires(Rule.CIRCLE_READ)
def circle_leaving(circle_id: int) -> str:
    """Asks first."""
    header = open_circle(viewer(), circle_id)
    return show("circles/leave.html", tab="circles", mode=header.circle.kind, header=header, at="")


@bp.post("/circles/<int:circle_id>/leave")
@requires(Rule.CIRCLE_READ)
def circle_leave(circle_id: int) -> Answer:
    try:
        with write():
            leave(viewer(), access(Rule.CIRCLE_READ, viewer(), Circle, circle_id))
    except NotAdmitted as refused:
        return _refused(circle_id, refused)
    return done("/circles", say=_("You have left the circle. What you wrote stays in it."))


def _refused(circle_id: int, refused: NotAdmitted) -> Answer:
    header = open_circle(viewer(), circle_id, Rule.CIRCLE_FIND)
    return invalid(
        "circles/refused.html", tab="circles", mode=header.circle.kind, header=header, words=refused.words, at=""
    )
