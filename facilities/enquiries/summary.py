"""An enquiry's answers as labelled lines, the same on the private page and in the letters."""

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _

from facilities.enquiries.models import Enquiry
from facilities.formats import visitor_locale


def request_lines(enquiry: Enquiry) -> list[tuple[str, str]]:
    """What is asked beside the message: label and value, in the reader's language; empty ones left out."""
    return [(label, value) for label, value in _request(enquiry) if value]


def requester_lines(enquiry: Enquiry) -> list[tuple[str, str]]:
    """Who asks: label and value, empty ones left out."""
    group = str(enquiry.requester_group.label) if enquiry.requester_group else ""
    lines = [
        (_("Name"), enquiry.requester_name),
        (_("E-mail"), enquiry.requester_email),
        (_("Organisation"), enquiry.requester_organisation),
        (_("User group"), group),
    ]
    return [(label, value) for label, value in lines if value]


def _request(enquiry: Enquiry) -> Iterator[tuple[str, str]]:
    for place, day in enumerate(enquiry.dates):
        yield (_("Or on") if place else _("Preferred date")), _day(day)
    yield _("For how long"), enquiry.duration
    yield _("Samples"), enquiry.samples
    yield _("Results needed by"), _day(enquiry.deadline_on) if enquiry.deadline_on else ""
    yield _("Budget"), enquiry.budget
    yield _("People to train"), str(enquiry.participants or "")


def _day(day: date) -> str:
    return format_date(day, "full", locale=visitor_locale())
