"""Organisations: their page, their people, who runs them and who stands for whom."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound, UnprocessableEntity

from webapp.accounts.models import Identity
from webapp.accounts.policy import Rule as AccountRule
from webapp.kit import pages, text
from webapp.kit.db import db, load, write
from webapp.kit.i18n import N_, _
from webapp.kit.policy import access, can
from webapp.kit.web import Answer, done, invalid, personal, platform, requires, viewer
from webapp.organisations import actions, forms, queries
from webapp.organisations.models import Guardianship, Organisation
from webapp.organisations.policy import Rule

bp = Blueprint("organisations", __name__)

TAKEN = N_("An organisation of this name is here already.")
TAKEN_LOGIN = N_("Somebody took this one just now. Send it again.")


@bp.get("/organisations")
@personal
def organisations_list() -> Answer:
    found = queries.organisations(viewer(), pages.cursor())
    own = queries.organisations_of(viewer().person_id)
    return _page("list", found=found, own=own, words=forms.kind_words())


@bp.get("/organisations/new")
@platform
def organisation_new() -> Answer:
    return _page("new", form=forms.OrganisationForm.blank(kind="school"))


@bp.post("/organisations/new")
@platform
def organisation_create() -> Answer:
    """Make an organisation and its owner, who runs it from then on."""
    form = forms.OrganisationForm.read()
    if not form.ok:
        return _invalid("new", form=form)
    try:
        with write():
            organisation = actions.make_organisation(form.kind.data, form.organisation.data, form.zone.data)
            person, code = actions.person_for(viewer(), form.name.data, form.names)
            actions.add_identity(organisation, person, "staff", "owner", form.title.data)
    except actions.NotAdded as reason:
        form.blame(reason.field, _(reason.words))
        return _invalid("new", form=form)
    except IntegrityError as error:
        form.blame("organisation" if "name_key" in str(error.orig) else "login", _(_taken(error)))
        return _invalid("new", form=form)
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
    begins = text.clean_line(request.args.get("q", ""))[:60]
    kind = request.args.get("kind", "")
    kind = kind if kind in forms.ROLES else ""
    found = queries.people(viewer(), organisation.id, begins, pages.cursor(), kind)
    return _page(
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
    return _page("person_new", organisation=organisation, form=forms.MemberForm.blank())


@bp.post("/organisations/<int:organisation_id>/people/new")
@requires(Rule.ORGANISATION_ADMINISTER)
def people_create(organisation_id: int) -> Answer:
    """Add somebody who has an account, or make one and show its one-time code."""
    organisation = access(Rule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
    form = forms.MemberForm.read()
    if not form.ok:
        return _invalid("person_new", organisation=organisation, form=form)
    try:
        with write():
            organisation = access(Rule.ORGANISATION_ADMINISTER, viewer(), Organisation, organisation_id)
            person, code = actions.person_for(viewer(), form.name.data, form.names)
            identity = actions.add_identity(organisation, person, form.kind.data, title=form.title.data)
            if identity.kind == "guardian" and form.pupil.data:
                pupil = actions.relate(organisation, form.pupil.data, "pupil", "pupil")
                actions.add_guardianship(identity, pupil, form.relation.data)
    except actions.NotAdded as reason:
        form.blame(reason.field, _(reason.words))
        return _invalid("person_new", organisation=organisation, form=form)
    except IntegrityError:
        form.blame("login", _(TAKEN_LOGIN))
        return _invalid("person_new", organisation=organisation, form=form)
    return _added(person, code, f"/organisations/{organisation_id}/people")


def _added(person: Any, code: str, url: str) -> Answer:
    """A new account's code is shown in this answer and never again; who had one already needs none."""
    if not code:
        return done(url, say=_("{name} is added.", name=person.name))
    return render_template("accounts/code_made.html", person=person, code=code, back_to=url, tab="me")


# ---- one of its people ---------------------------------------------------------------------------
@bp.get("/identities/<int:identity_id>")
@requires(Rule.IDENTITY_ADMINISTER)
def identity_show(identity_id: int) -> Answer:
    identity = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
    return _page("identity", **_about(identity))


def _about(identity: Identity, form: Any = None) -> dict[str, Any]:
    return {
        "identity": identity,
        "guardians": queries.guardians_of([identity.id]).get(identity.id, []),
        "pupils": queries.pupils_of([identity.id]).get(identity.id, []),
        "may_appoint": can(Rule.IDENTITY_APPOINT, viewer(), identity),
        "may_help": can(AccountRule.PERSON_HELP, viewer(), identity.person),
        "may_end": can(Rule.IDENTITY_END, viewer(), identity),
        "powers": forms.power_words(),
        "form": form or forms.GuardianForm.blank(),
    }


@bp.post("/identities/<int:identity_id>/power")
@requires(Rule.IDENTITY_APPOINT)
def power_update(identity_id: int) -> Answer:
    """The owner appoints, or hands over."""
    form = forms.PowerForm.read()
    access(Rule.IDENTITY_APPOINT, viewer(), Identity, identity_id)  # who may not is not told what a good form is
    if not form.ok:
        raise UnprocessableEntity
    with write():
        identity = access(Rule.IDENTITY_APPOINT, viewer(), Identity, identity_id)
        actions.change_power(viewer(), identity, form.power.data)
    return done(f"/identities/{identity_id}", say=_("It holds from now on."))


@bp.get("/identities/<int:identity_id>/end")
@requires(Rule.IDENTITY_END)
def identity_end_ask(identity_id: int) -> Answer:
    return _page("identity_end", identity=access(Rule.IDENTITY_END, viewer(), Identity, identity_id))


@bp.post("/identities/<int:identity_id>/end")
@requires(Rule.IDENTITY_END)
def identity_end(identity_id: int) -> Answer:
    """Somebody leaves the organisation, or this role in it."""
    with write():
        identity = access(Rule.IDENTITY_END, viewer(), Identity, identity_id)
        actions.end_identity(viewer(), identity)
    words = _("{name} does not belong here any more. What they wrote stays.", name=identity.name)
    return done(f"/organisations/{identity.organisation_id}/people", say=words)


@bp.post("/identities/<int:identity_id>/guardians")
@requires(Rule.IDENTITY_ADMINISTER)
def guardians_create(identity_id: int) -> Answer:
    """Somebody who is a guardian here stands for this pupil."""
    form = forms.GuardianForm.read()
    identity = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
    if not form.ok:
        return _invalid("identity", **_about(identity, form))
    try:
        with write():
            pupil = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
            organisation = db.session.get_one(Organisation, pupil.organisation_id)
            guardian = actions.relate(organisation, form.guardian.data, "guardian", "guardian")
            actions.add_guardianship(guardian, pupil, form.relation.data)
    except actions.NotAdded as reason:
        form.blame(reason.field, _(reason.words))
        return _invalid("identity", **_about(identity, form))
    return done(f"/identities/{identity_id}", say=_("{name} stands for this pupil.", name=guardian.name))


@bp.post("/identities/<int:identity_id>/guardians/<int:guardian_id>/end")
@requires(Rule.IDENTITY_ADMINISTER)
def guardian_end(identity_id: int, guardian_id: int) -> Answer:
    with write():
        pupil = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
        guardianship = load(Guardianship, (guardian_id, pupil.id))
        if guardianship is None:
            raise NotFound
        actions.end_guardianship(guardianship)
    return done(f"/identities/{identity_id}", say=_("This guardian does not stand for the pupil any more."))


def _page(name: str, **context: Any) -> str:
    return render_template(f"organisations/{name}.html", tab="me", roles=forms.role_words(), **context)


def _invalid(name: str, **context: Any) -> Answer:
    return invalid(f"organisations/{name}.html", tab="me", roles=forms.role_words(), **context)
