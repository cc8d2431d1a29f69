"""What people fill in about a booking."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Optional

from facilities.enquiries.booking.actions import MOST_TIMES
from facilities.enquiries.booking.rows import CLOCK, NO_TIME, Row
from facilities.enquiries.booking.times import Span, span_text
from facilities.enquiries.models import Slot
from facilities.form_fields import NO_DAY, Readable, at_most, lines


class WordsForm(FlaskForm):
    """Words that go with what is done, and in `seen` how the booking was when the form was opened."""

    seen = HiddenField()
    body = TextAreaField(_("Your message"), [at_most(8000)], [lines])

    def is_stale(self, version: str) -> bool:
        """Whether others have changed the booking since the form was opened; said on the form, which can be sent
        again."""
        if self.seen.data == version:
            return False
        self.seen.data = version
        self.form_errors.append(gettext("This booking was changed meanwhile. Send it again if it still holds."))
        return True


class ChooseForm(WordsForm):
    """Which of the times that were proposed."""

    slot = RadioField(_("Time"), [InputRequired(_("Choose one of the times."))], coerce=int, validate_choice=False)

    def offer(self, slots: list[Slot]) -> None:
        self.slot.choices = [(slot.id, span_text(slot.starts_at, slot.ends_at)) for slot in slots]
        if len(slots) == 1 and self.slot.data is None:
            self.slot.data = slots[0].id


class TimesForm(WordsForm):
    """From one to MOST_TIMES times, the most wanted first. `times` are those written, once it is valid."""

    times: tuple[Span, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, each row as a whole, and that there is a time."""
        super().validate(extra_validators)
        self.times = tuple(dict.fromkeys(filter(None, (self._read(row) for row in self.rows))))
        if not self.times and not self.errors:
            self.rows[0].day.errors = [gettext("Choose the day of at least one time.")]
        return not self.errors

    def _read(self, row: Row) -> Span | None:
        if row.only_day:
            row.starts.errors = [gettext("Enter when it begins.")]
        return row.read()

    @property
    def rows(self) -> list[Row]:
        numbers = range(1, MOST_TIMES + 1)
        return [Row(self[f"day{n}"], self[f"from{n}"], self[f"to{n}"], self[f"last{n}"]) for n in numbers]

    @property
    def uses_more(self) -> bool:
        """Whether more than the first two rows are written in."""
        return any(row.is_used for row in self.rows[2:])


def _add_rows() -> None:
    for number in range(1, MOST_TIMES + 1):
        setattr(TimesForm, f"day{number}", DateField(_("Day"), [Readable(NO_DAY), Optional()]))
        setattr(TimesForm, f"from{number}", TimeField(_("From"), [Readable(NO_TIME), Optional()], format=CLOCK))
        setattr(TimesForm, f"to{number}", TimeField(_("To"), [Readable(NO_TIME), Optional()], format=CLOCK))
        setattr(TimesForm, f"last{number}", DateField(_("Last day"), [Readable(NO_DAY), Optional()]))


_add_rows()
