"""The form by which a sender is blocked."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from facilities.enquiries.spam.phrases import FREE_MAIL
from facilities.enquiries.spam.senders import NotAPattern, pattern_of
from facilities.form_fields import at_most, line

WHAT = _("Enter an e-mail address, or a domain like @example.com.")


class BlockForm(FlaskForm):
    """Whose enquiries are held from now on, and why."""

    pattern = StringField(
        _("Address or domain"),
        [DataRequired(WHAT), at_most(254)],
        [line],
        description=_("name@example.com, or @example.com for everybody there and at the domains below it."),
    )
    why = StringField(_("Why"), [at_most(300)], [line], description=_("For your colleagues at the desk."))

    def validate_pattern(self, field: Any) -> None:
        """Writes the pattern as it is stored."""
        try:
            field.data = pattern_of(field.data)
        except NotAPattern as error:
            raise ValidationError(WHAT) from error
        if field.data.removeprefix("@") in FREE_MAIL:
            raise ValidationError(_("Very many people have an address there: block single addresses instead."))
