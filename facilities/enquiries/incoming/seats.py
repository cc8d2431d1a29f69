"""Where the writer of a letter to one of our signed addresses speaks, and as whom."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from facilities.accounts.models import User
from facilities.db import db
from facilities.enquiries.models import Enquiry, Recipient, Thread
from facilities.enquiries.queries import recipients_of_letter
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.rights import answers_for, may_read
from facilities.enquiries.threads.speakers import Speaker
from facilities.outbox.models import StoredLetter
from facilities.reply_address import ReplyTo, Side


@dataclass(frozen=True, slots=True)
class Seat:
    """In one thread: whoever writes to `said_to` speaks in it."""

    thread_id: int
    said_to: ReplyTo


def seats(said_to: ReplyTo) -> list[Seat]:
    """One for each thread; none if what the address stands for has been removed."""
    return [Seat(thread_id, said_to) for thread_id in THREADS[said_to.side](*said_to.ids)]


def _of_enquiry(enquiry_id: int) -> list[int]:
    """Those that have not ended, or all if all have."""
    enquiry = db.session.get(Enquiry, enquiry_id)
    threads = enquiry.threads if enquiry else []
    return [each.id for each in threads if not each.status.ended] or [each.id for each in threads]


def _of_mailbox(recipient_id: int) -> list[int]:
    return [recipient.thread_id for recipient in recipients_of_letter(recipient_id)]


def _of_recipient(recipient_id: int) -> list[int]:
    recipient = db.session.get(Recipient, recipient_id)
    return [recipient.thread_id] if recipient else []


def _itself(thread_id: int, _user_id: int = 0) -> list[int]:
    return [thread_id] if db.session.get(Thread, thread_id) else []


THREADS: dict[Side, Callable[..., list[int]]] = {
    Side.REQUESTER_TO_ALL: _of_enquiry,
    Side.REQUESTER: _itself,
    Side.MAILBOX: _of_mailbox,
    Side.RECIPIENT: _of_recipient,
    Side.COLLEAGUE: _itself,
}


def speaker(seat: Seat, thread: Thread, wrote: str) -> Speaker | None:
    """Who speaks; None if they may no longer. `wrote` is the address that the letter came from: people may answer from
    another one than we wrote to, and the others see it."""
    side, ids = seat.said_to.side, seat.said_to.ids
    if side in (Side.REQUESTER_TO_ALL, Side.REQUESTER):
        return _named(speakers.requester(thread.enquiry), wrote, thread.enquiry.requester_email)
    if side == Side.COLLEAGUE:
        return _colleague(thread, ids[1], wrote)
    written_to = db.session.get(Recipient, ids[0])
    if written_to is None:
        return None
    here = next((each for each in thread.recipients if each.mailbox == written_to.mailbox), None)
    return _named(speakers.mailbox(here), wrote, here.email) if here else None


def is_of_the_other_side(thread: Thread, who: Speaker, wrote: str) -> bool:
    """Whether the writer is known to sit opposite: somebody has answered to all, and an address of one side stood among
    them. It must not make the asked of the asker, or the other way round."""
    asked = {recipient.mailbox for recipient in thread.recipients}
    if thread.assigned_to is not None:
        asked.add(thread.assigned_to.email.lower())
    asking = {thread.enquiry.requester_email.lower()}
    own, opposite = (asking, asked) if who.asks else (asked, asking)
    return wrote.lower() in opposite - own


def _colleague(thread: Thread, user_id: int, wrote: str) -> Speaker | None:
    user = db.session.get(User, user_id)
    if user is None or not user.active or not may_read(user, thread):
        return None
    speaks = speakers.owner(user) if answers_for(user, thread) else speakers.desk(user)
    return _named(speaks, wrote, user.email)


def _named(who: Speaker, wrote: str, known: str) -> Speaker:
    if not wrote or wrote.lower() == known.lower():
        return who
    return replace(who, name=f"{who.name[:120]} ({wrote[:130]})")


def answered_instead(back: ReplyTo) -> ReplyTo | None:
    """Where somebody speaks who writes to the address that servers give our letters back to: a person all the same."""
    if back.side == Side.BACK_RECIPIENT:
        return ReplyTo(Side.MAILBOX, back.ids)
    if back.side == Side.BACK_RECEIPT:
        return ReplyTo(Side.REQUESTER_TO_ALL, back.ids)
    stored = db.session.get(StoredLetter, back.ids[0])
    if stored is None or stored.thread_id is None:
        return None
    if stored.recipient_id:
        return ReplyTo(Side.RECIPIENT, (stored.recipient_id,))
    return _of_stored(stored, stored.thread_id)


def _of_stored(stored: StoredLetter, thread_id: int) -> ReplyTo | None:
    """A letter about a thread that went to no recipient: to the requester, or to whom the thread is assigned."""
    thread = db.session.get_one(Thread, thread_id)
    if stored.to.lower() == thread.enquiry.requester_email.lower():
        return ReplyTo(Side.REQUESTER, (thread.id,))
    colleague = thread.assigned_to
    if colleague is not None and colleague.email.lower() == stored.to.lower():
        return ReplyTo(Side.COLLEAGUE, (thread.id, colleague.id))
    return None
