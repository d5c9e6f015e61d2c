"""Forms about circles. Choices are passed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import BooleanField, Field, FieldList, Form, IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import Optional

from webapp.circles.kinds import KINDS
from webapp.circles.past import Past
from webapp.kit import clock
from webapp.kit.forms import BaseForm, BodyField, LineField, at_most, filled
from webapp.kit.i18n import N_, _
from webapp.kit.ids import as_id

JOINING = {
    "open": N_("Open: whoever finds it comes in"),
    "request": N_("By request: an administrator admits"),
    "invite": N_("By invitation only"),
    "hidden": N_("Hidden: by invitation, and nobody else finds it"),
}
WHO = {
    "everyone": N_("Everybody in it"),
    "members": N_("As the kind of circle has it"),
    "staff": N_("Teachers and staff"),
    "admins": N_("Owner and administrators"),
}
SHARING = {
    "nobody": N_("Nobody: what stands here stays here"),
    "admins": N_("Owner and administrators"),
    "members": N_("Everybody in it"),
}
DAYS = {"1": N_("1 day"), "7": N_("7 days"), "30": N_("30 days")}


def said(choices: dict[str, str]) -> list[tuple[str, str]]:
    """Choices in the language of this request."""
    return [(key, _(words)) for key, words in choices.items()]


class NewCircleForm(BaseForm):
    kind = RadioField(N_("Which kind of circle?"), choices=[(key, key) for key in KINDS])
    name = LineField(N_("Name of the circle"), [filled(N_("A circle needs a name.")), at_most(60)])
    organisation = SelectField(N_("Organisation"), coerce=as_id)
    joining = SelectField(N_("How people come in"), validate_choice=False)
    intro = BodyField(N_("Introduction"), [at_most(200)])
    with_group = BooleanField()

    def offer(self, kinds: Sequence[str], organisations: Sequence[tuple[int, str]]) -> None:
        """The choices that this identity has."""
        self.kind.choices = [(key, key) for key in kinds]
        self.organisation.choices = list(organisations)
        self.joining.choices = [("", _("As is usual for the kind")), *said(JOINING)]

    def validate_joining(self, field: Field) -> None:
        kind = KINDS.get(self.kind.data)
        if field.data and kind is not None and field.data not in kind.joinings:
            raise ValidationError(_("This kind of circle is never joined so. Choose another way."))


class SettingsForm(BaseForm):
    name = LineField(N_("Name of the circle"), [filled(N_("A circle needs a name.")), at_most(60)])
    intro = BodyField(N_("Introduction"), [at_most(200)])
    joining = SelectField(N_("How people come in"))
    posting = SelectField(N_("Who may post"))
    commenting = SelectField(N_("Who may comment"))
    sharing = SelectField(N_("Who may share by links that open without an account"))
    approval = BooleanField()

    def offer(self, kind: str) -> None:
        """The choices that this kind of circle has."""
        self.sharing.choices = said({key: SHARING[key] for key in KINDS[kind].sharings})
        self.joining.choices = said({key: JOINING[key] for key in KINDS[kind].joinings})
        self.posting.choices = self.commenting.choices = said(WHO)


class CountField(IntegerField):
    """A number of people, or nothing."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            self.data = None
            raise ValueError(_("Write a number, or leave it empty.")) from error


def some_people(_form: Form, field: Field) -> None:
    if field.data is not None and not 1 <= field.data <= 10_000:
        raise ValidationError(_("Between 1 and 10,000 people."))


class InvitationForm(BaseForm):
    days = SelectField(N_("Valid for"))
    limit = CountField(N_("How many people"), [Optional(), some_people])
    role = SelectField(N_("They become"))
    tag = SelectField(N_("For whom"))
    purpose = LineField(N_("What for"), [at_most(60)])

    def offer(self, roles: dict[str, str], tags: dict[str, str]) -> None:
        self.days.choices, self.role.choices, self.tag.choices = said(DAYS), said(roles), said(tags)


class JoinForm(BaseForm):
    message = LineField(N_("A word to the administrators"), [at_most(200)])
    answers = FieldList(LineField("", [filled(N_("The circle wants to know this.")), at_most(200)]))

    def ask(self, questions: Sequence[str]) -> None:
        """As many answers as there are questions, whatever the browser sent."""
        while len(self.answers.entries) > len(questions):
            self.answers.pop_entry()
        while len(self.answers.entries) < len(questions):
            self.answers.append_entry()

    def answered(self, questions: Sequence[str]) -> list[tuple[str, str]]:
        """Each question with its answer."""
        return list(zip(questions, self.answers.data, strict=True))


HISTORY = {
    "all": N_("All of it"),
    "since": N_("What was posted since a day"),
    "days": N_("The last days before they came"),
}
QUESTIONS = 3


class AdmissionForm(BaseForm):
    questions = FieldList(LineField("", [at_most(120)]), min_entries=QUESTIONS, max_entries=QUESTIONS)
    verified = BooleanField()
    linked = BooleanField()
    history = SelectField(N_("What newcomers see of before"))
    since = LineField(N_("Since this day"))
    days = CountField(N_("How many days"), [Optional()])

    def offer(self, zone: str) -> None:
        """The choices; days are those of this zone."""
        self.zone = zone
        self.history.choices = said(HISTORY)

    def validate_since(self, field: Field) -> None:
        if self.history.data == "since" and _day(field.data) is None:
            raise ValidationError(_("Write the day as year-month-day, 2026-12-24 say."))

    def validate_days(self, field: Field) -> None:
        if field.data is not None and not 0 <= field.data <= 3650:
            raise ValidationError(_("Between 0 and 3,650 days; 0 shows nothing of before."))

    @property
    def ok(self) -> bool:
        """A rule of days needs their number, which is nobody's business otherwise."""
        fine = super().ok
        if self.history.data == "days" and self.days.data is None and not self.days.errors:
            self.blame("days", _("Write how many days."))
        return fine and not self.days.errors

    @property
    def past(self) -> Past:
        """What the form says about the past."""
        day = _day(self.since.data) if self.history.data == "since" else None
        if day is not None:
            begins = datetime.combine(day, time(), clock.zone(self.zone))
            return Past("since", since=begins.astimezone(UTC).replace(tzinfo=None))
        return Past("days", days=self.days.data or 0) if self.history.data == "days" else Past()


class CodeForm(BaseForm):
    code = LineField(N_("Code of the invitation"), [filled(N_("Type the eight letters and digits."))])


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
