"""The letters that jobs stand for: each knows its rows, what it says and where its fate is written."""

from collections.abc import Callable
from dataclasses import dataclass

from facilities.db import db, now
from facilities.enquiries.actions import note_delivery, note_receipt
from facilities.enquiries.emails import enquiry_letter, receipt_letter
from facilities.enquiries.incoming.bounces import LONGEST_WORDS, Bounce, find_another_way
from facilities.enquiries.models import Delivery, Enquiry, EnquiryStatus, Recipient, Stage
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
    recipients = [each for each in recipients_of_letter(recipient_id) if _is_wanted(each)]
    if not recipients:
        return None
    return Errand(
        write=lambda: enquiry_letter(recipients),
        note=lambda delivery, detail: note_delivery(recipients, delivery, detail),
    )


def _is_wanted(recipient: Recipient) -> bool:
    """Not what was found to be spam while its letter waited."""
    return recipient.enquiry.stage == Stage.SENT and recipient.thread.status != EnquiryStatus.SPAM


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
            note_sent(stored, detail)
        else:
            stored.delivery, stored.problem = delivery, detail[:500]
        if first := _first_for(stored):
            note_delivery(first, delivery, detail)
        elif delivery == Delivery.FAILED:
            _not_reached(stored, detail)

    return Errand(write=lambda: as_letter(stored), note=note)


def _not_reached(stored: StoredLetter, words: str) -> None:
    """Somebody else has to hear of it, as when the letter had come back: the server has refused it at once."""
    recipient = db.session.get(Recipient, stored.recipient_id) if stored.recipient_id else None
    if recipient is not None:
        note_delivery([recipient], Delivery.FAILED, words)
    else:
        find_another_way(stored, Bounce(final=True, words=words[:LONGEST_WORDS]), now())


def _first_for(stored: StoredLetter) -> list[Recipient]:
    """The recipients for whom a letter is the first: deputies hear of a thread by a reminder."""
    recipient = db.session.get(Recipient, stored.recipient_id) if stored.recipient_id else None
    if recipient is None or recipient.reason.get("rule") != "reminded":
        return []
    sharing = (each for each in recipient.enquiry.recipients if each.mailbox == recipient.mailbox)
    return [each for each in sharing if each.delivery in (Delivery.WAITING, Delivery.DEFERRED)]


ERRANDS = {
    JobKind.ENQUIRY_LETTER: _to_recipients,
    JobKind.RECEIPT_LETTER: _to_requester,
    JobKind.LETTER: _stored,
}
