"""The form that saves a search."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from facilities.enquiries.sealed_form import SealedForm
from facilities.form_fields import at_most, line, valid_address
from facilities.search.saved.models import Frequency

OFTEN = [SelectChoice(each.value, each.label) for each in Frequency]


class FrequencyForm(FlaskForm):
    """How often letters come."""

    frequency = RadioField(_("How often?"), [InputRequired(_("Choose how often."))], choices=OFTEN)

    @property
    def chosen(self) -> Frequency:
        return next((each for each in Frequency if each == self.frequency.data), Frequency.WEEKLY)


class SaveSearchForm(FrequencyForm, SealedForm):
    """Whom to write to and how often."""

    email = StringField(
        _("Your e-mail address"),
        [DataRequired(_("Enter your e-mail address.")), at_most(254), valid_address],
        [line],
        description=_("Used for these letters only, and forgotten when you end them."),
    )
