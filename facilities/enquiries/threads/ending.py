"""How a thread ends, and what else is done with it; each act is one transaction with its letters."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from facilities.accounts.models import User
from facilities.db import db, now
from facilities.enquiries.booking.acts import BookingAct
from facilities.enquiries.booking.catching_up import catch_up
from facilities.enquiries.booking.events import give_up
from facilities.enquiries.booking.letters import tell_of_booking
from facilities.enquiries.models import Author, EnquiryStatus, Message, Slot, Thread
from facilities.enquiries.threads.letters import tell_assigned, tell_owners, tell_requester
from facilities.enquiries.threads.speakers import Speaker
from facilities.enquiries.threads.speaking import Said, add_message
from facilities.enquiries.threads.turns import nobodys_turn, owners_turn


def accept(
    thread: Thread,
    *,
    by: Speaker,
    body: str = "",
    booking: BookingAct | None = None,
    slots: Sequence[Slot] = (),
    at: datetime | None = None,
) -> Message:
    """Take what the other side offers: the thread has come to a good end. `slots` is the time that was agreed."""
    return _end(thread, EnquiryStatus.ACCEPTED, Said(body, slots=slots, booking=booking), by=by, at=at or now())


def accept_one(
    thread: Thread,
    others: Iterable[Thread],
    *,
    by: Speaker,
    body: str = "",
    regret: str = "",
    at: datetime | None = None,
) -> None:
    """Take the offer of one thread and decline those of others, with words of regret, in one transaction."""
    at = at or now()
    for other in others:
        _write_end(other, EnquiryStatus.DECLINED, Said(regret), by=by, at=at)
    _end(thread, EnquiryStatus.ACCEPTED, Said(body), by=by, at=at)


def decline(
    thread: Thread, *, by: Speaker, body: str = "", booking: BookingAct | None = None, at: datetime | None = None
) -> Message:
    """Say no to what the other side asks or offers."""
    return _end(thread, EnquiryStatus.DECLINED, Said(body, booking=booking), by=by, at=at or now())


def close(
    thread: Thread, *, by: Speaker, body: str = "", booking: BookingAct | None = None, at: datetime | None = None
) -> Message:
    """End a thread without a yes or no."""
    return _end(thread, EnquiryStatus.CLOSED, Said(body, booking=booking), by=by, at=at or now())


def _end(thread: Thread, status: EnquiryStatus, said: Said, *, by: Speaker, at: datetime) -> Message:
    message = _write_end(thread, status, said, by=by, at=at)
    db.session.commit()
    return message


def _write_end(thread: Thread, status: EnquiryStatus, said: Said, *, by: Speaker, at: datetime) -> Message:
    """End it, with the letters that tell of it; the caller commits. What the requester says in a thread that is held as
    spam is kept with when it ended for them, and changes nothing else."""
    if not by.asks:
        catch_up(thread, at=at)
    message = add_message(thread, said, by=by, at=at)
    if by.asks and thread.status == EnquiryStatus.SPAM:
        thread.ended_by, thread.closed_at = by.author, at
        return message
    if by.author == Author.OWNER and status != EnquiryStatus.CLOSED:
        thread.first_answered_at = thread.first_answered_at or at
        thread.last_owner_at = at
    nobodys_turn(thread, status, by=by.author, at=at)
    _tell_of_end(thread, message, said.booking or _without_booking(thread, status, by=by, at=at), by=by)
    return message


def _without_booking(thread: Thread, status: EnquiryStatus, *, by: Speaker, at: datetime) -> BookingAct | None:
    """A thread that ends without a yes leaves no time in anybody's calendar that was only asked for."""
    return give_up(thread, by=by.author, at=at) if status != EnquiryStatus.ACCEPTED else None


def _tell_of_end(thread: Thread, message: Message, act: BookingAct | None, *, by: Speaker) -> None:
    if act is not None:
        tell_of_booking(thread, message, act, by=by)
        return
    if by.author != Author.REQUESTER:
        tell_requester(thread, message)
    if by.author in (Author.REQUESTER, Author.SITE):
        tell_owners(thread, message)


def reopen(thread: Thread, *, at: datetime | None = None) -> None:
    """Go on with a thread that had ended: it is the owner's turn."""
    catch_up(thread, at=at or now())
    thread.status = EnquiryStatus.ANSWERED if thread.first_answered_at else EnquiryStatus.OPENED
    owners_turn(thread, at or now())
    db.session.commit()


def assign(thread: Thread, user: User | None, *, by: Speaker) -> None:
    """Leave a thread to one colleague, who gets a letter and all letters about it from now on; None: to all again."""
    changed = thread.assigned_to_id != (user.id if user else None)
    thread.assigned_to = user
    if changed and user is not None and (by.user is None or by.user.id != user.id):
        tell_assigned(thread, user, by=by)
    db.session.commit()


def note_opened(thread: Thread, *, at: datetime | None = None) -> None:
    """Somebody who answers for the listing has seen it."""
    if thread.opened_at is None:
        thread.opened_at = at or now()
        if thread.status in (EnquiryStatus.NEW, EnquiryStatus.DELIVERED):
            thread.status = EnquiryStatus.OPENED
        db.session.commit()
