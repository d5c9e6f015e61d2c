"""Forms about posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, IntegerField, ValidationError
from wtforms.validators import Optional

from webapp.kit import text
from webapp.kit.forms import BaseForm, BodyField, ClientIdField, LineField, MomentField, ahead, at_most, filled
from webapp.kit.i18n import N_, _
from webapp.posts.actions import Extra
from webapp.posts.models import Poll
from webapp.posts.polls import PollWanted

FEWEST, MOST, LONGEST = 2, 10, 80  # options of a poll, characters of one
BODY = [filled(N_("Write something first.")), at_most(2000)]


class LinesField(Field):
    """Lines of one name, as many as the browser sent; blank ones are left out."""

    data: list[str]

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = [line for line in (text.clean_line(value) for value in valuelist) if not text.is_blank(line)]


class NumbersField(Field):
    """Ids of one name, as many as the browser sent."""

    data: list[int]

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        sent = (value for value in valuelist if value.isascii() and value.isdigit() and len(value) < 16)
        self.data = sorted({int(value) for value in sent})


class PollFields(BaseForm):
    """The poll of a post; no option, no poll."""

    option = LinesField(N_("Options"))
    multiple = BooleanField()
    anonymous = BooleanField()
    veiled = BooleanField()
    closes_at = MomentField(N_("Closes at"), [ahead])

    def validate_option(self, field: Field) -> None:
        options = field.data or []
        if not options:
            return
        if not FEWEST <= len(options) <= MOST:
            raise ValidationError(_("A poll has 2 to 10 options."))
        if len({text.folded(each) for each in options}) < len(options):
            raise ValidationError(_("Two options are the same."))
        if max(map(len, options)) > LONGEST:
            raise ValidationError(_("An option has at most 80 characters."))

    @property
    def poll(self) -> PollWanted | None:
        if not self.option.data:
            return None
        ticks = self.multiple.data, self.anonymous.data, self.veiled.data
        return PollWanted(tuple(self.option.data), *ticks, self.closes_at.data)

    @classmethod
    def of(cls, poll: Poll | None, **values: Any) -> Any:
        """Filled with a poll that there is."""
        if poll is None:
            return cls.blank(**values)
        names = ("multiple", "anonymous", "veiled", "closes_at")
        return cls.blank(option=poll.options, **{name: getattr(poll, name) for name in names}, **values)


class PostForm(PollFields):
    body = BodyField(validators=BODY)
    notify = BooleanField()
    must_read = BooleanField()
    also = NumbersField(N_("Also in"))
    publish_at = MomentField(N_("Publish at"), [ahead])
    client_id = ClientIdField()

    def validate_closes_at(self, field: Field) -> None:
        if field.data and self.publish_at.data and field.data <= self.publish_at.data:
            raise ValidationError(_("The poll would close before it is published."))

    def blamed(self, draft: DraftForm) -> PostForm:
        """This form with what is wrong with its text as a draft."""
        self.body.errors = list(draft.body.errors)
        return self

    @property
    def sent(self) -> tuple[str, str, bool, Extra]:
        """Text, id of the form, whether it goes into the groups, and what stands under "More"."""
        extra = Extra(self.publish_at.data, self.must_read.data, self.poll, tuple(self.also.data or ()))
        return self.body.data, self.client_id.data, self.notify.data, extra

    @property
    def wants_more(self) -> bool:
        """Something is wrong or set that stands under "More"."""
        more = (self.publish_at, self.option, self.closes_at, self.must_read, self.also)
        return any(field.errors or field.data for field in more)


class DraftForm(BaseForm):
    body = BodyField(validators=[at_most(8000)])
    client_id = ClientIdField()


class EditForm(PollFields):
    """`version` is the one whose text was edited."""

    body = BodyField(validators=BODY)
    version = IntegerField(validators=[Optional()])
    publish_at = MomentField(N_("Publish at"), [ahead])


class ReasonForm(BaseForm):
    """Why a post is refused or hidden."""

    reason = LineField(validators=[filled(N_("Say why, so that the author understands.")), at_most(200)])
