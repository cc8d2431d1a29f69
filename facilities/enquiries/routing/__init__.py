"""Who receives an enquiry, by which rule, and how that is said."""

from facilities.enquiries.routing.choosing import (
    MOST_RECEIVERS,
    Receiver,
    Routed,
    desk,
    receivers,
    recipient_of,
    routed,
)
from facilities.enquiries.routing.rules import Asked, Passed, Why, takes
from facilities.enquiries.routing.words import explain, explain_passed

__all__ = [
    "MOST_RECEIVERS", "Asked", "Passed", "Receiver", "Routed", "Why", "desk", "explain", "explain_passed", "receivers",
    "recipient_of", "routed", "takes",
]  # fmt: skip
