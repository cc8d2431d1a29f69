"""What a requester did about a booking while the thread was held as spam, done once it is held no longer."""

from datetime import datetime

from facilities.enquiries.booking.acts import BookingAct
from facilities.enquiries.booking.events import call_off, confirm, hold, span_of
from facilities.enquiries.booking.held import asked_for_in, chosen_in
from facilities.enquiries.booking.letters import tell_of_booking
from facilities.enquiries.models import Author, BookingState, EnquiryStatus, Message, Slot, SlotState, Thread
from facilities.enquiries.threads.speakers import requester


def catch_up(thread: Thread, *, at: datetime) -> None:
    """Have the event follow what was agreed, called off or proposed meanwhile, with the letters that tell of it. The
    thread is still held; the caller says what becomes of it, and commits."""
    if thread.status != EnquiryStatus.SPAM or thread.booking is None:
        return
    held_at, chosen = thread.closed_at, chosen_in(thread)
    if chosen is not None and not _stands(thread, chosen):
        _agree(thread, chosen, at=at)
    elif thread.ended_by == Author.REQUESTER:
        _end(thread, kept=chosen is not None)
    asked = asked_for_in(thread)
    if asked is not None and (held_at is None or asked.sent_at > held_at):
        _ask(thread, asked)


def _stands(thread: Thread, chosen: Slot) -> bool:
    booking = thread.booking
    confirmed = booking is not None and booking.state == BookingState.CONFIRMED
    return confirmed and booking is not None and span_of(booking) == span_of(chosen)


def _agree(thread: Thread, chosen: Slot, *, at: datetime) -> None:
    """A time that has begun meanwhile is agreed no more: nobody expected it."""
    if chosen.starts_at <= at:
        chosen.state, thread.ended_by = SlotState.WITHDRAWN, Author.SITE
        return
    message = chosen.message
    _tell(thread, message, confirm(thread, span_of(chosen), at=message.sent_at))


def _end(thread: Thread, *, kept: bool) -> None:
    """The last that was said ended it: the booking was called off, or stays as it was agreed."""
    said = (each for each in reversed(thread.own_messages) if each.author == Author.REQUESTER)
    message = next((each for each in said if each.sent_at == thread.closed_at), None)
    if message is None:
        return
    act = BookingAct.KEPT if kept else call_off(thread, by=Author.REQUESTER, at=message.sent_at)
    if act is not None:
        _tell(thread, message, act)


def _ask(thread: Thread, message: Message) -> None:
    booking = thread.booking
    if booking is None or chosen_in(thread) is None:
        hold(thread, span_of(message.slots[0]), at=message.sent_at)
    _tell(thread, message, BookingAct.PROPOSED)


def _tell(thread: Thread, message: Message, act: BookingAct) -> None:
    tell_of_booking(thread, message, act, by=requester(thread.enquiry))
