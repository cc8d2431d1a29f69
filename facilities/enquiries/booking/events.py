"""The event of a thread's booking. Each change that calendars have to follow raises its SEQUENCE (RFC 5546, 2.1.4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from facilities.enquiries.booking.acts import BookingAct
from facilities.enquiries.booking.times import Span
from facilities.enquiries.models import Author, Booking, BookingState, Slot, SlotState, Thread

UNCONFIRMED_END = {Author.REQUESTER: BookingAct.WITHDRAWN, Author.SITE: BookingAct.LAPSED}
"""What it is called when these end a request that was not confirmed; if the owner's side does, it is declined."""


def hold(thread: Thread, when: Span, *, at: datetime) -> None:
    """Have the event stand for the most wanted time, not yet confirmed; the caller commits."""
    if thread.booking is None:
        thread.booking = Booking(
            uid=str(uuid4()),
            sequence=0,
            state=BookingState.TENTATIVE,
            starts_at=when.starts_at,
            ends_at=when.ends_at,
            changed_at=at,
        )
    else:
        _change(thread.booking, BookingState.TENTATIVE, when, at=at)


def hold_first(thread: Thread, slots: Sequence[Slot], *, at: datetime) -> None:
    """Have the event of a new thread stand for the time that the requester wants most; the caller commits."""
    if slots:
        hold(thread, span_of(slots[0]), at=at)


def confirm(thread: Thread, when: Span, *, at: datetime) -> BookingAct:
    """Have the event stand for the time that was agreed; the caller commits."""
    if thread.booking is None:
        hold(thread, when, at=at)
    assert thread.booking is not None
    moved = thread.booking.state == BookingState.CONFIRMED
    _change(thread.booking, BookingState.CONFIRMED, when, at=at)
    return BookingAct.MOVED if moved else BookingAct.AGREED


def call_off(thread: Thread, *, by: Author, at: datetime) -> BookingAct | None:
    """Take the event out of the calendars; the caller commits. None if there is nothing to take out."""
    booking = thread.booking
    if booking is None or booking.state == BookingState.CANCELLED:
        return None
    was = booking.state
    _change(booking, BookingState.CANCELLED, span_of(booking), at=at)
    withdraw(thread)
    return BookingAct.CANCELLED if was == BookingState.CONFIRMED else UNCONFIRMED_END.get(by, BookingAct.DECLINED)


def give_up(thread: Thread, *, by: Author, at: datetime) -> BookingAct | None:
    """Take out of the calendars what was asked for and is not confirmed; the caller commits."""
    if thread.booking is None or thread.booking.state != BookingState.TENTATIVE:
        return None
    return call_off(thread, by=by, at=at)


def withdraw(thread: Thread, *states: SlotState) -> None:
    """Nobody can choose any more what was proposed in this thread alone, by default the agreed time neither. What was
    proposed to all listings asked stays as it is: other threads may be about it."""
    for slot in own_slots(thread):
        if slot.state in (states or (SlotState.PROPOSED, SlotState.CHOSEN)):
            slot.state = SlotState.WITHDRAWN


def own_slots(thread: Thread) -> Iterable[Slot]:
    """The times that were proposed in this thread alone."""
    own = (message for message in thread.messages if message.thread_id is not None)
    return (slot for message in own for slot in message.slots)


def proposed(when: Span) -> Slot:
    """A time that the other side can choose, not yet part of a message."""
    return Slot(starts_at=when.starts_at, ends_at=when.ends_at, state=SlotState.PROPOSED)


def span_of(row: Slot | Booking) -> Span:
    return Span(row.starts_at, row.ends_at)


def _change(booking: Booking, state: BookingState, when: Span, *, at: datetime) -> None:
    booking.state, booking.starts_at, booking.ends_at = state, when.starts_at, when.ends_at
    booking.sequence += 1
    booking.changed_at = at
