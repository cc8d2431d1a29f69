"""Forms by which something is decided."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from facilities.form_fields import at_most, lines

USUAL_REASONS = {
    "terms": _("Say who may use it, and how to get access."),
    "contact": _("Name a contact who answers enquiries."),
    "place": _("Say where it is."),
    "advertisement": _("Describe what it does and for whom, without advertising."),
    "duplicate": _("It looks like a listing that is in the catalogue already."),
    "foreign": _("It is nothing that research or development uses."),
}
LONGEST_REASON = 4000
NO_REASON = _("Tick a reason or write one: its author reads it.")


class MarkForm(FlaskForm):
    """One button; `mark` says what its presser looked at."""

    mark = HiddenField()


class ReturnForm(MarkForm):
    """Why something is sent back or turned down: usual reasons to tick, and one's own words."""

    usual = SelectMultipleField(
        _("Reasons that often apply"),
        choices=[SelectChoice(*each) for each in USUAL_REASONS.items()],
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField(
        _("In your own words"), [at_most(LONGEST_REASON)], [lines], description=_("The author reads this in a letter.")
    )
    public_note = TextAreaField(
        _("What the public log says"),
        [at_most(400)],
        [lines],
        description=_("Name no person. The log shows the listing, the decision and the day."),
    )

    def validate_reason(self, _field: Any) -> None:
        if not self.whole_reason:
            raise ValidationError(NO_REASON)

    @property
    def whole_reason(self) -> str:
        """The ticked reasons and the written one, a line each."""
        ticked = [str(USUAL_REASONS[key]) for key in self.usual.data or () if key in USUAL_REASONS]
        return "\n".join([*ticked, *filter(None, [self.reason.data])])


class AnswerForm(FlaskForm):
    """An answer to whoever reported or claimed; refusing needs one."""

    answer = TextAreaField(_("Your answer"), [at_most(LONGEST_REASON)], [lines])
    public_note = TextAreaField(
        _("What the public log says"),
        [at_most(400)],
        [lines],
        description=_("Name no person. The log shows the listing, the decision and the day."),
    )

    def __init__(self, *, needs_answer: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._needs_answer = needs_answer

    def validate_answer(self, field: Any) -> None:
        if self._needs_answer and not field.data:
            raise ValidationError(_("Say why: whoever asked reads it."))
