"""Forms of accounts. The fields of the sign-in form have names of their own (`_login`), because it also
carries what somebody had typed into another form when their session ended."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, Form, PasswordField, SelectField, StringField, ValidationError

from webapp.accounts import names, passwords
from webapp.kit import clock
from webapp.kit.forms import BaseForm, BodyField, LineField, at_most, filled, one_of
from webapp.kit.i18n import LANGUAGES, N_, _

# One of each offset that has schools in it; whatever a person has chosen stands in the list too.
ZONES = (
    "Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo",
    "Asia/Seoul", "Asia/Bangkok", "Asia/Kolkata", "Asia/Dubai", "Europe/Moscow", "Europe/Berlin",
    "Europe/London", "America/Sao_Paulo", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "Australia/Sydney",
    "Pacific/Auckland", "UTC",
)  # fmt: skip


def good_password(_form: Form, field: Field) -> None:
    if reason := passwords.reason_against(field.data or ""):
        raise ValidationError(_(reason))


def some_sign_in_name(form: Form, field: Field) -> None:
    """Write the name as it is stored into `form.names`."""
    form.names = names.sorted_out(field.data or "")
    if not form.names:
        raise ValidationError(_("A phone number, an e-mail address, or a user name of 2 to 40 letters and digits."))


def known_zone(_form: Form, field: Field) -> None:
    if field.data and field.data not in clock.zones():
        raise ValidationError(_("Choose one of the list."))


class SignInForm(BaseForm):
    login = LineField(N_("User name, phone or e-mail"), [filled(N_("Who are you?")), at_most(254)], name="_login")
    password = PasswordField(N_("Password"), name="_password")
    stay = BooleanField(N_("Stay signed in on this device"), name="_stay")


class SignUpForm(BaseForm):
    """A person makes their own account: a capability that invites includes accounts/_sign_up_fields.html.
    After `ok`, `names` are the arguments for `make_person`; `blame("login", …)` where it is taken."""

    names: dict[str, str]
    name = LineField(N_("Name"), [filled(N_("What are you called?")), at_most(60)])
    login = LineField(N_("User name, phone or e-mail"), [some_sign_in_name, at_most(254)])
    password = PasswordField(N_("Password"), [good_password])


class FirstRunForm(SignUpForm):
    code = StringField(
        N_("Code from the console"), [filled(N_("It stands in the window in which the server was started."))]
    )


class CodeForm(BaseForm):
    login = LineField(N_("User name, phone or e-mail"), [filled(N_("Who are you?")), at_most(254)])
    code = LineField(N_("One-time code"), [filled(N_("8 letters and digits, from your administrator.")), at_most(20)])
    password = PasswordField(N_("New password"), [good_password])


class NewPersonForm(BaseForm):
    """An administrator makes an account; the person sets the password with a one-time code."""

    names: dict[str, str]
    name = LineField(N_("Name"), [filled(N_("What is this person called?")), at_most(60)])
    login = LineField(N_("User name, phone or e-mail"), [some_sign_in_name, at_most(254)])


class ProfileForm(BaseForm):
    name = LineField(N_("Name"), [filled(N_("What are you called?")), at_most(60)])
    about = BodyField(N_("About you"), [at_most(300)])
    lang = SelectField(
        N_("Language"),
        validate_choice=False,
        validators=[one_of(("", *LANGUAGES), N_("Choose one of the list."))],
    )
    zone = SelectField(N_("Time zone"), validate_choice=False, validators=[known_zone])
    theme = SelectField(
        N_("Colours"),
        validate_choice=False,
        validators=[one_of(("", "light", "dark"), N_("Choose one of the list."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lang.choices = [("", _("as the browser says")), ("zh", "中文"), ("en", "English")]
        zones = dict.fromkeys((*ZONES, *((self.zone.data,) if self.zone.data in clock.zones() else ())))
        self.zone.choices = [
            ("", _("as in the organisation")),
            *((name, name.replace("_", " ")) for name in zones),
        ]
        self.theme.choices = [("", _("as the system says")), ("light", _("light")), ("dark", _("dark"))]


class ProofForm(BaseForm):
    """The password once more; named so that the form that waits in it keeps its own fields."""

    password = PasswordField(N_("Password"), name="_password")


WRONG_NAMES = {
    "username": N_("2 to 40 letters and digits; a phone number is no user name."),
    "phone": N_("This is not a whole phone number."),
    "email": N_("This is not an e-mail address."),
}


class NamesForm(BaseForm):
    """What one signs in with; after `ok`, `names` has the three as they are stored."""

    username = LineField(N_("User name"), [at_most(254)])
    phone = LineField(N_("Phone"), [at_most(254)])
    email = LineField(N_("E-mail"), [at_most(254)])

    @property
    def ok(self) -> bool:
        """Each is what its field asks for, and one is left to sign in with."""
        fine = self.validate()
        self.names = {kind: names.sorted_out(self[kind].data).get(kind) for kind in WRONG_NAMES}
        for kind, value in self.names.items():
            if self[kind].data and not value and not self[kind].errors:
                self.blame(kind, _(WRONG_NAMES[kind]))
                fine = False
        if fine and not any(self.names.values()):
            self.blame("username", _("One of the three is needed to sign in."))
            fine = False
        return fine


class PasswordForm(BaseForm):
    password_old = PasswordField(N_("Old password"))
    password_new = PasswordField(N_("New password"), [good_password])
