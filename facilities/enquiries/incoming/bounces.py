"""Letters of ours that came back, or wait at a server: read (RFC 3464, and what else servers write) and acted on."""

import logging
import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Mail

from flask import current_app
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _
from flufl.bounce import all_failures

from facilities.catalogue.models import Contact
from facilities.db import db, writing
from facilities.enquiries.incoming.contents import words_of
from facilities.enquiries.incoming.outcomes import Bounced, Ignored
from facilities.enquiries.models import Author, Delivery, Enquiry, Recipient, Thread
from facilities.enquiries.queries import recipients_of_letter
from facilities.enquiries.rerouting import lock_threads, reroute
from facilities.enquiries.threads.letters import tell_owners
from facilities.enquiries.threads.speakers import THE_SITE
from facilities.enquiries.threads.speaking import Said, add_message
from facilities.mail import one_line
from facilities.outbox.models import StoredLetter
from facilities.reply_address import ReplyTo, Side

log = logging.getLogger(__name__)

LONGEST_WORDS = 400

OF_ONE_LETTER = re.compile(
    r"\b5\.(?:2\.[23]|3\.4|[67]\.\d{1,3})\b|\b(?:spam|virus|malware|phishing|policy|blocked|quota|full|too large)\b",
    re.IGNORECASE,
)
"""Words of a server that refuses this letter and may take the next (RFC 3463: full, too large, contents, policy).
They say nothing against the address: whoever writes a letter that is refused must not make a contact look lost."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a server says about a letter: whether it has given up, and its words."""

    final: bool
    words: str


def read_bounce(message: Mail) -> Bounce | None:
    """None if the letter says nothing of the kind."""
    try:
        delayed, failed = all_failures(message)
    except Exception:  # one of many programs' ways of saying it, read by guesses
        log.exception("a letter that may be a bounce could not be looked into")
        delayed, failed = frozenset(), frozenset()
    actions = {action for action, _words in _statuses(message)}
    if failed or actions & {"failed", "error"}:
        return Bounce(final=True, words=_words_of(message))
    if delayed or "delayed" in actions:
        return Bounce(final=False, words=_words_of(message))
    return None


def _words_of(message: Mail) -> str:
    """What the server of the recipient said; else the beginning of what the letter says."""
    said = next((words for _action, words in _statuses(message) if words), "")
    return (said or one_line(words_of(message)[:2000]) or "it came back")[:LONGEST_WORDS]


def _statuses(message: Mail) -> Iterator[tuple[str, str]]:
    """Action and words for each recipient that a delivery status tells of (RFC 3464, 2.3)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            for block in part.get_payload():
                if isinstance(block, Mail) and "Action" in block:
                    action = str(block["Action"]).split()
                    yield (action[0].lower().rstrip(";") if action else ""), _diagnosis(block)


def _diagnosis(block: Mail) -> str:
    kind, _separator, words = str(block.get("Diagnostic-Code", "")).partition(";")
    status = one_line(str(block.get("Status", "")))
    said = one_line(words or kind)
    return said if status in said else f"{status} {said}".strip()


def note_bounce(back: ReplyTo, bounce: Bounce, *, at: datetime) -> Bounced | Ignored:
    """Write what happened to the letter where owners and the desk see it, and have somebody else asked."""
    writing()
    found = ACTS[back.side](back.ids[0], bounce, at)
    db.session.commit()
    if not found:
        return Ignored("the letter that came back is not there any more", os.EX_OK)
    log.warning("%s %s: %s", back.side.name, back.ids[0], bounce.words)
    return Bounced(bounce.words, bounce.final)


def _first_letter(recipient_id: int, bounce: Bounce, at: datetime) -> bool:
    recipients = recipients_of_letter(recipient_id)
    _mark(recipients, bounce, at)
    return bool(recipients)


def _mark(recipients: Collection[Recipient], bounce: Bounce, at: datetime) -> None:
    """Write it on recipients that share a mailbox. Those of a final bounce leave their place to the next; the second
    letter that comes back from them changes nothing."""
    lock_threads({recipient.thread_id for recipient in recipients})
    for recipient in recipients:
        db.session.refresh(recipient)
        if recipient.delivery == Delivery.BOUNCED or (recipient.delivery == Delivery.FAILED and not bounce.final):
            continue
        recipient.delivery_detail = bounce.words
        recipient.delivery = Delivery.BOUNCED if bounce.final else Delivery.DEFERRED
        if bounce.final:
            _mark_contact(recipient, bounce, at)
            db.session.flush()
            reroute(recipient, bounce.words, at=at)


def _mark_contact(recipient: Recipient, bounce: Bounce, at: datetime) -> None:
    """Its contact, unless the owner has changed the address since, or only this letter was refused."""
    contact: Contact | None = recipient.contact
    if OF_ONE_LETTER.search(bounce.words):
        return
    if contact is not None and contact.email.lower() == recipient.mailbox:
        contact.bounced_at, contact.bounce_words = at, bounce.words


def _receipt(enquiry_id: int, bounce: Bounce, at: datetime) -> bool:
    enquiry = db.session.get(Enquiry, enquiry_id)
    if enquiry is not None:
        _requester_unreached(enquiry, enquiry.threads, bounce, at)
    return enquiry is not None


def _requester_unreached(enquiry: Enquiry, threads: Iterable[Thread], bounce: Bounce, at: datetime) -> None:
    """Owners see beside each thread that the requester's address does not work, and read it in the thread."""
    known = enquiry.receipt == Delivery.BOUNCED
    enquiry.receipt = Delivery.BOUNCED if bounce.final or known else Delivery.DEFERRED
    enquiry.receipt_detail = bounce.words
    if bounce.final and not known:
        for thread in threads:
            _note(thread, _("The requester's address does not work: %(words)s", words=bounce.words), at)


def _note(thread: Thread, sentence: LazyString, at: datetime) -> None:
    with force_locale(current_app.config["DEFAULT_LOCALE"]):
        body = str(sentence)
    add_message(thread, Said(body), by=THE_SITE, at=at).internal = True


def _later_letter(letter_id: int, bounce: Bounce, at: datetime) -> bool:
    stored = db.session.get(StoredLetter, letter_id)
    if stored is None or stored.bounced_at is not None:
        return stored is not None
    stored.problem = bounce.words
    stored.delivery = Delivery.BOUNCED if bounce.final else Delivery.DEFERRED
    stored.bounced_at = at if bounce.final else None
    find_another_way(stored, bounce, at)
    return True


def find_another_way(stored: StoredLetter, bounce: Bounce, at: datetime) -> None:
    """What the letter's fate means for its thread: another recipient, all instead of one colleague, a note."""
    recipient = db.session.get(Recipient, stored.recipient_id) if stored.recipient_id else None
    thread = db.session.get(Thread, stored.thread_id) if stored.thread_id else None
    if thread is not None and thread.enquiry.emptied_at is not None:
        return
    if recipient is not None:
        _mark([recipient], bounce, at)
    elif thread is not None and stored.to.lower() == thread.enquiry.requester_email.lower():
        _requester_unreached(thread.enquiry, [thread], bounce, at)
    elif thread is not None and bounce.final:
        _colleague_unreached(thread, stored, bounce, at)


def _colleague_unreached(thread: Thread, stored: StoredLetter, bounce: Bounce, at: datetime) -> None:
    """The thread is everybody's again, and they are told what was said last."""
    _note(thread, _("A letter to the colleague in charge came back: %(words)s", words=bounce.words), at)
    if thread.assigned_to is None or thread.assigned_to.email.lower() != stored.to.lower():
        return
    thread.assigned_to = None
    said = [message for message in thread.messages if message.author == Author.REQUESTER and not message.withheld]
    if said:
        tell_owners(thread, said[-1])


ACTS = {Side.BACK_RECIPIENT: _first_letter, Side.BACK_LETTER: _later_letter, Side.BACK_RECEIPT: _receipt}
