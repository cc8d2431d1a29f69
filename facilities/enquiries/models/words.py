"""The words in which enquiries and their threads are told: kinds, states, roads."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from facilities.catalogue.models.terms import Word


class EnquiryKind(Word):
    QUESTION = "question", _("Question")
    BOOKING = "booking", _("Booking request")
    QUOTE = "quote", _("Quote request")
    TRAINING = "training", _("Training request")


def called(kind: EnquiryKind, *, of_offers: bool) -> LazyString:
    """What an enquiry is called. Who asks for a time at premises or for advice asks for a visit, not for a booking."""
    return _("Visit request") if of_offers and kind == EnquiryKind.BOOKING else kind.label


class Stage(Word):
    """Where a whole enquiry is: on its way, held for the desk, or a need that waits for listings to be sent to."""

    SENT = "sent", _("Sent")
    HELD = "held", _("Held for the desk")
    TO_MATCH = "to_match", _("Looking for providers")
    DROPPED = "dropped", _("Not sent")


class EnquiryStatus(Word):
    """Where a thread is."""

    NEW = "new", _("New")
    DELIVERED = "delivered", _("Delivered")
    OPENED = "opened", _("Opened")
    ANSWERED = "answered", _("Answered")
    WAITING = "waiting", _("Waiting for the requester")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Held as spam")

    @property
    def ended(self) -> bool:
        """Whether nobody has anything more to do; a new message opens the thread again."""
        return self in ENDED


ENDED = (EnquiryStatus.ACCEPTED, EnquiryStatus.DECLINED, EnquiryStatus.CLOSED, EnquiryStatus.SPAM)
UNANSWERED = (EnquiryStatus.NEW, EnquiryStatus.DELIVERED, EnquiryStatus.OPENED)


class Turn(Word):
    """Who has to say something next."""

    OWNER = "owner", _("The facility's turn")
    REQUESTER = "requester", _("The requester's turn")
    NOBODY = "nobody", _("Nobody's turn")


class Route(Word):
    """Why a recipient was chosen: the nearest of these that has someone to receive it."""

    LISTING = "listing", _("contact of the listing")
    FACILITY = "facility", _("contact of its facility")
    ORGANISATION = "organisation", _("contact of its organisation")
    DESK = "desk", _("the catalogue's desk")


class Author(Word):
    REQUESTER = "requester", _("Requester")
    OWNER = "owner", _("Owner")
    DESK = "desk", _("Desk")
    SITE = "site", _("The catalogue")


class SlotState(Word):
    """What became of a time that was proposed."""

    PROPOSED = "proposed", _("Proposed")
    CHOSEN = "chosen", _("Agreed")
    WITHDRAWN = "withdrawn", _("No longer open")


class BookingState(Word):
    """The STATUS of a booking's event (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "tentative", _("Not yet confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class MatchState(Word):
    """What the desk decided about a listing that may meet a posted need."""

    OFFERED = "offered", _("Found by search")
    APPROVED = "approved", _("To be asked")
    DROPPED = "dropped", _("Left out")
