"""What WTForms says by itself, as sentences that say what to do, in the languages of the site."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations

SAYS = {
    "This field is required.": _("Fill this in."),
    "Not a valid choice.": _("Choose one of the list."),
    "Invalid Choice: could not coerce.": _("Choose one of the list."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _("Choose from the list."),
    "Not a valid integer value.": _("Enter a whole number."),
    "Not a valid decimal value.": _("Enter a number."),
    "Not a valid float value.": _("Enter a number."),
    "Not a valid date value.": _("Enter a date, for instance 2026-09-14."),
    "Not a valid datetime value.": _("Enter a date and a time."),
    "Not a valid time value.": _("Enter a time, for instance 14:30."),
    "Number must be at least %(min)s.": _("Enter %(min)s or more.", min="%(min)s"),
    "Number must be at most %(max)s.": _("Enter %(max)s or less.", max="%(max)s"),
    "Number must be between %(min)s and %(max)s.": _("Enter %(min)s to %(max)s.", min="%(min)s", max="%(max)s"),
    "Invalid input.": _("Write this in another way."),
    "Invalid URL.": _("Enter a web address, for instance https://www.university.org."),
    "Invalid email address.": _("Enter an e-mail address like name@university.org."),
    "CSRF token missing.": _("This form has expired"),
    "CSRF failed.": _("This form has expired"),
}
"""By the words of the library. Those that are no use to a visitor stay as they are."""


class SiteWords:
    """In the place of the library's own translations, which are terse and lack Danish."""

    def gettext(self, text: str) -> str:
        return str(SAYS[text]) if text in SAYS else translations.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return translations.ngettext(one, many, number)


WORDS = SiteWords()


def init_app(_app: Flask) -> None:
    """Have all forms say so."""

    def get_translations(_meta: Any, _form: Any) -> SiteWords:
        return WORDS

    FlaskForm.Meta.get_translations = get_translations
