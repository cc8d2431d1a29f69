"""Addresses that bring an answer by mail back to where it belongs: `reply+<side><ids>.<signature>@host`."""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from enum import StrEnum

from flask import current_app

SIGNATURE_BYTES = 10
"""80 bits: too many to guess one by mail, few enough for the 64 characters of a local part (RFC 5321, 4.5.3.1.1)."""


class Side(StrEnum):
    """Who writes to the address, or what comes back to it."""

    REQUESTER_TO_ALL = "e"
    """The requester, to all threads of the enquiry with this id."""

    REQUESTER = "r"
    """The requester, in the thread with this id."""

    MAILBOX = "o"
    """Whoever has the mailbox of the recipient with this id, in all threads of the enquiry that went to it."""

    RECIPIENT = "p"
    """Whoever has the mailbox of the recipient with this id, in its thread only."""

    COLLEAGUE = "u"
    """In a thread, the colleague to whom it is assigned: the ids of the thread and the user."""

    BACK_RECIPIENT = "b"
    """A mail server that gives back the first letter to the recipient with this id."""

    BACK_LETTER = "l"
    """A mail server that gives back the stored letter with this id."""

    BACK_RECEIPT = "q"
    """A mail server that gives back the receipt of the enquiry with this id."""


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """What a reply address stands for."""

    side: Side
    ids: tuple[int, ...]


FORM = re.compile(rf"([{''.join(Side)}])(\d{{1,10}}(?:-\d{{1,10}})?)\.([a-z2-7]{{16}})")


def reply_address(side: Side, *ids: int) -> str:
    """The signed address for this side, as local part and host; empty where no mail comes in."""
    mailbox, _at, host = current_app.config["REPLY_ADDRESS"].rpartition("@")
    if not mailbox:
        return ""
    named = f"{side}{'-'.join(map(str, ids))}"
    return f"{mailbox}+{named}.{_signature(named)}@{host}"


def read_reply_address(address: str) -> ReplyTo | None:
    """What an address stands for, however it is capitalised; None if it is not one that we signed."""
    ours, _at, host = current_app.config["REPLY_ADDRESS"].lower().rpartition("@")
    local, _at, its_host = address.strip().lower().rpartition("@")
    mailbox, _plus, tag = local.rpartition("+")
    match = FORM.fullmatch(tag)
    if not ours or (mailbox, its_host) != (ours, host) or match is None:
        return None
    side, ids, signature = match.groups()
    if not hmac.compare_digest(signature, _signature(side + ids)):
        return None
    return ReplyTo(Side(side), tuple(map(int, ids.split("-"))))


def _signature(named: str) -> str:
    key = f"reply address\0{current_app.config['SECRET_KEY']}".encode()
    digest = hmac.digest(key, named.encode(), hashlib.sha256)
    return b32encode(digest[:SIGNATURE_BYTES]).decode().lower()
