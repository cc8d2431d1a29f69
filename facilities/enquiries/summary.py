"""An enquiry's answers as labelled lines, the same on the private page and in the letters."""

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.enquiries.booking.times import span_text
from facilities.enquiries.models import Enquiry, Quote
from facilities.formats import money, visitor_locale


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


def offer_lines(quote: Quote) -> list[tuple[str, str]]:
    """What is offered: label and value, in the reader's language; empty ones left out."""
    per = _("per %(basis)s", basis=quote.basis) if quote.basis else ""
    price = f"{money(quote.amount, quote.currency or 'EUR')} {per}".strip() if quote.amount is not None else ""
    days = quote.lead_days
    lines = [
        (_("Price"), price or quote.basis),
        (_("Lead time"), ngettext("%(num)d day", "%(num)d days", days) if days is not None else ""),
        (_("Valid until"), _day(quote.valid_until) if quote.valid_until else ""),
        (_("Terms"), quote.terms),
    ]
    return [(label, value) for label, value in lines if value]


def _request(enquiry: Enquiry) -> Iterator[tuple[str, str]]:
    for place, slot in enumerate(enquiry.messages[0].slots if enquiry.messages else []):
        yield (_("Or at") if place else _("Preferred time")), span_text(slot.starts_at, slot.ends_at)
    for place, day in enumerate(enquiry.dates):
        yield (_("Or on") if place else _("Preferred date")), _day(day)
    yield _("For how long"), enquiry.duration
    yield _("Samples"), enquiry.samples
    yield _("Results needed by"), _day(enquiry.deadline_on) if enquiry.deadline_on else ""
    yield _("Budget"), enquiry.budget
    yield _("Where"), enquiry.place
    yield _("People to train"), str(enquiry.participants or "")


def _day(day: date) -> str:
    return format_date(day, "full", locale=visitor_locale())
