"""The people of this server, for its administrators; one-time codes, also for an organisation's."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.exc import IntegrityError

from webapp.accounts import actions, queries
from webapp.accounts.forms import NewPersonForm
from webapp.accounts.models import Person
from webapp.accounts.policy import Rule
from webapp.kit import pages, text
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.policy import access
from webapp.kit.web import Answer, invalid, platform, requires, show, viewer

bp = Blueprint("people", __name__)


@bp.get("/people")
@platform
def people_list() -> Answer:
    """Everybody, the newest first; `q` is how a name begins."""
    begins = text.clean_line(request.args.get("q", ""))[:60]
    found = queries.people(viewer(), begins, pages.cursor())
    return show("accounts/people.html", people=found, q=begins, tab="me")


@bp.get("/people/new")
@platform
def people_new() -> Answer:
    return render_template("accounts/person_new.html", form=NewPersonForm.blank(), tab="me")


@bp.post("/people/new")
@platform
def people_create() -> Answer:
    """Make an account without a password, and show the one-time code that opens it."""
    form = NewPersonForm.read()
    if not form.ok:
        return invalid("accounts/person_new.html", form=form, tab="me")
    try:
        with write():
            person = actions.make_person(form.name.data, **form.names)
            code = actions.make_code(viewer(), person)
    except IntegrityError:
        form.blame("login", _("Somebody has this one already."))
        return invalid("accounts/person_new.html", form=form, tab="me")
    return _code_page(person, code, "/people")


@bp.post("/people/<int:person_id>/code")
@requires(Rule.PERSON_HELP)
def code_create(person_id: int) -> Answer:
    """Make a one-time code; it is shown in this answer and never again."""
    with write():
        person = access(Rule.PERSON_HELP, viewer(), Person, person_id)
        code = actions.make_code(viewer(), person)
    organisation = viewer().organisation_id
    return _code_page(person, code, "/people" if viewer().platform_admin else f"/organisations/{organisation}/people")


def _code_page(person: Person, code: str, back_to: str) -> Answer:
    return render_template("accounts/code_made.html", person=person, code=code, back_to=back_to, tab="me")
