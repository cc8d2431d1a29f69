"""Working days: Monday to Friday, or as the country has it, without its public holidays; and the hours of a day in
which people are written to."""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

OPENS, SHUTS = time(9), time(17)
"""Hours in which letters about waiting are written."""

ONE_DAY = timedelta(days=1)
DE_FACTO = "de_facto"
"""Days such as Midsummer Eve in Sweden: no public holidays by law, but nobody works."""


class Free(NamedTuple):
    """What nobody works on in a year: single days, and days of the week (Monday is 0)."""

    days: frozenset[date]
    weekend: frozenset[int]


@cache
def free_days(country: str | None, year: int) -> Free:
    """The free days of a country (ISO 3166, two letters); of one that is not known, or none, only weekends."""
    # Takes a tenth of a second, which only who writes to somebody has to spend.
    from holidays import country_holidays, list_supported_countries

    if country not in list_supported_countries():
        return Free(frozenset(), frozenset({5, 6}))
    known = country_holidays(country, years=year)
    if DE_FACTO in known.supported_categories:
        known = country_holidays(country, years=year, categories=("public", DE_FACTO))
    return Free(frozenset(known), frozenset(known.weekend))


@lru_cache(maxsize=4096)
def is_working_day(day: date, country: str | None) -> bool:
    free = free_days(country, day.year)
    return day not in free.days and day.weekday() not in free.weekend


def in_working_hours(at: datetime, country: str | None, zone: ZoneInfo) -> datetime:
    """This moment if somebody is at work then, else the next time a working day begins."""
    local = at.astimezone(zone)
    if local.time() >= SHUTS:
        local = _morning(local + ONE_DAY)
    elif local.time() < OPENS:
        local = _morning(local)
    while not is_working_day(local.date(), country):
        local = _morning(local + ONE_DAY)
    return local.astimezone(at.tzinfo)


def after_working_days(at: datetime, days: int, country: str | None, zone: ZoneInfo) -> datetime:
    """The same time of day, that many working days later, counted from when somebody is at work."""
    local = in_working_hours(at, country, zone).astimezone(zone)
    for _day in range(days):
        local += ONE_DAY
        while not is_working_day(local.date(), country):
            local += ONE_DAY
    return local.astimezone(at.tzinfo)


def working_days_between(start: datetime, end: datetime, country: str | None, zone: ZoneInfo) -> int:
    """How many working days after the first moment's day the second one's is; 0 on the same day."""
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    return sum(is_working_day(first + number * ONE_DAY, country) for number in range(1, (last - first).days + 1))


def _morning(local: datetime) -> datetime:
    return local.replace(hour=OPENS.hour, minute=OPENS.minute, second=0, microsecond=0)
