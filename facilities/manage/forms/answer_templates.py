"""The form of an answer template."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired

from facilities.form_fields import at_most, line, lines


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
        [DataRequired(_("Write the words of the answer.")), at_most(8000)],
        [lines],
        description=_(
            "{name} becomes the requester's name, {listing} the listing's. The words can be changed each time."
        ),
    )
