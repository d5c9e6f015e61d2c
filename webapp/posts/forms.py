"""Forms about posts."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional

from webapp.kit.forms import BaseForm, BodyField, ClientIdField, LineField, at_most, filled
from webapp.kit.i18n import N_


class PostForm(BaseForm):
    body = BodyField(validators=[filled(N_("Write something first.")), at_most(2000)])
    notify = BooleanField()
    client_id = ClientIdField()


class EditForm(BaseForm):
    """`version` is the one whose text was edited."""

    body = BodyField(validators=[filled(N_("Write something first.")), at_most(2000)])
    version = IntegerField(validators=[Optional()])


class ReasonForm(BaseForm):
    """Why a post is refused or hidden."""

    reason = LineField(validators=[filled(N_("Say why, so that the author understands.")), at_most(200)])
