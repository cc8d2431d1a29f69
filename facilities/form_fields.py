"""What the forms of several parts ask of their fields: filters that clean a text, validators that say what to do."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _
from wtforms import Field, Form
from wtforms.validators import Length, ValidationError

from facilities.mail import one_line
from facilities.plain_text import lines

__all__ = ["at_most", "line", "lines", "valid_address"]


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
