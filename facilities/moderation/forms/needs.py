"""What the desk writes when it decides about a posted need."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from facilities.form_fields import at_most, lines

LONGEST_NOTE = 2000


class NeedNoteForm(FlaskForm):
    """A line to the requester; nobody else reads it."""

    note = TextAreaField(
        _("A line to the requester"),
        [at_most(LONGEST_NOTE)],
        [lines],
        description=_("It stands in the letter that tells whom you asked, or why nobody."),
    )
