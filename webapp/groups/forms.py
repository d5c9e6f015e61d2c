"""Forms of groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, Form, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Optional

from webapp.circles.forms import DAYS, CountField, said, some_people
from webapp.groups.models import PACES, PUSHES
from webapp.kit import text
from webapp.kit.forms import BaseForm, BodyField, ClientIdField, LineField, at_most, filled, one_of
from webapp.kit.i18n import N_, _
from webapp.kit.ids import as_id

TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", re.ASCII)


class MessageForm(BaseForm):
    body = BodyField(validators=[filled(N_("Write something first.")), at_most(2000)])
    client_id = ClientIdField()


class GroupForm(BaseForm):
    name = LineField(validators=[filled(N_("Give the group a name.")), at_most(60)])
    organisation = BooleanField()
    circles = SelectMultipleField(coerce=as_id, validate_choice=False)


class NameForm(BaseForm):
    name = LineField(validators=[filled(N_("Give the group a name.")), at_most(60)])


class InvitationForm(BaseForm):
    days = SelectField(N_("Valid for"))
    limit = CountField(N_("How many people"), [Optional(), some_people])

    def offer(self) -> None:
        """The choices in the language of this request."""
        self.days.choices = said(DAYS)


class AnnouncementForm(BaseForm):
    words = LineField(validators=[at_most(300)])


class TimeField(StringField):
    """A time of day as minutes, written 07:30."""

    data: Any
    typed = ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.typed = text.clean_line(valuelist[0])
            found = TIME.fullmatch(self.typed)
            self.data = int(found[1]) * 60 + int(found[2]) if found else None

    def _value(self) -> str:
        return self.typed if self.data is None else f"{self.data // 60:02}:{self.data % 60:02}"


def some_time(_form: Form, field: Field) -> None:
    """A time that the clock knows."""
    if field.data is None:
        raise ValidationError(_("Write a time like 07:30."))


class LinkForm(BaseForm):
    push = SelectField(validate_choice=False, validators=[one_of(PUSHES, N_("Choose what is pushed."))])
    admits = BooleanField()
    pace = SelectField(validate_choice=False, validators=[one_of(PACES, N_("Choose when it comes."))])
    quiet_from = TimeField(N_("Quiet from"), [some_time])
    quiet_to = TimeField(N_("Quiet until"), [some_time])
    daily_at = TimeField(N_("Summary at"), [some_time])

    def validate_quiet_to(self, field: Field) -> None:
        if self.pace.data == "quiet" and field.data is not None and field.data == self.quiet_from.data:
            raise ValidationError(_("Let the quiet hours end at another time than they begin."))
