"""The people of this server, for its administrators; one-time codes, also for an organisation's."""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy.exc import IntegrityError

from webapp.accounts import actions, queries
from webapp.accounts.forms import NewPersonForm
from webapp.accounts.models import Person
from webapp.accounts.policy import Rule
from webapp.kit import pages
from webapp.kit.db import write
from webapp.kit.i18n import _
from webapp.kit.policy import access, can
from webapp.kit.searching import asked_name
from webapp.kit.web import Answer, done, invalid, password_again, platform, requires, show, viewer

bp = Blueprint("people", __name__)


@bp.get("/people")
@platform
def people_list() -> Answer:
    """Everybody, the newest first; `q` is how a name begins."""
    begins = asked_name()
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
    password_again()
    try:
        with write():
            person = actions.make_person(form.name.data, **form.names)
            code = actions.make_code(viewer(), person)
    except IntegrityError:
        form.blame("login", _("Somebody has this one already."))
        return invalid("accounts/person_new.html", form=form, tab="me")
    return _code_page(person, code, "/people")


@bp.get("/people/<int:person_id>")
@requires(Rule.PERSON_ADMINISTER)
def person_show(person_id: int) -> Answer:
    """What an administrator of the server does about one person."""
    person = access(Rule.PERSON_ADMINISTER, viewer(), Person, person_id)
    may = {
        "may_appoint": can(Rule.PERSON_APPOINT, viewer(), person),
        "may_dismiss": can(Rule.PERSON_DISMISS, viewer(), person),
    }
    return render_template("accounts/person.html", person=person, tab="me", **may)


@bp.post("/people/<int:person_id>/appoint")
@requires(Rule.PERSON_APPOINT)
def person_appoint(person_id: int) -> Answer:
    """One more administrator of the server."""
    with write():
        person = access(Rule.PERSON_APPOINT, viewer(), Person, person_id)
        password_again()
        actions.appoint_platform_admin(viewer(), person)
    return done(f"/people/{person_id}", say=_("{name} administers this server too.", name=person.name))


@bp.post("/people/<int:person_id>/dismiss")
@requires(Rule.PERSON_DISMISS)
def person_dismiss(person_id: int) -> Answer:
    """No administrator any more; one always stays."""
    with write():
        person = access(Rule.PERSON_DISMISS, viewer(), Person, person_id)
        password_again()
        actions.dismiss_platform_admin(viewer(), person)
    words = _("{name} does not administer this server any more.", name=person.name)
    return done("/me" if person_id == viewer().person_id else f"/people/{person_id}", say=words)


@bp.post("/people/<int:person_id>/code")
@requires(Rule.PERSON_HELP)
def code_create(person_id: int) -> Answer:
    """Make a one-time code; it is shown in this answer and never again."""
    with write():
        person = access(Rule.PERSON_HELP, viewer(), Person, person_id)
        password_again()
        code = actions.make_code(viewer(), person)
    organisation = viewer().organisation_id
    return _code_page(person, code, "/people" if viewer().platform_admin else f"/organisations/{organisation}/people")


def _code_page(person: Person, code: str, back_to: str) -> Answer:
    return render_template("accounts/code_made.html", person=person, code=code, back_to=back_to, tab="me")
