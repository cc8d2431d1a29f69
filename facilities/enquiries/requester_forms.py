"""The forms of the requester's private page."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from facilities.db import as_id
from facilities.enquiries.file_field import FilesField
from facilities.form_fields import at_most, line, lines

LONGEST = 8000


class ReplyForm(FlaskForm):
    """What the requester writes in one thread."""

    body = TextAreaField(_("Your message"), [at_most(LONGEST)], [lines])
    files = FilesField(_("Files"))

    def validate_body(self, field: Field) -> None:
        if not field.data and not self.files.chosen:
            raise ValidationError(_("Write a message or choose a file."))


class ReplyToAllForm(FlaskForm):
    """What the requester writes to everybody."""

    words = TextAreaField(
        _("Write to all of them"),
        [DataRequired(_("Write the message.")), at_most(LONGEST)],
        [lines],
        description=_("It goes into each thread that has not ended; nobody sees who else was asked."),
    )


class EndForm(FlaskForm):
    """Words with which a thread is accepted, declined or withdrawn. `seen` is the last message its page showed."""

    words = TextAreaField(_("Your message to them"), [at_most(LONGEST)], [lines])
    decline_others = BooleanField(_("Decline the others at the same time"))
    regret = TextAreaField(
        _("Your message to the others"),
        [at_most(LONGEST)],
        [lines],
        default=_("Thank you for your answer. We have decided for another offer."),
    )
    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen_id = as_id(self.seen.data or "")


class NewLinkForm(FlaskForm):
    """The address to which a new link is mailed, if it is the requester's."""

    email = StringField(
        _("Your e-mail address"),
        [DataRequired(_("Enter the e-mail address that the enquiry was sent with.")), at_most(254)],
        [line],
    )
