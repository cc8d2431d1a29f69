"""How many enquiries are let through and how fast, counted where all processes see them: in the database."""

from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address

from facilities.enquiries.queries import asked_since, sent_by_since

MOST_LISTINGS = 8
"""Listings that one enquiry may go to."""

MOST_FROM_REQUESTER = 20
"""Enquiries that one requester's address may send in a day, whatever tag it carries."""

MOST_TO_LISTING = 30
"""Enquiries to one listing in an hour whose letters go out at once. The letters of as many more go out a PAUSE later,
of as many again two, and so on."""

PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=1)

MOST_FROM_ADDRESS = "30 per hour; 100 per day"
"""Enquiries that one internet address, or one IPv6 network, may send, as Flask-Limiter writes it."""

ONE_VISITOR = 64
"""Bits of an IPv6 address that its owner does not choose freely: one connection has all addresses that begin so."""

QUICKEST = timedelta(seconds=3)
"""Time that a person needs at least from opening the form to sending it."""

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class EnquiryLimit(Exception):
    """An enquiry is one too many for now."""


class TooManyFromRequester(EnquiryLimit):
    """The requester has sent MOST_FROM_REQUESTER enquiries within a day."""


def check_requester(email: str, *, at: datetime) -> None:
    """Raises TooManyFromRequester."""
    if sent_by_since(email, at - DAY) >= MOST_FROM_REQUESTER:
        raise TooManyFromRequester(email)


def pauses(listing_ids: Collection[int], *, at: datetime) -> dict[int, timedelta]:
    """How long the next letter about each of these listings waits. Nothing is refused for the crowd before it."""
    asked = asked_since(listing_ids, at - HOUR)
    return {each: min(PAUSE * (asked.get(each, 0) // MOST_TO_LISTING), LONGEST_PAUSE) for each in listing_ids}


def network_of(address: str) -> str:
    """What a visitor's internet address is counted as: an IPv6 one as its network, any other as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped:
        return str(found if found.version == 4 else found.ipv4_mapped)
    return str(IPv6Network((int(found), ONE_VISITOR), strict=False))
