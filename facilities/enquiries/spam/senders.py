"""Senders whose enquiries are always held: an address, or a domain with all below it."""

import re

import sqlalchemy as sa

from facilities.db import db
from facilities.enquiries.models import BlockedSender
from facilities.enquiries.queries import mailbox_of
from facilities.enquiries.spam.phrases import FREE_MAIL

PATTERN = re.compile(r"[^@\s]*@[^@\s.]+(\.[^@\s.]+)+")


class NotAPattern(ValueError):
    """What was written is neither an address nor a domain. The message says what to write."""


def is_blocked(email: str) -> bool:
    """Whether enquiries from this address are held, whatever tag it carries."""
    patterns = patterns_of(email)
    return (
        db.session.scalar(sa.select(BlockedSender.id).where(BlockedSender.pattern.in_(patterns)).limit(1)) is not None
    )


def patterns_of(email: str) -> list[str]:
    """All patterns that would block an address: itself, its domain, and the domains above that."""
    mailbox, domain = mailbox_of(email)
    labels = domain.split(".")
    above = [f"@{'.'.join(labels[start:])}" for start in range(len(labels) - 1)]
    return [f"{mailbox}@{domain}", *above]


def pattern_of(text: str) -> str:
    """An address or `@domain` as it is stored: in small letters, without the tag after a plus sign. A domain may be
    written without its @. Raises NotAPattern."""
    written = text.strip().lower().removeprefix("*")
    written = written if "@" in written else f"@{written}"
    if not PATTERN.fullmatch(written):
        raise NotAPattern(text)
    mailbox, domain = mailbox_of(written)
    return f"{mailbox}@{domain}"


def domain_pattern(email: str) -> str:
    """What blocks everybody at the domain of an address; where anybody may have one, only the address."""
    mailbox, domain = mailbox_of(email)
    return f"{mailbox}@{domain}" if domain in FREE_MAIL else f"@{domain}"


def blocked_senders() -> list[BlockedSender]:
    """All of them, the newest first."""
    return list(db.session.scalars(sa.select(BlockedSender).order_by(BlockedSender.id.desc())))
