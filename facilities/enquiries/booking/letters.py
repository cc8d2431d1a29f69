"""Letters about a booking, each with the event's file as it stands for whoever gets it."""

from collections.abc import Iterator
from dataclasses import dataclass

from facilities.enquiries.booking.acts import BookingAct
from facilities.enquiries.booking.calendars import Reader, for_recipient, for_requester, invitation
from facilities.enquiries.booking.events import span_of
from facilities.enquiries.booking.queries import booked_besides, clash
from facilities.enquiries.models import BookingState, Message, Thread
from facilities.enquiries.proof import mailed_path
from facilities.enquiries.spam.showing import said_plainly
from facilities.enquiries.threads.letters import inbox_path, owners_reply_to, reachable
from facilities.enquiries.threads.rights import colleague_of
from facilities.enquiries.threads.speakers import Speaker
from facilities.outbox.letters import About, post
from facilities.reply_address import Side, reply_address


@dataclass(frozen=True, slots=True)
class _To:
    reader: Reader
    reply_to: str
    recipient_id: int | None = None


def tell_of_booking(thread: Thread, message: Message, act: BookingAct, *, by: Speaker) -> None:
    """Letters to both sides if the event was changed by what was said, so that all calendars follow; else to the other
    side only. The caller commits."""
    changed = thread.booking is not None and thread.booking.changed_at == message.sent_at
    overlapped = changed and _overlapped(thread)
    for to in _addressees(thread):
        if changed or to.reader.asks != by.asks:
            calendar = invitation(thread, to.reader) if changed else ""
            post(
                "booking",
                to.reader.email,
                locale=to.reader.locale,
                about=About(thread.id, to.recipient_id, reply_to=to.reply_to, calendar=calendar),
                thread=thread,
                enquiry=thread.enquiry,
                message=message,
                act=act,
                who=_who(thread, by, to.reader),
                ours=to.reader.asks == by.asks,
                asks=to.reader.asks,
                path=f"{_path(thread, to.reader)}#booking-{thread.id}",
                calendar=bool(calendar),
                overlapped=overlapped and not to.reader.asks,
            )


def _addressees(thread: Thread) -> Iterator[_To]:
    """The requester, and on the owner's side all that mail reaches: whoever has been given the event is told when it
    changes, though the thread may be assigned to a colleague meanwhile."""
    yield _To(for_requester(thread), reply_address(Side.REQUESTER, thread.id))
    written = set()
    for recipient in reachable(thread):
        written.add(recipient.mailbox)
        yield _To(for_recipient(recipient), owners_reply_to(thread, Side.RECIPIENT, recipient.id), recipient.id)
    user = colleague_of(thread)
    if user is not None and user.email.lower() not in written:
        reader = Reader(inbox_path(thread), user.locale, user.email)
        yield _To(reader, owners_reply_to(thread, Side.COLLEAGUE, thread.id, user.id))


def _who(thread: Thread, by: Speaker, reader: Reader) -> str:
    """Who acted, as this reader knows them."""
    if by.asks:
        return said_plainly(thread.enquiry.requester_name, thread.enquiry)
    return thread.listing_name if reader.asks else by.name


def _path(thread: Thread, reader: Reader) -> str:
    """The reader's page; the requester's link shows that it came by mail."""
    return mailed_path(thread.enquiry) if reader.asks else reader.path


def _overlapped(thread: Thread) -> bool:
    """Whether the agreed time overlaps another booking of the listing."""
    booking = thread.booking
    if booking is None or booking.state != BookingState.CONFIRMED:
        return False
    return clash(span_of(booking), booked_besides(thread)) is not None
