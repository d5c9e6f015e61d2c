"""Forms of organisations."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField

from webapp.accounts.forms import ZONES, known_zone, some_sign_in_name
from webapp.kit.forms import BaseForm, LineField, at_most, filled, one_of
from webapp.kit.i18n import N_, _
from webapp.organisations.models import KINDS

ROLES = ("teacher", "pupil", "guardian", "staff")
CHOOSE = N_("Choose one of the list.")


def kind_words() -> dict[str, str]:
    return {"school": _("school"), "company": _("company"), "community": _("community")}


def role_words() -> dict[str, str]:
    return {
        "teacher": _("teacher"),
        "pupil": _("pupil"),
        "guardian": _("guardian"),
        "staff": _("staff"),
    }


def power_words() -> dict[str, str]:
    return {"owner": _("owner of the organisation"), "admin": _("administrator"), "member": _("member")}


class _PersonForm(BaseForm):
    """Somebody by name and sign-in name: who has an account, or gets one."""

    names: dict[str, str]
    name = LineField(N_("Name"), [filled(N_("What is this person called?")), at_most(60)])
    login = LineField(N_("User name, phone or e-mail"), [some_sign_in_name, at_most(254)])
    title = LineField(N_("Position"), [at_most(60)])


class OrganisationForm(_PersonForm):
    """A new organisation and its owner."""

    kind = RadioField(N_("Kind"), [one_of(KINDS, CHOOSE)], validate_choice=False)
    organisation = LineField(N_("Name of the organisation"), [filled(N_("What is it called?")), at_most(60)])
    zone = SelectField(N_("Time zone"), [known_zone], validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(kind_words().items())
        self.zone.choices = [(name, name.replace("_", " ")) for name in ZONES]


class MemberForm(_PersonForm):
    """Somebody for an organisation; a guardian's pupil may be named at once."""

    kind = SelectField(N_("Role here"), [one_of(ROLES, CHOOSE)], validate_choice=False)
    pupil = LineField(N_("For guardians: the pupil's user name"), [at_most(254)])
    relation = LineField(N_("For guardians: what they are to the pupil"), [at_most(20)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(role_words().items())


class AboutForm(BaseForm):
    """How one of the organisation's people is called."""

    name = LineField(N_("Name"), [filled(N_("What is this person called?")), at_most(60)])
    title = LineField(N_("Position"), [at_most(60)])


class GuardianForm(BaseForm):
    guardian = LineField(N_("The guardian's user name, phone or e-mail"), [filled(N_("Who is it?")), at_most(254)])
    relation = LineField(N_("What they are to the pupil"), [at_most(20)])


class PowerForm(BaseForm):
    power = SelectField(
        N_("Power in the organisation"), [one_of(("owner", "admin", "member"), CHOOSE)], validate_choice=False
    )
