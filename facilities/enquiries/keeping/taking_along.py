"""An enquiry as its requester takes it along: JSON for programs with the files beside it, in one zip file."""

import json
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from facilities.enquiries.booking.held import shown_booking
from facilities.enquiries.files import path_of, requester_reads
from facilities.enquiries.models import Booking, Enquiry, EnquiryFile, Message, Quote, Slot, Thread

IN_MEMORY = 1024 * 1024
"""Bytes up to which a packed enquiry stays in memory."""

NAME = "enquiry.json"


def packed(enquiry: Enquiry) -> IO[bytes]:
    """The zip file, at its beginning. A file that is gone from the disk is in the JSON only."""
    spool = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the response closes it)
    with ZipFile(spool, "w", ZIP_DEFLATED) as archive:
        archive.writestr(NAME, as_json(enquiry_data(enquiry)))
        for file in filter(requester_reads, enquiry.files):
            if path_of(file).is_file():
                archive.write(path_of(file), name_in_archive(file))
    spool.seek(0)
    return spool


def enquiry_data(enquiry: Enquiry) -> dict[str, Any]:
    """All that was asked and answered, as the requester may read it: no notes of owners, no addresses of theirs."""
    return {
        "kind": enquiry.kind,
        "asked_at": enquiry.created_at,
        "requester": {
            "name": enquiry.requester_name,
            "email": enquiry.requester_email,
            "organisation": enquiry.requester_organisation,
            "group": enquiry.requester_group,
        },
        "preferred_dates": enquiry.preferred_dates,
        "duration": enquiry.duration,
        "samples": enquiry.samples,
        "deadline_on": enquiry.deadline_on,
        "budget": enquiry.budget,
        "place": enquiry.place,
        "participants": enquiry.participants,
        "terms": enquiry.terms,
        "said_to_all": [message_data(each) for each in enquiry.messages if each.thread_id is None],
        "threads": [_thread(thread) for thread in enquiry.threads],
    }


def as_json(data: Any) -> str:
    """Readable JSON; times in ISO 8601, amounts as text."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=plain) + "\n"


def in_json_types(data: Any) -> Any:
    """The same data with times and amounts as text."""
    return json.loads(as_json(data))


def name_in_archive(file: EnquiryFile) -> str:
    """Two files may be called the same: the id tells them apart."""
    return f"files/{file.id}-{file.name}"


def _thread(thread: Thread) -> dict[str, Any]:
    booking = shown_booking(thread, asks=True)
    return {
        "listing": thread.listing_name,
        "status": thread.shown_status,
        "asked_at": thread.asked_at,
        "first_answered_at": thread.first_answered_at,
        "closed_at": thread.shown_closed_at,
        "reminders": thread.reminders,
        "terms_accepted_at": thread.terms_accepted_at,
        "recipients": [{"role": each.role, "delivery": each.delivery} for each in thread.recipients],
        "messages": [message_data(each) for each in thread.own_messages if not each.internal],
        "booking": _booking(booking) if booking else None,
    }


def message_data(message: Message) -> dict[str, Any]:
    """One thing that was said, with what goes with it."""
    return {
        "author": message.author,
        "name": message.author_name,
        "sent_at": message.sent_at,
        "words": message.body,
        "held_back": message.withheld,
        "quote": _quote(message.quote) if message.quote else None,
        "times": [_slot(slot) for slot in message.slots],
        "files": [{"name": name_in_archive(each), "bytes": each.size} for each in message.files],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return _columns(quote, "amount", "currency", "basis", "lead_days", "valid_until", "terms")


def _slot(slot: Slot) -> dict[str, Any]:
    return _columns(slot, "starts_at", "ends_at", "state")


def _booking(booking: Booking) -> dict[str, Any]:
    return _columns(booking, "uid", "sequence", "state", "starts_at", "ends_at")


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def plain(value: Any) -> str:
    """What JSON has no type for, as text. Raises TypeError."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON")
