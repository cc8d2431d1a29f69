"""The letters that jobs stand for: each knows its rows, what it says and where its fate is written."""

from collections.abc import Callable
from dataclasses import dataclass

from facilities.db import db
from facilities.enquiries.actions import note_delivery, note_receipt
from facilities.enquiries.emails import enquiry_letter, receipt_letter
from facilities.enquiries.models import Delivery, Enquiry
from facilities.enquiries.queries import recipients_of_letter
from facilities.mail import Letter
from facilities.outbox.letters import as_letter, note_sent
from facilities.outbox.models import Job, JobKind, StoredLetter


@dataclass(frozen=True, slots=True)
class Errand:
    """One letter to deliver: `write()` gives it, `note(delivery, detail)` records how far it came."""

    write: Callable[[], Letter]
    note: Callable[[Delivery, str], None]


def errand(job: Job) -> Errand | None:
    """The letter of a job; None if what it belongs to has been removed."""
    return ERRANDS[job.kind](job.subject_id)


def _to_recipients(recipient_id: int) -> Errand | None:
    recipients = recipients_of_letter(recipient_id)
    if not recipients:
        return None
    return Errand(
        write=lambda: enquiry_letter(recipients),
        note=lambda delivery, detail: note_delivery(recipients, delivery, detail),
    )


def _to_requester(enquiry_id: int) -> Errand | None:
    enquiry = db.session.get(Enquiry, enquiry_id)
    if enquiry is None:
        return None
    return Errand(
        write=lambda: receipt_letter(enquiry),
        note=lambda delivery, detail: note_receipt(enquiry, delivery, detail),
    )


def _stored(letter_id: int) -> Errand | None:
    stored = db.session.get(StoredLetter, letter_id)
    if stored is None or stored.sent_at:
        return None

    def note(delivery: Delivery, detail: str) -> None:
        if delivery == Delivery.SENT:
            note_sent(stored)
        else:
            stored.problem = detail[:500]

    return Errand(write=lambda: as_letter(stored), note=note)


ERRANDS = {
    JobKind.ENQUIRY_LETTER: _to_recipients,
    JobKind.RECEIPT_LETTER: _to_requester,
    JobKind.LETTER: _stored,
}
