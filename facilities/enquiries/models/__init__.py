"""Enquiries: what a visitor asked, who receives it, what was said."""

from facilities.enquiries.models.around import (
    AnswerTemplate,
    BlockedSender,
    DailyNumber,
    NeedMatch,
    ThreadOpening,
)
from facilities.enquiries.models.enquiry import (
    FRESH,
    LINK_KEPT,
    TOKEN_FORM,
    Enquiry,
    Recipient,
    link_end,
    new_token,
)
from facilities.enquiries.models.thread import (
    MOST_REMINDERS,
    Booking,
    EnquiryFile,
    Message,
    Quote,
    Slot,
    Thread,
)
from facilities.enquiries.models.words import (
    ENDED,
    UNANSWERED,
    Author,
    BookingState,
    EnquiryKind,
    EnquiryStatus,
    MatchState,
    Route,
    SlotState,
    Stage,
    Turn,
)
from facilities.outbox.models import Delivery

__all__ = [
    "ENDED", "FRESH", "LINK_KEPT", "MOST_REMINDERS", "TOKEN_FORM", "UNANSWERED", "AnswerTemplate", "Author",
    "BlockedSender", "Booking", "BookingState", "DailyNumber", "Delivery", "Enquiry", "EnquiryFile", "EnquiryKind",
    "EnquiryStatus", "MatchState", "Message", "NeedMatch", "Quote", "Recipient", "Route", "Slot", "SlotState", "Stage",
    "Thread", "ThreadOpening", "Turn", "link_end", "new_token",
]  # fmt: skip
