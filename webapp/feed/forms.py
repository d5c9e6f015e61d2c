"""Forms about cards and comments."""

from __future__ import annotations

from webapp.kit.forms import BaseForm, BodyField, ClientIdField, LineField, at_most, filled
from webapp.kit.i18n import N_


class CommentForm(BaseForm):
    body = BodyField(validators=[filled(N_("Write something first.")), at_most(1000)])
    client_id = ClientIdField()


class ReasonForm(BaseForm):
    """Why something was taken down."""

    reason = LineField(validators=[filled(N_("Say why, so that the author understands.")), at_most(200)])


class CollectionForm(BaseForm):
    name = LineField(N_("Name of the collection"), [filled(N_("A collection needs a name.")), at_most(60)])
