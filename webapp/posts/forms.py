"""Forms about posts."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField
from wtforms.validators import Optional

from webapp.kit.forms import BaseForm, BodyField, ClientIdField, LineField, MomentField, ahead, at_most, filled
from webapp.kit.i18n import N_

BODY = [filled(N_("Write something first.")), at_most(2000)]


class PostForm(BaseForm):
    body = BodyField(validators=BODY)
    notify = BooleanField()
    publish_at = MomentField(N_("Publish at"), [ahead])
    client_id = ClientIdField()

    def blamed(self, draft: DraftForm) -> PostForm:
        """This form with what is wrong with its text as a draft."""
        self.body.errors = list(draft.body.errors)
        return self

    @property
    def wants_more(self) -> bool:
        """Something is wrong or set that stands under "More"."""
        return any(field.errors or field.data for field in (self.publish_at,))


class DraftForm(BaseForm):
    body = BodyField(validators=[at_most(8000)])
    client_id = ClientIdField()


class EditForm(BaseForm):
    """`version` is the one whose text was edited."""

    body = BodyField(validators=BODY)
    version = IntegerField(validators=[Optional()])
    publish_at = MomentField(N_("Publish at"), [ahead])


class ReasonForm(BaseForm):
    """Why a post is refused or hidden."""

    reason = LineField(validators=[filled(N_("Say why, so that the author understands.")), at_most(200)])
