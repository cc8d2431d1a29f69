"""Fields of the owners' forms. Their data are the JSON values of `catalogue.content`, cleaned."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from facilities.catalogue.models.terms import Word
from facilities.exchange.records.cleaning import INVISIBLE, KEPT_CONTROLS
from facilities.form_fields import at_most

Validator = Callable[..., None]
LARGEST_NUMBER = 2**31 - 1
LARGEST_AMOUNT = Decimal(10) ** 10
LARGEST_MONEY = 10**15
"""Of a whole amount."""
CENT = Decimal("0.01")
NOT_STATED = _("Not stated")


def text(value: str | None) -> str:
    """Lines of printable characters in NFC, without blanks around the whole."""
    plain = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c in KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.translate(INVISIBLE).strip()


def one_line(value: str | None) -> str:
    """The same on one line."""
    return " ".join(text(value).split())


def needed(message: Any) -> DataRequired:
    """Something has to be written here."""
    return DataRequired(message)


def filled(message: Any) -> Validator:
    """The same for a number or an amount: what was written and cannot be read has been found fault with already."""

    def check(_form: Any, field: Field) -> None:
        if field.data in (None, "") and not field.process_errors:
            raise ValidationError(message)

    return check


def line(label: Any, most: int, *validators: Validator, **kwargs: Any) -> UnboundField:
    """One line of text."""
    return StringField(label, [*validators, at_most(most)], [one_line], **kwargs)


def paragraphs(label: Any, most: int, *validators: Validator, rows: int = 5, **kwargs: Any) -> UnboundField:
    """Several lines of text."""
    return TextAreaField(label, [*validators, at_most(most)], [text], render_kw={"rows": rows}, **kwargs)


def currency_code(_form: Any, field: Field) -> None:
    """Three letters (ISO 4217), or nothing."""
    field.data = field.data.upper()
    if field.data and not (len(field.data) == 3 and field.data.isascii() and field.data.isalpha()):
        raise ValidationError(_("Write the currency in three letters, for instance SEK."))


class Lines(TextAreaField):
    """A list of texts, one on each line."""

    def __init__(self, label: Any = None, validators: Any = None, *, most: int = 300, **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[_lines], **kwargs)
        self.most = most

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0].replace("\r", "\n").split("\n") if valuelist else []

    def pre_validate(self, form: Any) -> None:
        if len(self.data) > 200:
            raise ValidationError(_("Keep at most 200 of them, one on each line."))
        if any(len(each) > self.most for each in self.data):
            raise ValidationError(_("Shorten each line to %(most)d characters.", most=self.most))


def _lines(values: Iterable[str] | None) -> list[str]:
    return [each for each in map(one_line, values or ()) if each]


def choices_of(words: Iterable[Word]) -> list[SelectChoice]:
    return [SelectChoice(word.value, word.label) for word in words]


class OneOf(SelectField):
    """One word of a closed list, or none: an empty text."""

    def __init__(self, label: Any, words: Iterable[Word], *args: Any, blank: Any = NOT_STATED, **kwargs: Any) -> None:
        none = [SelectChoice("", blank)] if blank else []
        super().__init__(label, *args, choices=[*none, *choices_of(words)], **kwargs)
        self.type = "SelectField"

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def pre_validate(self, form: Any) -> None:
        if self.data not in [choice.value for choice in self.choices]:
            raise ValidationError(_("Choose one of the answers."))


class YesNo(SelectField):
    """Yes, no, or not stated: True, False, None."""

    WORDS = {"yes": True, "no": False}

    def __init__(self, label: Any, *args: Any, **kwargs: Any) -> None:
        choices = [SelectChoice("", NOT_STATED), SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))]
        super().__init__(label, *args, choices=choices, coerce=self.WORDS.get, **kwargs)
        self.type = "SelectField"

    def process_data(self, value: Any) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = self.WORDS.get(valuelist[0]) if valuelist else None

    def pre_validate(self, form: Any) -> None:
        """Every answer is one of the three."""


class Tick(BooleanField):
    """True, or None where it is not ticked."""

    def __init__(self, label: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(label, *args, filters=[lambda ticked: ticked or None], **kwargs)
        self.type = "BooleanField"


class Several(SelectMultipleField):
    """Any number of words of a closed list, in its order."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, words: Iterable[Word] = (), *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", choices_of(words))
        super().__init__(label, *args, filters=[self._in_order], **kwargs)
        self.type = "SelectMultipleField"

    def process_data(self, value: Any) -> None:
        self.data = [str(each) for each in value or ()]

    def _in_order(self, data: list[str] | None) -> list[str]:
        return [choice.value for choice in self.choices if choice.value in (data or ())]

    def pre_validate(self, form: Any) -> None:
        """Words that are not in the list were left out already."""


class Number(StringField):
    """A whole number, or None."""

    def __init__(
        self, label: Any, validators: Any = None, *, low: int = 0, high: int = LARGEST_NUMBER, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, render_kw={"inputmode": "numeric"}, **kwargs)
        self.low, self.high = low, high

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist[0].split()) if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 17 else None
        if typed and (self.data is None or not self.low <= self.data <= self.high):
            raise ValueError(self._advice())

    def _advice(self) -> Any:
        if self.high >= LARGEST_NUMBER:
            return _("Write a whole number.")
        return _("Write a whole number from %(low)d to %(high)d.", low=self.low, high=self.high)


class Amount(StringField):
    """An amount of money as text with two decimals, or an empty text."""

    def __init__(self, label: Any, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, render_kw={"inputmode": "decimal"}, **kwargs)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else (self.data or "").removesuffix(".00")

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist[0].split()).replace(",", ".") if valuelist else ""
        self.data = _amount(typed) if typed else ""
        if typed and not self.data:
            raise ValueError(_("Write the amount in figures, for instance 450 or 12.50."))


def _amount(typed: str) -> str:
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        return ""
    if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT or amount != amount.quantize(CENT):
        return ""
    return str(abs(amount).quantize(CENT))


class Degrees(StringField):
    """A latitude or longitude in degrees, or None."""

    def __init__(self, label: Any, validators: Any = None, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, validators, render_kw={"inputmode": "decimal"}, **kwargs)
        self.most = most

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else repr(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip().replace(",", ".").replace("\N{MINUS SIGN}", "-") if valuelist else ""
        try:
            self.data = float(typed) if typed else None
        except ValueError:
            self.data = None
        if typed and (self.data is None or not -self.most <= self.data <= self.most):
            raise ValueError(_("Write degrees from -%(most)d to %(most)d, for instance 59.85.", most=self.most))


class Day(StringField):
    """A day as text, 2026-12-31, or an empty text."""

    widget = DateInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        try:
            self.data = date.fromisoformat(typed).isoformat() if typed else ""
        except ValueError as error:
            self.data = ""
            raise ValueError(_("Write the day as year-month-day, for instance 2027-03-14.")) from error


def is_blank(field: Field) -> bool:
    """Whether nothing was written, ticked or chosen."""
    return not any(typed.strip() for typed in field.raw_data) if field.raw_data else field.data in (None, "", [])
