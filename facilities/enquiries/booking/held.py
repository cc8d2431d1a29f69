"""A booking whose thread is held as spam. What its requester does is kept in the conversation, and the event stays as
it was: nobody's calendar is told. The requester alone reads the event as it would be, and so cannot tell."""

from datetime import datetime

from facilities.enquiries.booking.events import hold, own_slots, span_of
from facilities.enquiries.booking.times import Span
from facilities.enquiries.models import Author, Booking, BookingState, EnquiryStatus, Message, Slot, SlotState, Thread
from facilities.enquiries.threads.speakers import Speaker


def is_held(thread: Thread, by: Speaker) -> bool:
    """Whether what they do in the thread is kept and changes nothing."""
    return by.asks and thread.status == EnquiryStatus.SPAM


def keep_as_is(thread: Thread, when: Span, *, at: datetime) -> None:
    """Leave the event as it is, though the requester is to read that it has changed; the caller commits. Its SEQUENCE
    rises as ever, which calendars allow and the requester's file shows."""
    if thread.booking is None:
        hold(thread, when, at=at)
    else:
        thread.booking.sequence += 1


def go_on_unseen(thread: Thread) -> None:
    """The requester has ended a held thread, and goes on with it; the caller commits."""
    if thread.ended_by == Author.REQUESTER:
        thread.ended_by = Author.SITE


def shown_booking(thread: Thread, *, asks: bool) -> Booking | None:
    """The event as a side reads it; for the requester of a held thread a copy that is never stored, if it differs."""
    booking = thread.booking
    if booking is None or not asks or thread.status != EnquiryStatus.SPAM:
        return booking
    state, when, at = _as_requester_left_it(thread, booking)
    if (state, when) == (booking.state, span_of(booking)):
        return booking
    times = {"starts_at": when.starts_at, "ends_at": when.ends_at, "changed_at": at}
    return Booking(uid=booking.uid, sequence=booking.sequence, state=state, **times)


def chosen_in(thread: Thread) -> Slot | None:
    """The time that has been agreed in the conversation."""
    return next((slot for slot in reversed(list(own_slots(thread))) if slot.state == SlotState.CHOSEN), None)


def asked_for_in(thread: Thread) -> Message | None:
    """The newest message in which the requester proposes times that are still open, to this listing alone."""
    for message in reversed(thread.own_messages):
        if message.author == Author.REQUESTER and SlotState.PROPOSED in {slot.state for slot in message.slots}:
            return message
    return None


def _as_requester_left_it(thread: Thread, booking: Booking) -> tuple[BookingState, Span, datetime]:
    """State, time and last change. Who ended a held thread without an agreed time has called the booking off."""
    chosen, asked = chosen_in(thread), asked_for_in(thread)
    if chosen is not None:
        return BookingState.CONFIRMED, span_of(chosen), chosen.message.sent_at
    if thread.ended_by == Author.REQUESTER:
        return BookingState.CANCELLED, _last_time(thread, booking), thread.closed_at or booking.changed_at
    if asked is not None:
        return BookingState.TENTATIVE, span_of(asked.slots[0]), asked.sent_at
    return booking.state, span_of(booking), booking.changed_at


def _last_time(thread: Thread, booking: Booking) -> Span:
    """When the booking was that the requester has called off."""
    if booking.state == BookingState.CONFIRMED:
        return span_of(booking)
    newest = next((message.slots[0] for message in reversed(thread.own_messages) if message.slots), None)
    return span_of(newest or booking)
