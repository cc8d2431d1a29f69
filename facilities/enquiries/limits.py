"""How many enquiries are let through, counted where all processes see them: in the database."""

from collections.abc import Collection
from datetime import datetime, timedelta

from facilities.enquiries.queries import busiest_since, sent_by_since

MOST_LISTINGS = 8
"""Listings that one enquiry may go to."""

MOST_FROM_REQUESTER = 20
"""Enquiries that one requester's address may send in a day."""

MOST_TO_LISTING = 30
"""Enquiries that one listing may receive in an hour."""

MOST_FROM_ADDRESS = "30 per hour; 100 per day"
"""Enquiries that one internet address may send, as Flask-Limiter writes it."""

QUICKEST = timedelta(seconds=3)
"""Time that a person needs at least from opening the form to sending it."""

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class EnquiryLimit(Exception):
    """An enquiry is one too many for now."""


class TooManyFromRequester(EnquiryLimit):
    """The requester has sent MOST_FROM_REQUESTER enquiries within a day."""


class TooManyToListing(EnquiryLimit):
    """One of the listings has received MOST_TO_LISTING enquiries within an hour."""


def check_limits(email: str, listing_ids: Collection[int], *, at: datetime) -> None:
    """Raises TooManyFromRequester or TooManyToListing."""
    if sent_by_since(email, at - DAY) >= MOST_FROM_REQUESTER:
        raise TooManyFromRequester(email)
    if busiest_since(listing_ids, at - HOUR) >= MOST_TO_LISTING:
        raise TooManyToListing(listing_ids)
