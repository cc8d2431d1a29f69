"""How numbers, amounts of money, dates and times are written for the visitor, in the visitor's language."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask, current_app
from flask_babel import get_locale, ngettext

from facilities.db import now

# Between a letter and a digit.
TOUCHING = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


def init_app(app: Flask) -> None:
    """Give templates the filters `money`, `number`, `km`, `file_size`, `short_date`, `date`, `moment` and `ago`."""
    app.add_template_filter(money)
    app.add_template_filter(number)
    app.add_template_filter(kilometres, "km")
    app.add_template_filter(file_size)
    app.add_template_filter(short_date)
    app.add_template_filter(long_date, "date")
    app.add_template_filter(moment)
    app.add_template_filter(ago)


def money(amount: Decimal, currency: str) -> str:
    """An amount in a currency (ISO 4217), with decimals only when it has some: 1 250 kr, €12.50."""
    return _money(amount, currency, str(visitor_locale()))


def number(value: int) -> str:
    """A whole number with the thousands set apart."""
    return str(value) if -1000 < value < 1000 else format_decimal(value, locale=visitor_locale())


def kilometres(distance: float) -> str:
    """A distance as exactly as it matters: 0.4, 3.2, 48, 1 250."""
    return format_decimal(distance, "#,##0.#" if distance < 9.95 else "#,##0", locale=visitor_locale())


def file_size(size: int) -> str:
    """A number of bytes as people read it: 820 bytes, 48 kB, 1.2 MB."""
    if size < 1000:
        return ngettext("%(num)d byte", "%(num)d bytes", size)
    kilobytes = size / 1000
    amount, unit = (kilobytes / 1000, "MB") if kilobytes >= 1000 else (kilobytes, "kB")
    digits = format_decimal(amount, "#,##0.#" if amount < 10 else "#,##0", locale=visitor_locale())
    return f"{digits}\N{NO-BREAK SPACE}{unit}"


def short_date(value: date) -> str:
    """A date or datetime in few letters: 14 Sep 2026."""
    return _short_date(value.year, value.month, value.day, str(visitor_locale()))


def long_date(value: date) -> str:
    """A date or datetime in full: 14 September 2026."""
    return format_date(value, "long", locale=visitor_locale())


def moment(value: datetime) -> str:
    """A point in time on the site's clock: 14 Sep 2026, 15:20."""
    return format_datetime(value, "d MMM y, HH:mm", tzinfo=site_zone(), locale=visitor_locale())


def ago(value: datetime) -> str:
    """How long ago something was: 3 days ago."""
    return format_timedelta(
        value - datetime.now(UTC), granularity="minute", threshold=2, add_direction=True, locale=visitor_locale()
    )


def site_zone() -> ZoneInfo:
    """The time zone in which the site tells times."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def site_today(at: datetime | None = None) -> date:
    """The day in the site's time zone: the one by which offers, memberships and needs begin and end."""
    return (at or now()).astimezone(site_zone()).date()


def visitor_locale() -> Locale:
    """The locale of the request; British English outside of one and for English, so that the day comes first."""
    locale = get_locale()
    return Locale("en", "GB") if locale is None or str(locale) == "en" else locale


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, locale: str) -> str:
    whole = amount == amount.to_integral_value()
    pattern = _without_decimals(locale) if whole else None
    return _apart(format_currency(amount, currency, pattern, locale=locale, currency_digits=not whole))


def _apart(text: str) -> str:
    """A code keeps a space from the digits: SEK 220."""
    return TOUCHING.sub("\N{NO-BREAK SPACE}", text)


def _without_decimals(locale: str) -> str:
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return pattern.replace(".00", "")


@lru_cache(maxsize=4096)
def _short_date(year: int, month: int, day: int, locale: str) -> str:
    return format_date(date(year, month, day), "d MMM y", locale=locale)
