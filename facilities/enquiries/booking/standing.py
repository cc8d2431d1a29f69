"""How a booking stands: which times are proposed, and what each side can do now."""

from dataclasses import dataclass

from facilities.db import now
from facilities.enquiries.booking.held import shown_booking
from facilities.enquiries.models import (
    Author,
    Booking,
    BookingState,
    EnquiryKind,
    EnquiryStatus,
    Message,
    Slot,
    SlotState,
    Stage,
    Thread,
)

KINDS = (EnquiryKind.BOOKING, EnquiryKind.TRAINING)
"""The kinds of enquiry for which a time is looked for from the start."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking as one side sees it; `asks` for the requester's. `proposal` is the message whose times can be chosen by
    the side that did not write it."""

    thread: Thread
    proposal: Message | None
    asks: bool

    @property
    def booking(self) -> Booking | None:
        return shown_booking(self.thread, asks=self.asks)

    @property
    def concerns(self) -> bool:
        """Whether there is anything about a booking to show."""
        return self.thread.enquiry.kind in KINDS or self.booking is not None or self.proposal is not None

    @property
    def confirmed(self) -> bool:
        return self.booking is not None and self.booking.state == BookingState.CONFIRMED

    @property
    def cancelled(self) -> bool:
        return self.booking is not None and self.booking.state == BookingState.CANCELLED

    @property
    def ours(self) -> bool:
        """Whether this side wrote the proposal."""
        return self.proposal is not None and (self.proposal.author == Author.REQUESTER) == self.asks

    @property
    def slots(self) -> list[Slot]:
        """The times that are proposed, the most wanted first."""
        slots = self.proposal.slots if self.proposal else []
        return [slot for slot in slots if slot.state == SlotState.PROPOSED]

    @property
    def choices(self) -> list[Slot]:
        """The times that this side can choose: proposed by the other, still to come."""
        return [] if self.ours else [slot for slot in self.slots if slot.starts_at > now()]

    @property
    def version(self) -> str:
        """What is another each time that the event is changed or other times are proposed."""
        return f"{self.booking.sequence if self.booking else 0}-{self.proposal.id if self.proposal else 0}"

    @property
    def living(self) -> bool:
        """Whether anything can be done: the enquiry has been sent, is not held as spam, and not too old to be kept.
        Whose request is held can do what everybody can, and so cannot tell that it is; it reaches nobody."""
        enquiry = self.thread.enquiry
        if enquiry.emptied_at is not None:
            return False
        if self.thread.status == EnquiryStatus.SPAM:
            return self.asks
        return enquiry.stage == Stage.SENT

    def can_choose(self) -> bool:
        return self.living and bool(self.choices)

    def can_propose(self) -> bool:
        return self.living

    def can_cancel(self) -> bool:
        """Whether this side can end it: decline or withdraw a request, or cancel what was agreed."""
        return self.living and self.booking is not None and not self.cancelled

    def can_keep(self) -> bool:
        """Whether there is a change of the agreed time that this side can refuse, or take back if it asked for it."""
        return self.living and self.confirmed and self.proposal is not None


def standing(thread: Thread, *, asks: bool) -> Standing:
    """How the booking of a thread stands for the requester's side or the owner's."""
    return Standing(thread, proposal_in(thread, shown_booking(thread, asks=asks)), asks)


def slot_state(slot: Slot, thread: Thread, *, asks: bool = False) -> SlotState:
    """What became of a proposed time, as the conversation shows it: the one that was agreed is not gone with the
    others, though nobody can choose it any more."""
    booking = shown_booking(thread, asks=asks)
    if booking is None or booking.state != BookingState.CONFIRMED:
        return slot.state
    agreed = (slot.starts_at, slot.ends_at) == (booking.starts_at, booking.ends_at)
    return SlotState.CHOSEN if agreed else slot.state


def proposal_in(thread: Thread, booking: Booking | None) -> Message | None:
    """The newest message with times that can still be chosen. What was proposed before a time was agreed, or before the
    booking was cancelled, cannot."""
    if booking is not None and booking.state == BookingState.CANCELLED:
        return None
    for message in reversed(thread.messages):
        states = {slot.state for slot in message.slots}
        if SlotState.CHOSEN in states:
            return None
        if SlotState.PROPOSED in states:
            return message
    return None
