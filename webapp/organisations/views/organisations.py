"""Organisations: the list, a new one, their page, their people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.exc import IntegrityError

from webapp.kit import pages, throttle
from webapp.kit.db import write
from webapp.kit.i18n import N_, _
from webapp.kit.policy import access, can
from webapp.kit.searching import asked_name
from webapp.kit.web import Answer, done, password_again, personal, platform, requires, viewer
from webapp.organisations import actions, forms, queries
from webapp.organisations.models import Organisation
from webapp.organisations.policy import Rule
from webapp.organisations.views.pages import page, wrong

bp = Blueprint("organisations", __name__)

TAKEN = N_("An organisation of this name is here already.")
TAKEN_LOGIN = N_("Somebody took this one just now. Send it again.")


@bp.get("/organisations")
@personal
def organisations_list() -> Answer:
    found = queries.organisations(viewer(), pages.cursor())
    own = queries.organisations_of(viewer().person_id)
    return page("list", found=found, own=own, words=forms.kind_words())


@bp.get("/organisations/new")
@platform
def organisation_new() -> Answer:
    return page("new", form=forms.OrganisationForm.blank(kind="school"))


@bp.post("/organisations/new")
@platform
def organisation_create() -> Answer:
    """Make an organisation and its owner, who runs it from then on."""
    form = forms.OrganisationForm.read()
    if not form.ok:
        return wrong("new", form=form)
    password_again()
    try:
        with write():
            organisation = actions.make_organisation(form.kind.data, form.organisation.data, form.zone.data)
            person, code = actions.person_for(viewer(), form.name.data, form.names)
            actions.add_identity(organisation, person, "staff", "owner", form.title.data)
    except actions.NotAdded as reason:
        form.blame(reason.field, _(reason.words))
        return wrong("new", form=form)
    except IntegrityError as error:
        form.blame("organisation" if "name_key" in str(error.orig) else "login", _(_taken(error)))
        return wrong("new", form=form)
    return _added(person, code, f"/organisations/{organisation.id}")


def _taken(error: IntegrityError) -> str:
    return TAKEN if "name_key" in str(error.orig) else TAKEN_LOGIN


@bp.get("/organisations/<int:organisation_id>")
@requires(Rule.ORGANISATION_READ)
def organisation_show(organisation_id: int) -> Answer:
    """The organisation as its people see it: pupils and guardians see whom they may know."""
    organisation = access(Rule.ORGANISATION_READ, viewer(), Organisation, organisation_id)
    return _people_page("show", organisation)


@bp.get("/organisations/<int:organisation_id>/people")
@requires(Rule.ORGANISATION_ADMINISTER)
def people_list(organisation_id: int) -> Answer:
    """The same people with what an administrator does about them."""
    organisation = access(Rule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
    return _people_page("people", organisation)


def _people_page(name: str, organisation: Organisation) -> Answer:
    begins = asked_name()
    kind = request.args.get("kind", "")
    kind = kind if kind in forms.ROLES else ""
    found = queries.people(viewer(), organisation.id, begins, pages.cursor(), kind)
    return page(
        name,
        organisation=organisation,
        people=found,
        guardians=queries.guardians_of(row.id for row in found.items if row.kind == "pupil"),
        q=begins,
        kind=kind,
        may_administer=can(Rule.ORGANISATION_ADMINISTER, viewer(), organisation),
        kinds=forms.kind_words(),
    )


@bp.get("/organisations/<int:organisation_id>/people/new")
@requires(Rule.ORGANISATION_ADMINISTER)
def people_new(organisation_id: int) -> Answer:
    organisation = access(Rule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
    return page("person_new", organisation=organisation, form=forms.MemberForm.blank())


@bp.post("/organisations/<int:organisation_id>/people/new")
@requires(Rule.ORGANISATION_ADMINISTER)
def people_create(organisation_id: int) -> Answer:
    """Add somebody who has an account, or make one and show its one-time code."""
    organisation = access(Rule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
    form = forms.MemberForm.read()
    if not form.ok:
        return wrong("person_new", organisation=organisation, form=form)
    password_again()
    try:
        with write():
            organisation = access(Rule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
            throttle.calm(viewer().person_id, "picks")
            person, code = actions.person_for(viewer(), form.name.data, form.names)
            identity = actions.add_identity(organisation, person, form.kind.data, title=form.title.data)
            if identity.kind == "guardian" and form.pupil.data:
                pupil = actions.relate(organisation, form.pupil.data, "pupil", "pupil")
                actions.add_guardianship(identity, pupil, form.relation.data)
    except actions.NotAdded as reason:
        form.blame(reason.field, _(reason.words))
        return wrong("person_new", organisation=organisation, form=form)
    except IntegrityError:
        form.blame("login", _(TAKEN_LOGIN))
        return wrong("person_new", organisation=organisation, form=form)
    return _added(person, code, f"/organisations/{organisation_id}/people")


def _added(person: Any, code: str, url: str) -> Answer:
    """A new account's code is shown in this answer and never again; who had one already needs none."""
    if not code:
        return done(url, say=_("{name} is added.", name=person.name))
    return render_template("accounts/code_made.html", person=person, code=code, back_to=url, tab="me")
