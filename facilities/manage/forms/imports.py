"""The forms of an import: the file, its columns, the word that it is right."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from facilities.catalogue.models import Kind, PriceBasis
from facilities.exchange.tables import fields
from facilities.exchange.tables.fields import LANGUAGES, field_of, keys_of_contacts, keys_of_texts
from facilities.manage.importing.runs import SOURCE
from facilities.manage.labels import in_words

SHOWN_CONTACTS = 3
CURRENCIES = ("EUR", "SEK", "NOK", "DKK", "ISK", "GBP", "CHF", "USD")
NAMING = ("name", "manufacturer", "model", "description", "listing")
"""Columns of which one at least says what a row is about."""


class FileForm(FlaskForm):
    """What is sent, and below which listing it is imported."""

    listing = SelectField(_("Where do the listings belong?"), coerce=str)
    file = FileField(
        _("Spreadsheet"),
        [FileRequired(_("Choose the file to import."))],
        description=_("CSV, TSV or XLSX, up to 20 MB and 50,000 rows. Any names of columns will do."),
    )


class ColumnsForm(FlaskForm):
    """Which column is which field, and what holds for rows that do not say. One field for each column is added."""

    kind = SelectField(_("Kind of listing"), description=_("For rows that do not say. New listings only."))
    parent = SelectField(_("Belongs to"), coerce=str)
    language = SelectField(_("Language of the texts"))
    country = StringField(_("Country"), [Optional(), Length(max=60)], description=_("Name or two-letter code."))
    currency = SelectField(_("Currency of prices"))
    basis = SelectField(_("Prices are"))
    source = StringField(
        _("Name of the source"),
        [DataRequired(_("Enter a name for the source.")),
         Regexp(SOURCE.pattern + "$", message=_("Use letters, digits, dots and hyphens only, at most 80."))],
        description=_(
            "Files with one source name update the same listings: keep it for the next file from the same register."
        ),
    )  # fmt: skip
    mapping_name = StringField(_("Save these columns under a name"), [Optional(), Length(max=120)])

    def column(self, number: int) -> Field:
        found: Field = self[f"column_{number}"]
        return found

    def validate_country(self, field: Field) -> None:
        column = field_of("country")
        if field.data and column is not None and not _readable(column, field.data):
            raise ValidationError(gettext("Write the country's two-letter code, for instance SE."))


def _readable(column: fields.Field, text: str) -> bool:
    from facilities.exchange.tables.values import Unclear, value_of

    try:
        value_of(column, text)
    except Unclear:
        return False
    return True


class AcceptForm(FlaskForm):
    """The owner's word."""

    skip_errors = BooleanField(_("Import the other rows and leave out those with errors"))
    withdraw_gone = BooleanField(_("Withdraw the listings that are gone from the file"))


class PlainForm(FlaskForm):
    """Only a button."""


def columns_form(headings: list[str], columns: dict[str, str], **given: Any) -> ColumnsForm:
    """The form for a file with these headings; `columns` is what is chosen at first."""
    choices = choices_of(columns.values())
    body = {
        f"column_{number}": SelectField(heading, choices=choices, default=columns.get(heading, ""), validators=[_once])
        for number, heading in enumerate(headings)
    }
    form: ColumnsForm = type("ChosenColumns", (ColumnsForm,), body)(**given)
    form.kind.choices = [(kind.value, kind.label) for kind in Kind]
    form.language.choices = [("", _("Not stated")), *((code, language_name(code)) for code in LANGUAGES)]
    form.currency.choices = [("", _("By country")), *((code, code) for code in CURRENCIES)]
    form.basis.choices = [("", _("Not stated")), *((basis.value, basis.label) for basis in PriceBasis)]
    return form


def language_name(code: str) -> str:
    return in_words("language", code)


def _once(form: Form, field: Field) -> None:
    """A field has one column."""
    if not field.data:
        return
    same = [other for other in form if other.name.startswith("column_") and other.data == field.data]
    if same[0] is not field:
        said = same[0].label.text
        raise ValidationError(
            gettext("“%(column)s” is that field already: choose another, or leave one out.", column=said)
        )


def choices_of(chosen: Iterable[str]) -> list[SelectChoice]:
    """Every field that a column can be, in groups; more contacts where the file has them."""
    contacts = max([SHOWN_CONTACTS, *(int(key.split(".")[1]) + 1 for key in chosen if key.startswith("contacts."))])
    groups = {
        gettext("What it is"): _keys(fields.IDENTITY, fields.MAIN),
        gettext("Instruments, services, organisations"): _keys(fields.OWN),
        gettext("Contacts"): keys_of_contacts(contacts),
        gettext("Access"): _keys(fields.ACCESS),
        gettext("Prices and lists"): _keys(fields.ROWS, fields.FOREIGN),
        gettext("In other languages"): keys_of_texts(list(LANGUAGES)),
    }
    offered = [
        SelectChoice(key, column.label, optgroup=group)
        for group, keys in groups.items()
        for key in keys
        if (column := field_of(key)) is not None
    ]
    return [SelectChoice("", gettext("Leave out")), *offered]


def _keys(*columns: tuple[fields.Field, ...]) -> list[str]:
    return [column.key for some in columns for column in some]
