"""Forms: WTForms with our own words, text cleaned as it comes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import request
from wtforms import Field, Form, StringField, TextAreaField, ValidationError

from webapp.kit import clock, ids, text
from webapp.kit.i18n import _, ngettext, zone


class BaseForm(Form):
    """`MyForm.read()` for this request's form, `MyForm.blank(name="…")` for an empty or prefilled one."""

    @classmethod
    def read(cls, **choices: Any) -> Any:
        return cls(request.form, **choices)

    @classmethod
    def blank(cls, **values: Any) -> Any:
        return cls(data=values)

    @property
    def ok(self) -> bool:
        return self.validate()

    def blame(self, field: str, reason: str) -> None:
        """Put a reason beside a field, for what only the action could know."""
        self[field].errors = [*self[field].errors, reason]


class LineField(StringField):
    """One clean line."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = text.clean_line(valuelist[0]) if valuelist else ""


class BodyField(TextAreaField):
    """Clean text of several lines."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = text.clean(valuelist[0]) if valuelist else ""


class ClientIdField(StringField):
    """The form's own id: sent twice, done once."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        sent = valuelist[0] if valuelist else ""
        self.data = sent if 8 <= len(sent) <= 40 and sent.isascii() else ids.client_id()

    def _value(self) -> str:
        return self.data or ids.client_id()


class MomentField(StringField):
    """Day and time of an `<input type="datetime-local">`, on the viewer's clock; `data` as it is stored, or None."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        written = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not written:
            return
        try:
            self.data = clock.stored(datetime.fromisoformat(written).replace(tzinfo=None), zone())
        except (ValueError, OverflowError):
            raise ValueError(_("Write a day and a time.")) from None

    def _value(self) -> str:
        if isinstance(self.data, datetime):
            return f"{clock.local(self.data, zone()):%Y-%m-%dT%H:%M}"
        return str(self.raw_data[0]) if self.raw_data else ""


Validator = Callable[[Form, Field], None]


def filled(words: str) -> Validator:
    """Something that can be seen must be there; `words` (marked with N_) say what to do."""

    def check(_form: Form, field: Field) -> None:
        if not field.data or text.is_blank(str(field.data)):
            raise ValidationError(_(words))

    return check


def at_most(limit: int) -> Validator:
    """No more than `limit` characters."""

    def check(_form: Form, field: Field) -> None:
        over = len(field.data or "") - limit
        if over > 0:
            raise ValidationError(ngettext("{n} character too many.", "{n} characters too many.", over))

    check.limit = limit  # type: ignore[attr-defined]
    return check


def one_of(values: Sequence[str], words: str) -> Validator:
    """One of these values, whatever the browser sent."""

    def check(_form: Form, field: Field) -> None:
        if field.data not in values:
            raise ValidationError(_(words))

    return check


YEAR = timedelta(days=366)


def ahead(_form: Form, field: Field) -> None:
    """A moment that is still to come, within a year; or none."""
    if field.data is None:
        return
    if field.data <= clock.now():
        raise ValidationError(_("That time has passed. Choose a later one."))
    if field.data > clock.now() + YEAR:
        raise ValidationError(_("Choose a time within a year."))
