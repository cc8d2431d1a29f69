"""The form of an answer template."""

import re

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from facilities.enquiries.answering.queries import PLACEHOLDERS
from facilities.form_fields import at_most, line, lines

IN_BRACES = re.compile(r"\{\s*[^\W\d]\w*\s*\}")
"""What is meant to be filled in: a word in braces."""


def known_placeholders(_form: Form, field: Field) -> None:
    """A word in braces that nothing is filled in for would reach the requester as it stands."""
    unknown = next((each for each in IN_BRACES.findall(field.data) if each not in PLACEHOLDERS), "")
    if unknown:
        raise ValidationError(
            _(
                "Nothing is filled in for %(unknown)s. Write one of these, or no braces: %(known)s.",
                unknown=unknown,
                known=", ".join(PLACEHOLDERS),
            )
        )


class AnswerTemplateForm(FlaskForm):
    """Words that are often answered with."""

    name = StringField(
        _("Name"),
        [DataRequired(_("Enter a name by which you will find it.")), at_most(120)],
        [line],
        description=_("For instance “How to send samples”. Only colleagues see it."),
    )
    body = TextAreaField(
        _("Words"),
        [DataRequired(_("Write the words of the answer.")), at_most(8000), known_placeholders],
        [lines],
        description=_(
            "{name} becomes the requester's name, {listing} the listing's. The words can be changed each time."
        ),
    )
