"""What the forms of several parts ask of their fields: filters that clean a text, validators that say what to do."""

from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _
from wtforms import Field, Form
from wtforms.validators import Length, StopValidation, ValidationError

from facilities.mail import one_line
from facilities.plain_text import lines

__all__ = ["NO_DAY", "Readable", "at_most", "line", "lines", "valid_address"]

NO_DAY = _("Write the day as year-month-day, for instance 2027-03-14.")


def line(text: str | None) -> str:
    """One line of printable characters."""
    return one_line(text or "")


def valid_address(_form: Form, field: Field) -> None:
    """A mail address by its form; nothing is asked of the network. Writes the domain in its plain spelling."""
    try:
        field.data = validate_email(field.data, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError as error:
        raise ValidationError(_("Enter an e-mail address like name@university.org.")) from error


def at_most(number: int) -> Length:
    """Not more than this many characters."""
    return Length(max=number, message=_("Shorten this to %(max)d characters."))


class Readable:
    """Says what to do about an answer that is no day or no time, in words of ours; later validators are not asked."""

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, what_to_do: Any) -> None:
        self.what_to_do = what_to_do

    def __call__(self, _form: Form, field: Field) -> None:
        if field.process_errors and any(str(raw).strip() for raw in field.raw_data or ()):
            field.errors = []
            raise StopValidation(self.what_to_do)
