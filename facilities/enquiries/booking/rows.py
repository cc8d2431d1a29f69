"""A row of fields in which a time is written: day, from, to, and where it is long the last day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field

from facilities.db import now
from facilities.enquiries.booking.times import (
    FURTHEST,
    LONGEST,
    NoSuchTime,
    Span,
    TwiceThatTime,
    on_site_clock,
)

NO_TIME = lazy_gettext("Write the time as hours and minutes, for instance 09:30.")
CLOCK = ["%H:%M", "%H:%M:%S", "%H.%M"]
"""How a time of day may be written."""


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one time; `last_day` is the day it starts on if there is no such field or it is empty."""

    day: Field
    starts: Field
    ends: Field
    last_day: Field | None = None

    @property
    def fields(self) -> list[Field]:
        return [field for field in (self.day, self.starts, self.ends, self.last_day) if field is not None]

    @property
    def only_day(self) -> bool:
        """Whether any time of the day would do."""
        return self.day.data is not None and all(field.data is None for field in self.fields[1:])

    @property
    def is_used(self) -> bool:
        """Whether anything is written in it, readable or not."""
        return any(field.raw_data and field.raw_data[0] for field in self.fields)

    def read(self) -> Span | None:
        """The time that is written; None if there is none, or only a day, or something is wrong: then what is to be
        done stands beside the field."""
        if any(field.errors for field in self.fields) or self.only_day or not self._is_filled_in():
            return None
        last = self.last_day if self.last_day and self.last_day.data else self.day
        near = [_is_near(day) for day in dict.fromkeys((self.day, last))]
        if not all(near):
            return None
        starts_at, ends_at = self._at(self.starts, self.day.data), self._at(self.ends, last.data)
        if starts_at is None or ends_at is None:
            return None
        wrong = self._disorder(starts_at, ends_at)
        if wrong:
            _wrong(*wrong)
        return None if wrong else Span(starts_at, ends_at)

    def _is_filled_in(self) -> bool:
        if all(field.data is None for field in self.fields):
            return False
        missing = [
            (self.day, _("Choose the day.")),
            (self.starts, _("Enter when it begins.")),
            (self.ends, _("Enter when it ends.")),
        ]
        for field, what_to_do in missing:
            if field.data is None:
                _wrong(field, what_to_do)
        return not any(field.errors for field in self.fields)

    def _at(self, field: Field, day: date) -> datetime | None:
        hour: time = field.data
        try:
            return on_site_clock(day, hour)
        except NoSuchTime as after:
            _wrong(field, _("The clocks go forward that night and leave this time out. Choose %(time)s.", time=after))
        except TwiceThatTime as after:
            _wrong(field, _("The clocks go back that night and show this time twice. Choose %(time)s.", time=after))
        return None

    def _disorder(self, starts_at: datetime, ends_at: datetime) -> tuple[Field, str] | None:
        """The field that has to be changed, and how."""
        if starts_at <= now():
            return self.day, _("Choose a time that is still to come.")
        if ends_at <= starts_at:
            return self.ends, _("Enter a time after the beginning.")
        if ends_at - starts_at > LONGEST:
            return self.last_day or self.ends, _("Choose at most 31 days.")
        return None


def _is_near(day: Field) -> bool:
    """Whether a day may be asked for: clocks cannot be told for the first and last days of the calendar."""
    ahead = day.data - now().date()
    if ahead < -timedelta(days=1):
        _wrong(day, _("Choose a time that is still to come."))
    elif ahead > FURTHEST:
        _wrong(day, _("Choose a day within the next three years."))
    return not day.errors


def _wrong(field: Field, what_to_do: str) -> None:
    field.errors = [*field.errors, what_to_do]
