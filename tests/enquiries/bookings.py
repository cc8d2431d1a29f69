"""A booking and who takes part in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from icalendar import Calendar, Event

from facilities.catalogue.models import Contact, Kind, Listing
from facilities.db import db, now
from facilities.enquiries.booking.events import hold_first
from facilities.enquiries.booking.times import Span
from facilities.enquiries.models import EnquiryKind, Slot, Thread
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speakers import Speaker
from facilities.outbox.models import StoredLetter
from tests.enquiry_cast import enquiry_to
from tests.listings import add

REQUESTER, OPERATOR = "rita@example.org", "operator@example.org"


def day(number: int, *, hours: int = 3) -> Span:
    """Some hours of a day to come, from ten o'clock in UTC."""
    start = (now() + timedelta(days=number)).replace(hour=10, minute=0, second=0, microsecond=0)
    return Span(start, start + timedelta(hours=hours))


def microscope(name: str = "LSM 880") -> Listing:
    """An instrument with a contact of its own and a postal address."""
    listing = add(Kind.INSTRUMENT, name, address="Storgatan 1", postal_code="111 22", city="Stockholm", country="SE")
    listing.contacts = [Contact(role="Operator", email=OPERATOR)]
    db.session.commit()
    return listing


def asked_for(*times: Span, of: Sequence[Listing] = (), name: str = "Rita Researcher") -> int:
    """The first thread of a request for one of these times, as it is once it has been sent."""
    enquiry = enquiry_to(*(of or [microscope()]), question="Can I come?")
    enquiry.kind, enquiry.requester_name = EnquiryKind.BOOKING, name
    enquiry.messages[0].slots = [Slot(starts_at=each.starts_at, ends_at=each.ends_at) for each in times]
    for thread in enquiry.threads:
        hold_first(thread, enquiry.messages[0].slots, at=now())
    db.session.add(enquiry)
    db.session.commit()
    return enquiry.threads[0].id


def changed(thread_id: int) -> Thread:
    """The thread, read for a change."""
    thread = thread_to_change(thread_id)
    assert thread is not None
    return thread


def requester(thread: Thread) -> Speaker:
    return speakers.requester(thread.enquiry)


def operator(thread: Thread) -> Speaker:
    return speakers.mailbox(thread.recipients[0])


def slot_of(thread: Thread, when: Span) -> int:
    """The newest proposal of this time."""
    slots = [slot for message in thread.messages for slot in message.slots]
    return next(slot.id for slot in reversed(slots) if Span(slot.starts_at, slot.ends_at) == when)


def letters_to(address: str) -> list[StoredLetter]:
    """The stored letters to an address, in order."""
    return list(db.session.scalars(sa.select(StoredLetter).where(StoredLetter.to == address).order_by(StoredLetter.id)))


def files_to(address: str) -> list[str]:
    """The calendar files that the letters to an address carry, in order."""
    return [letter.calendar for letter in letters_to(address) if letter.calendar]


def event_in(file: str) -> Event:
    """The only event of a file."""
    events = Calendar.from_ical(file).events
    assert len(events) == 1
    return events[0]


def method_of(file: str) -> str:
    return str(Calendar.from_ical(file)["METHOD"])


def told(file: str) -> tuple[str, str, int, datetime]:
    """Method, STATUS, SEQUENCE and beginning of a file's event."""
    event = event_in(file)
    return method_of(file), str(event["STATUS"]), int(event["SEQUENCE"]), event.start
