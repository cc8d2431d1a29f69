"""The form by which facts are frozen."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from facilities.db import now
from facilities.form_fields import at_most
from facilities.manage.forms.fields import one_line, text

FIRST_YEAR = 2000


def this_year() -> int:
    return now().year


class FreezeForm(FlaskForm):
    """`seen` is the word of who freezes that the numbers below have been looked at."""

    year = IntegerField(
        _("Year"), [InputRequired(_("Enter the year that the edition is for, like 2026."))], default=this_year
    )
    title = StringField(_("Title"), [DataRequired(_("Enter a title.")), at_most(300)], [one_line])
    note = TextAreaField(
        _("Note"),
        [Optional(), at_most(2000)],
        [text],
        description=_("What readers should know, such as why this edition replaces an earlier one."),
        render_kw={"rows": 3},
    )
    seen = BooleanField(
        _("I have looked at the numbers below, which cannot be changed once they are frozen"),
        [DataRequired(_("Look at the numbers below and tick this."))],
    )

    def validate_year(self, field: IntegerField) -> None:
        """This year's at the latest: nothing is known of later ones."""
        last = this_year()
        message = _("Enter a year from %(first)d to %(last)d.", first=FIRST_YEAR, last=last)
        NumberRange(FIRST_YEAR, last, message)(self, field)
