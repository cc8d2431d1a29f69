"""What the desk makes of letters that do not arrive."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired

from facilities.db import as_id


class LettersForm(FlaskForm):
    """The ticked letters; the button pressed says what is done about them."""

    letter = SelectMultipleField(
        _("Letters"), [DataRequired(_("Tick at least one letter."))], coerce=as_id, validate_choice=False
    )
