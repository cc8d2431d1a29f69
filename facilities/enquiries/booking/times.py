"""Times as people write and read them, on the clock of the site's zone; stored as UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from babel.dates import format_date, format_time, get_timezone_location, get_timezone_name
from flask import current_app
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from facilities.formats import site_zone, visitor_locale

LONGEST = timedelta(days=31)
FURTHEST = timedelta(days=3 * 366)
"""How far ahead a time may be proposed."""


class NoSuchTime(Exception):
    """The clocks go forward over this time of day; the message is the first time after the gap."""


class TwiceThatTime(Exception):
    """The clocks go back over this time of day, which comes twice; the message is the first time that comes once."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one aware time to a later one."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether they share more than a moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def on_site_clock(day: date, hour: time) -> datetime:
    """When the site's clock shows this, in UTC. Raises NoSuchTime, TwiceThatTime."""
    local = datetime.combine(day, hour, site_zone())
    if local.utcoffset() == local.replace(fold=1).utcoffset():
        return local.astimezone(UTC)
    gap = (local.replace(fold=1).utcoffset() or timedelta()) > (local.utcoffset() or timedelta())
    raise (NoSuchTime if gap else TwiceThatTime)(_clock_after(local))


def _clock_after(local: datetime) -> str:
    """The next minute that the clock shows once, as it shows it."""
    while local.utcoffset() != local.replace(fold=1).utcoffset():
        local += timedelta(minutes=1)
    return format_time(local.time(), "short", locale=visitor_locale())


def span_text(starts_at: datetime, ends_at: datetime) -> str:
    """Thursday, 14 January 2027, 09:00–12:00 CET; with both days where it ends on another."""
    first, last = starts_at.astimezone(site_zone()), ends_at.astimezone(site_zone())
    start = f"{_day(first)}, {_clock(first)}"
    end = _clock(last) if first.date() == last.date() else f"{_day(last)}, {_clock(last)}"
    dash = "–" if first.date() == last.date() else " – "
    return f"{start}{dash}{end} {get_timezone_name(first, 'short', locale=visitor_locale())}"


@pass_eval_context
def booking_time(context: EvalContext, starts_at: datetime, ends_at: datetime) -> str:
    """The same for templates: in HTML the hours of one day stay on one line."""
    text = span_text(starts_at, ends_at)
    day, _comma, hours = text.rpartition(", ")
    if not context.autoescape or " – " in text:
        return text
    return Markup('{}, <span class="nowrap">{}</span>').format(day, hours)


def zone_text() -> str:
    """The clock that times are on: Central European Time (Stockholm)."""
    zone, locale = site_zone(), visitor_locale()
    name = get_timezone_name(zone, "long", zone_variant="generic", locale=locale)
    if current_app.config["TIMEZONE"].upper() in {"UTC", "ETC/UTC"}:
        return str(name)
    return f"{name} ({get_timezone_location(zone, locale=locale, return_city=True)})"


def _day(moment: datetime) -> str:
    return format_date(moment.date(), "full", locale=visitor_locale())


def _clock(moment: datetime) -> str:
    return format_time(moment.time(), "short", locale=visitor_locale())
