"""How often the forms of accounts may be sent: from one internet address, and about one account."""

from flask import abort
from flask_limiter.util import get_remote_address
from limits import parse_many

from facilities.enquiries.limits import network_of
from facilities.pages import limiter

FORMS_FROM_ADDRESS = "60 per 10 minutes; 300 per day"
"""A university has thousands of people behind one address: this only stops machines."""

TRIES_AT_ACCOUNT = "10 per 10 minutes; 40 per day"
"""Passwords, codes and passkeys tried for one account, from wherever."""

LETTERS_TO_ADDRESS = "4 per hour; 10 per day"
"""Letters that anybody may have sent to one address."""

INVITATIONS_OF_USER = "60 per hour; 300 per day"

KEPT_FORMS_FROM_ADDRESS = "30 per hour"


def spend(limits: str, *names: str) -> None:
    """Count one use; aborts with 429 once there have been too many."""
    if not within(limits, *names):
        abort(429)


def within(limits: str, *names: str) -> bool:
    """Count one use; whether it was one of those that are allowed."""
    if not limiter.enabled:
        return True
    counted = [limiter.limiter.hit(limit, *names) for limit in parse_many(limits)]
    return all(counted)


def address_block() -> str:
    """What the visitor's internet address is counted as."""
    return network_of(get_remote_address())
