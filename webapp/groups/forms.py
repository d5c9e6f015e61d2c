"""Forms of groups."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, SelectMultipleField

from webapp.groups.models import PUSHES
from webapp.kit.forms import BaseForm, BodyField, ClientIdField, LineField, at_most, filled, one_of
from webapp.kit.i18n import N_
from webapp.kit.ids import as_id


class MessageForm(BaseForm):
    body = BodyField(validators=[filled(N_("Write something first.")), at_most(2000)])
    client_id = ClientIdField()


class GroupForm(BaseForm):
    name = LineField(validators=[filled(N_("Give the group a name.")), at_most(60)])
    organisation = BooleanField()
    circles = SelectMultipleField(coerce=as_id, validate_choice=False)


class AnnouncementForm(BaseForm):
    words = LineField(validators=[at_most(300)])


class LinkForm(BaseForm):
    push = SelectField(validate_choice=False, validators=[one_of(PUSHES, N_("Choose what is pushed."))])
    admits = BooleanField()
