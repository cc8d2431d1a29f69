"""The form that saves a search."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from facilities.db import now
from facilities.enquiries.limits import QUICKEST
from facilities.enquiries.seal import Seal, new_seal, open_seal
from facilities.form_fields import at_most, line, valid_address
from facilities.search.saved.models import Frequency

OFTEN = [SelectChoice(each.value, each.label) for each in Frequency]


class FrequencyForm(FlaskForm):
    """How often letters come."""

    frequency = RadioField(_("How often?"), [InputRequired(_("Choose how often."))], choices=OFTEN)

    @property
    def chosen(self) -> Frequency:
        return next((each for each in Frequency if each == self.frequency.data), Frequency.WEEKLY)


class SaveSearchForm(FrequencyForm):
    """Whom to write to and how often. `website` is left empty by people: only robots see it."""

    email = StringField(
        _("Your e-mail address"),
        [DataRequired(_("Enter your e-mail address.")), at_most(254), valid_address],
        [line],
        description=_("Used for these letters only, and forgotten when you end them."),
    )
    website = StringField(_("Leave this empty"))
    seal = HiddenField()

    def __init__(self, *, secret: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.opened: Seal | None = open_seal(self.seal.data or "", secret)
        if self.opened is None or self.opened.too_old:
            self.seal.data = new_seal(secret)

    @property
    def filled_by_robot(self) -> bool:
        return bool(self.website.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, and the time it took to fill them in."""
        valid = super().validate(extra_validators)
        if self.opened is None or self.opened.too_old:
            self.form_errors.append(_("This form was opened too long ago. Send it again."))
        elif valid and now() - self.opened.opened_at < QUICKEST:
            self.form_errors.append(_("That was too quick to tell you from a robot. Check it and send it again."))
        return not self.errors
