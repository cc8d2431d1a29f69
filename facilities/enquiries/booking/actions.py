"""What people do about a booking; each act is one transaction with its letters and their calendar files.

The thread is read for changing (`thread_to_change`), so that whoever acts second sees what the first one did.
"""

from collections.abc import Sequence
from datetime import datetime

from facilities.db import now
from facilities.enquiries.booking.acts import BookingAct
from facilities.enquiries.booking.events import call_off, confirm, hold, proposed, span_of, withdraw
from facilities.enquiries.booking.held import go_on_unseen, is_held, keep_as_is
from facilities.enquiries.booking.standing import Standing, standing
from facilities.enquiries.booking.times import Span
from facilities.enquiries.models import BookingState, Message, Slot, SlotState, Thread
from facilities.enquiries.threads.ending import accept, close, decline
from facilities.enquiries.threads.speakers import Speaker
from facilities.enquiries.threads.speaking import Said, say

MOST_TIMES = 5
"""How many times one message may propose."""


class TimeGone(Exception):
    """Nobody can choose that time any more: another was agreed, others were proposed, or all was cancelled."""


class TimePassed(Exception):
    """The time that was chosen has begun."""


def choose(thread: Thread, slot_id: int, *, by: Speaker, body: str = "", at: datetime | None = None) -> Message | None:
    """Agree to one of the times that the other side proposes. None if it has been agreed already.

    Raises TimeGone, TimePassed.
    """
    at = at or now()
    slot = _slot(thread, slot_id)
    stands = standing(thread, asks=by.asks)
    if _agreed_already(stands, slot):
        return None
    if stands.ours or slot not in stands.slots:
        raise TimeGone
    if slot.starts_at <= at:
        raise TimePassed
    when = span_of(slot)
    withdraw(thread)
    slots = [_chosen(when)]
    if is_held(thread, by):
        keep_as_is(thread, when, at=at)
        return accept(thread, by=by, body=body, slots=slots, at=at)
    act = confirm(thread, when, at=at)
    return accept(thread, by=by, body=body, booking=act, slots=slots, at=at)


def propose(
    thread: Thread, times: Sequence[Span], *, by: Speaker, body: str = "", at: datetime | None = None
) -> Message | None:
    """Propose times instead of those proposed so far. A time that was agreed stands until one of them is chosen. None
    if just these are proposed already."""
    at = at or now()
    stands = standing(thread, asks=by.asks)
    if stands.ours and [span_of(slot) for slot in stands.slots] == list(times):
        return None
    withdraw(thread, SlotState.PROPOSED)
    if not stands.confirmed:
        (keep_as_is if is_held(thread, by) else hold)(thread, times[0], at=at)
    if is_held(thread, by):
        go_on_unseen(thread)
    slots = [proposed(each) for each in times]
    return say(thread, Said(body, slots=slots, booking=BookingAct.PROPOSED), by=by, at=at)


def keep(thread: Thread, *, by: Speaker, body: str = "", at: datetime | None = None) -> Message | None:
    """Leave the agreed time as it is, and no longer ask for another. None if nobody asks for another."""
    if not standing(thread, asks=by.asks).can_keep():
        return None
    withdraw(thread, SlotState.PROPOSED)
    return accept(thread, by=by, body=body, booking=BookingAct.KEPT, at=at or now())


def cancel(thread: Thread, *, by: Speaker, body: str = "", at: datetime | None = None) -> Message | None:
    """Call the booking off: the owner declines a request, the requester withdraws it, either cancels what was agreed.
    None if it has been called off already."""
    at, stands = at or now(), standing(thread, asks=by.asks)
    if is_held(thread, by):
        return _cancel_unseen(thread, stands, by=by, body=body, at=at)
    act = call_off(thread, by=by.author, at=at)
    if act is None:
        return None
    return (close if by.asks else decline)(thread, by=by, body=body, booking=act, at=at)


def _cancel_unseen(thread: Thread, stands: Standing, *, by: Speaker, body: str, at: datetime) -> Message | None:
    if stands.booking is None or stands.cancelled:
        return None
    withdraw(thread)
    keep_as_is(thread, span_of(stands.booking), at=at)
    return close(thread, by=by, body=body, at=at)


def _slot(thread: Thread, slot_id: int) -> Slot:
    """One of the times of the thread. Raises TimeGone."""
    slots = (slot for message in thread.messages for slot in message.slots)
    found = next((slot for slot in slots if slot.id == slot_id), None)
    if found is None:
        raise TimeGone
    return found


def _agreed_already(stands: Standing, slot: Slot) -> bool:
    booking = stands.booking
    agreed = booking is not None and booking.state == BookingState.CONFIRMED and span_of(booking) == span_of(slot)
    return agreed and stands.proposal is None


def _chosen(when: Span) -> Slot:
    return Slot(starts_at=when.starts_at, ends_at=when.ends_at, state=SlotState.CHOSEN)
