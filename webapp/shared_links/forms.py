"""The form that makes a link."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from wtforms import BooleanField, Field, SelectField, ValidationError

from webapp.kit import clock
from webapp.kit.forms import BaseForm, ClientIdField, LineField
from webapp.kit.i18n import N_, _

VALID = {
    "1": N_("1 day"),
    "7": N_("7 days"),
    "30": N_("30 days"),
    "date": N_("Until a day"),
}
LONGEST = 366  # days


class LinkForm(BaseForm):
    days = SelectField(N_("Valid for"))
    until = LineField(N_("Last day"))
    coded = BooleanField()
    client_id = ClientIdField()

    def offer(self, zone: str) -> None:
        """The choices in the language of this request; days are those of this zone."""
        self.zone = zone
        self.days.choices = [(key, _(words)) for key, words in VALID.items()]

    def validate_until(self, field: Field) -> None:
        if self.days.data != "date":
            return
        day, today = _day(field.data), clock.local(clock.now(), self.zone).date()
        if day is None:
            raise ValidationError(_("Write the day as year-month-day, 2026-12-24 say."))
        if day < today:
            raise ValidationError(_("That day is over. Choose a later one."))
        if day > today + timedelta(days=LONGEST):
            raise ValidationError(_("A year at most."))

    @property
    def expires_at(self) -> datetime:
        """The moment at which the link ends; a day counts whole."""
        day = _day(self.until.data) if self.days.data == "date" else None
        if day is None:
            return clock.now() + timedelta(days=int(self.days.data))
        night = datetime.combine(day + timedelta(days=1), time(), clock.zone(self.zone))
        return night.astimezone(UTC).replace(tzinfo=None)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
