"""Bookings as iCalendar files (RFC 5545), one event from the request to the cancellation.

Each file is written for one side: it names nobody's address but the reader's own, and its URL is the page on which that
side can change the booking. The site is the organizer, so that no mail program writes to the other side by itself.
"""

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress

from facilities.catalogue.models import Listing
from facilities.enquiries.booking.standing import standing
from facilities.enquiries.booking.times import span_text
from facilities.enquiries.models import Booking, BookingState, Recipient, Thread
from facilities.enquiries.reading_language import reading_language
from facilities.mail import one_line

PRODUCT = "-//facilities//bookings//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a file is: the path of the page on which they follow the thread, their language, their address (which a
    file that is downloaded does not need), and whether they are the requester."""

    path: str
    locale: str
    email: str = ""
    asks: bool = False


def for_requester(thread: Thread) -> Reader:
    return Reader(thread.enquiry.path, thread.enquiry.locale, thread.enquiry.requester_email, asks=True)


def for_recipient(recipient: Recipient) -> Reader:
    return Reader(recipient.path, reading_language(recipient), recipient.email)


def invitation(thread: Thread, reader: Reader) -> str:
    """The file for a letter, which asks the reader's calendar to take the event, change it or take it out (RFC 5546);
    empty if the thread has no booking."""
    if thread.booking is None:
        return ""
    cancelled = thread.booking.state == BookingState.CANCELLED
    return _file(thread, thread.booking, reader, "CANCEL" if cancelled else "REQUEST")


def download(thread: Thread, booking: Booking, reader: Reader) -> str:
    """The same event as a file to be opened in a calendar, which answers nobody."""
    return _file(thread, booking, reader, "PUBLISH")


def _file(thread: Thread, booking: Booking, reader: Reader, method: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    with force_locale(reader.locale):
        calendar.add_component(_event(thread, booking, reader, invites=method != "PUBLISH"))
    return str(calendar.to_ical().decode())


def _event(thread: Thread, booking: Booking, reader: Reader, *, invites: bool) -> Event:
    event = Event()
    event.add("uid", booking.uid)
    event.add("sequence", booking.sequence)
    event.add("dtstamp", booking.changed_at)
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("status", booking.state.value.upper())
    event.add("class", "PRIVATE")
    event.add("summary", _summary(thread, booking, reader))
    event.add("description", _description(thread, booking, reader))
    event.add("url", current_app.config["SITE_URL"].rstrip("/") + reader.path)
    if where := _where(thread.listing):
        event.add("location", where)
    event.add("organizer", _organizer(thread))
    if invites and reader.email:
        event.add("attendee", _attendee(booking, reader))
    return event


def _summary(thread: Thread, booking: Booking, reader: Reader) -> str:
    about = one_line(thread.listing_name)
    what = about if reader.asks else _("%(listing)s: %(name)s", listing=about, name=one_line(_asker(thread)))
    tentative = booking.state == BookingState.TENTATIVE
    return _("Not yet confirmed: %(booking)s", booking=what) if tentative else what


def _description(thread: Thread, booking: Booking, reader: Reader) -> str:
    """What the other times are while none is agreed, and where the booking is changed."""
    page = current_app.config["SITE_URL"].rstrip("/") + reader.path
    said = [_("Change or cancel this booking here: %(page)s", page=page)]
    others = [
        span_text(slot.starts_at, slot.ends_at)
        for slot in standing(thread, asks=reader.asks).slots
        if slot.starts_at != booking.starts_at or slot.ends_at != booking.ends_at
    ]
    if booking.state == BookingState.TENTATIVE and others:
        said.insert(0, "\n".join([_("Also proposed:"), *others]))
    return "\n\n".join(said)


def _where(listing: Listing | None) -> str:
    """The postal address of what is booked, in one line."""
    if listing is None:
        return ""
    place = listing.place
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    return one_line(", ".join(part for part in (place.address, town, place.country_name) if part))


def _organizer(thread: Thread) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{current_app.config['MAIL_FROM']}")
    organizer.params["cn"] = one_line(thread.listing_name).replace('"', "'")
    return organizer


def _attendee(booking: Booking, reader: Reader) -> vCalAddress:
    """The reader, who needs not answer: a booking is agreed on the site's pages."""
    attendee = vCalAddress(f"mailto:{one_line(reader.email)}")
    confirmed = booking.state == BookingState.CONFIRMED
    attendee.params["partstat"] = "ACCEPTED" if confirmed else "TENTATIVE"
    attendee.params["rsvp"] = "FALSE"
    return attendee


def _asker(thread: Thread) -> str:
    enquiry = thread.enquiry
    return ", ".join(part for part in (enquiry.requester_name, enquiry.requester_organisation) if part)
