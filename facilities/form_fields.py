"""What the forms of several parts ask of their fields: filters that clean a text, validators that say what to do."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _
from wtforms import Field, Form
from wtforms.validators import Length, ValidationError

from facilities.mail import one_line


def line(text: str | None) -> str:
    """One line of printable characters."""
    return one_line(text or "")


def lines(text: str | None) -> str:
    """Lines of printable characters, without blanks around the whole."""
    rows = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(map(_printable, row)).rstrip() for row in rows).strip()


def _printable(character: str) -> str:
    """The character; a plain blank for any other kind of blank, nothing for what has no looks."""
    return character if character.isprintable() else " " * character.isspace()


def valid_address(_form: Form, field: Field) -> None:
    """A mail address by its form; nothing is asked of the network. Writes the domain in its plain spelling."""
    try:
        field.data = validate_email(field.data, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError as error:
        raise ValidationError(_("Enter an e-mail address like name@university.org.")) from error


def at_most(number: int) -> Length:
    """Not more than this many characters."""
    return Length(max=number, message=_("Shorten this to %(max)d characters."))
