"""Forms of reports and decisions."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field, RadioField, ValidationError

from webapp.kit import text
from webapp.kit.forms import BaseForm, LineField, at_most, one_of
from webapp.kit.i18n import N_, _
from webapp.moderation.words import CAUSES, DESKS, OUTCOMES


class ReportForm(BaseForm):
    cause = RadioField(validate_choice=False, validators=[one_of(tuple(CAUSES), N_("Choose what is wrong with it."))])
    words = LineField(N_("More about it"), [at_most(300)])
    desk = RadioField(validate_choice=False)

    def offer(self, desks: Sequence[str]) -> None:
        """The desks to which it may go; the first is chosen."""
        self.cause.choices = [(key, _(words)) for key, words in CAUSES.items()]
        self.desk.choices = [(key, _(DESKS[key])) for key in desks]
        if not self.desk.data:
            self.desk.data = desks[0]

    def validate_desk(self, field: Field) -> None:
        if field.data not in {key for key, _words in field.choices}:
            raise ValidationError(_("Choose who decides about it."))

    def validate_words(self, field: Field) -> None:
        if self.cause.data == "other" and text.is_blank(field.data or ""):
            raise ValidationError(_("Say in a few words what is wrong."))


class DecisionForm(BaseForm):
    outcome = RadioField(validate_choice=False)
    reason = LineField(N_("Reason"), [at_most(200)])

    def offer(self, outcomes: Sequence[str]) -> None:
        self.outcome.choices = [(key, _(OUTCOMES[key])) for key in outcomes]

    def validate_outcome(self, field: Field) -> None:
        if field.data not in OUTCOMES:
            raise ValidationError(_("Choose what is to be done."))

    def validate_reason(self, field: Field) -> None:
        if self.outcome.data != "dismissed" and text.is_blank(field.data or ""):
            raise ValidationError(_("Say why, so that the author understands."))
