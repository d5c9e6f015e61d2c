"""One of an organisation's people: title, power, guardians, the end of a role."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.exceptions import NotFound, UnprocessableEntity

from webapp.accounts.models import Identity
from webapp.accounts.policy import Rule as AccountRule
from webapp.kit.db import db, load, write
from webapp.kit.i18n import _
from webapp.kit.policy import access, can
from webapp.kit.web import Answer, done, password_again, requires, viewer
from webapp.organisations import actions, forms, queries
from webapp.organisations.models import Guardianship, Organisation
from webapp.organisations.policy import Rule
from webapp.organisations.views.pages import page, wrong

bp = Blueprint("identities", __name__)


@bp.get("/identities/<int:identity_id>")
@requires(Rule.IDENTITY_ADMINISTER)
def identity_show(identity_id: int) -> Answer:
    identity = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
    return page("identity", **_about(identity))


def _about(identity: Identity, form: Any = None, about: Any = None) -> dict[str, Any]:
    may_help = can(AccountRule.PERSON_HELP, viewer(), identity.person)
    return {
        "identity": identity,
        "guardians": queries.guardians_of([identity.id]).get(identity.id, []),
        "pupils": queries.pupils_of([identity.id]).get(identity.id, []),
        "may_appoint": can(Rule.IDENTITY_APPOINT, viewer(), identity),
        "may_help": may_help,
        "about": about or forms.AboutForm.blank(name=identity.name, title=identity.title),
        "may_end": can(Rule.IDENTITY_END, viewer(), identity),
        "powers": forms.power_words(),
        "form": form or forms.GuardianForm.blank(),
    }


@bp.post("/identities/<int:identity_id>")
@requires(Rule.IDENTITY_ADMINISTER)
def identity_update(identity_id: int) -> Answer:
    """The title; the name as well, where the account is nobody's elsewhere and could be opened with a code anyway."""
    form = forms.AboutForm.read()
    identity = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
    if not can(AccountRule.PERSON_HELP, viewer(), identity.person):
        del form.name
    if not form.ok:
        return wrong("identity", **_about(identity, about=form))
    with write():
        identity = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
        if form.name is not None and can(AccountRule.PERSON_HELP, viewer(), identity.person):
            actions.rename(viewer(), identity, form.name.data)
        actions.entitle(viewer(), identity, form.title.data)
    return done(f"/identities/{identity_id}", say=_("Kept."))


@bp.post("/identities/<int:identity_id>/power")
@requires(Rule.IDENTITY_APPOINT)
def power_update(identity_id: int) -> Answer:
    """The owner appoints, or hands over."""
    form = forms.PowerForm.read()
    access(Rule.IDENTITY_APPOINT, viewer(), Identity, identity_id)  # who may not is not told what a good form is
    if not form.ok:
        raise UnprocessableEntity
    password_again()
    with write():
        identity = access(Rule.IDENTITY_APPOINT, viewer(), Identity, identity_id)
        actions.change_power(viewer(), identity, form.power.data)
    return done(f"/identities/{identity_id}", say=_("It holds from now on."))


@bp.get("/identities/<int:identity_id>/end")
@requires(Rule.IDENTITY_END)
def identity_end_ask(identity_id: int) -> Answer:
    return page("identity_end", identity=access(Rule.IDENTITY_END, viewer(), Identity, identity_id))


@bp.post("/identities/<int:identity_id>/end")
@requires(Rule.IDENTITY_END)
def identity_end(identity_id: int) -> Answer:
    """Somebody leaves the organisation, or this role in it."""
    with write():
        identity = access(Rule.IDENTITY_END, viewer(), Identity, identity_id)
        password_again()
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
        return wrong("identity", **_about(identity, form))
    password_again()
    try:
        with write():
            pupil = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
            organisation = db.session.get_one(Organisation, pupil.organisation_id)
            guardian = actions.relate(organisation, form.guardian.data, "guardian", "guardian")
            actions.add_guardianship(guardian, pupil, form.relation.data)
    except actions.NotAdded as reason:
        form.blame(reason.field, _(reason.words))
        return wrong("identity", **_about(identity, form))
    return done(f"/identities/{identity_id}", say=_("{name} stands for this pupil.", name=guardian.name))


@bp.post("/identities/<int:identity_id>/guardians/<int:guardian_id>/end")
@requires(Rule.IDENTITY_ADMINISTER)
def guardian_end(identity_id: int, guardian_id: int) -> Answer:
    with write():
        pupil = access(Rule.IDENTITY_ADMINISTER, viewer(), Identity, identity_id)
        guardianship = load(Guardianship, (guardian_id, pupil.id))
        if guardianship is None:
            raise NotFound
        password_again()
        actions.end_guardianship(guardianship)
    return done(f"/identities/{identity_id}", say=_("This guardian does not stand for the pupil any more."))
