"""What is said in a thread: one transaction with the letters that tell the other side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from facilities.db import db, now
from facilities.enquiries.booking.acts import BookingAct
from facilities.enquiries.booking.catching_up import catch_up
from facilities.enquiries.booking.letters import tell_of_booking
from facilities.enquiries.models import (
    Author,
    EnquiryFile,
    EnquiryStatus,
    Message,
    Quote,
    Slot,
    Thread,
    link_end,
)
from facilities.enquiries.threads.letters import tell_owners, tell_requester
from facilities.enquiries.threads.speakers import Speaker
from facilities.enquiries.threads.turns import owners_turn, requesters_turn


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says. `asks_back`: the requester has to answer before the owner can go on. `mail_id` is the
    Message-ID of the letter it came by. `booking` is what it does about the booking, of which both sides are told."""

    body: str
    quote: Quote | None = None
    slots: Sequence[Slot] = field(default=())
    files: Sequence[EnquiryFile] = field(default=())
    asks_back: bool = False
    mail_id: str | None = None
    booking: BookingAct | None = None


def say(thread: Thread, said: Said, *, by: Speaker, at: datetime | None = None) -> Message:
    """Say something to the other side, who get a letter. A thread that had ended is open again.

    What came by a letter that has been filed already is not said twice. The thread is read for changing
    (`thread_to_change`).
    """
    at = at or now()
    already = next((each for each in thread.messages if said.mail_id and each.mail_id == said.mail_id), None)
    if already is not None:
        return already
    message = _write(thread, said, by=by, at=at)
    db.session.commit()
    return message


def say_in_each(threads: Iterable[Thread], body: str, *, by: Speaker, at: datetime | None = None) -> None:
    """Say the same in several threads in one transaction, all of them read for changing."""
    for thread in threads:
        _write(thread, Said(body), by=by, at=at or now())
    db.session.commit()


def _write(thread: Thread, said: Said, *, by: Speaker, at: datetime) -> Message:
    """Write it down with the letters that tell of it; the caller commits. What the requester says in a thread that is
    held as spam is kept, and reaches nobody until the desk releases it."""
    if not by.asks:
        catch_up(thread, at=at)
    message = add_message(thread, said, by=by, at=at)
    if by.asks and thread.status == EnquiryStatus.SPAM:
        return message
    move_on(thread, said, by=by, at=at)
    if said.booking:
        tell_of_booking(thread, message, said.booking, by=by)
    else:
        (tell_owners if by.asks else tell_requester)(thread, message)
    return message


def note_internally(thread: Thread, body: str, *, by: Speaker, at: datetime | None = None) -> Message:
    """Write a note that only owners and the desk see."""
    message = add_message(thread, Said(body), by=by, at=at or now())
    message.internal = True
    db.session.commit()
    return message


def add_message(thread: Thread, said: Said, *, by: Speaker, at: datetime) -> Message:
    """Write it down; the caller moves the thread on, tells the other side and commits."""
    message = Message(
        enquiry=thread.enquiry,
        thread=thread,
        author=by.author,
        author_name=by.name,
        user_id=by.user.id if by.user else None,
        recipient_id=by.recipient.id if by.recipient else None,
        body=said.body,
        mail_id=said.mail_id,
        sent_at=at,
        quote=said.quote,
        slots=list(said.slots),
    )
    for file in said.files:
        file.enquiry_id = thread.enquiry_id
        message.files.append(file)
    db.session.add(message)
    db.session.flush()
    return message


def move_on(thread: Thread, said: Said, *, by: Speaker, at: datetime) -> None:
    """What it means for the thread that this was said; the caller commits."""
    thread.enquiry.link_expires_at = link_end()
    if by.asks:
        thread.last_requester_at = at
        if thread.status.ended or thread.status == EnquiryStatus.WAITING:
            thread.status = EnquiryStatus.ANSWERED if thread.first_answered_at else EnquiryStatus.DELIVERED
        owners_turn(thread, at)
        return
    thread.status = EnquiryStatus.WAITING if said.asks_back else EnquiryStatus.ANSWERED
    thread.last_owner_at = at
    if by.author == Author.OWNER:
        thread.first_answered_at = thread.first_answered_at or at
    requesters_turn(thread, at)
