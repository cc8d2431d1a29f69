"""A letter as it arrived: who wrote it, to which of our addresses, whether a machine did."""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from functools import cached_property
from hashlib import sha256

from facilities.mail import one_line
from facilities.reply_address import ReplyTo, read_reply_address

LARGEST = 25 * 1024 * 1024
"""Bytes of a letter that is read."""

MOST_LINES = 1_000_000
MOST_PARTS = 5_000
"""Of a letter that is read. One made of nothing but headers or parts would take the memory of the whole machine."""

LONGEST_HEADER = 50_000
LONGEST_PHRASE = 2_000
"""Characters of a header, and of a subject or name, that are looked at: decoding takes longer the longer they are."""

LONGEST_ID = 300
"""Characters of a Message-ID that a message keeps."""

ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
"""Where mail servers write to which address a letter was really delivered."""

WRITTEN_TO = ("To", "Cc")
OF_MACHINES = {"bulk", "junk", "list", "auto_reply"}
"""What programs that write letters say in Precedence."""

ANSWERS_OF_MACHINES = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")


class Unreadable(Exception):
    """The letter cannot be taken apart; the message says why."""


@dataclass(frozen=True)
class Received:
    """A letter that arrived, taken apart as far as it could be."""

    message: Message
    mail_id: str
    handed_to: str = ""
    """The address to which the mail server says that it delivers, if it says so."""

    @cached_property
    def sender(self) -> tuple[str, str]:
        """Name and address of who wrote it, as the letter says; each may be empty."""
        for name, address in self._addresses("From", "Sender", "Reply-To"):
            if "@" in address:
                return one_line(_decoded(name))[:100], one_line(address)[:254]
        return "", ""

    @property
    def subject(self) -> str:
        return one_line(_decoded(self._header("Subject")))[:300]

    @property
    def ours(self) -> list[ReplyTo]:
        """What our signed addresses stand for that it went to: those of the envelope, else those it was written to."""
        delivered = [self.handed_to, *(address for _name, address in self._addresses(*ENVELOPE))]
        written = [address for _name, address in self._addresses(*WRITTEN_TO)]
        return _known(delivered) or _known(written)

    @property
    def automatic(self) -> bool:
        """Whether a machine wrote it (RFC 3834, and what was usual before)."""
        submitted = self._header("Auto-Submitted").partition(";")[0].strip().lower()
        if submitted not in ("", "no") or self._header("Precedence").strip().lower() in OF_MACHINES:
            return True
        if any(name in self.message for name in ANSWERS_OF_MACHINES) or self._header("Return-Path").strip() == "<>":
            return True
        return self.message.get_content_type() == "multipart/report"

    def _header(self, name: str) -> str:
        return str(self.message.get(name, ""))[:LONGEST_HEADER]

    def _addresses(self, *names: str) -> Iterator[tuple[str, str]]:
        for name in names:
            yield from getaddresses([str(value)[:LONGEST_HEADER] for value in self.message.get_all(name, [])])


def read_letter(raw: bytes, *, handed_to: str = "") -> Received:
    """Raises Unreadable. The id of a letter that has none is made of its bytes."""
    if len(raw) > LARGEST:
        raise Unreadable(f"larger than {LARGEST // 1024**2} MB")
    if raw.count(b"\n") > MOST_LINES or raw.count(b"\n--") > MOST_PARTS:
        raise Unreadable("of more lines or parts than letters have")
    try:
        message = email.message_from_bytes(raw)
        named = one_line(str(message.get("Message-ID", ""))[:LONGEST_HEADER])
    except Exception as error:  # what the package raises for letters made to break it is not told anywhere
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if not 0 < len(named) <= LONGEST_ID:
        named = f"<{sha256(named.encode() or raw).hexdigest()}>"
    return Received(message, named, handed_to)


def _known(addresses: list[str]) -> list[ReplyTo]:
    read = (read_reply_address(address) for address in addresses)
    return list(dict.fromkeys(found for found in read if found is not None))


def _decoded(text: str) -> str:
    """Encoded words of RFC 2047 as they are meant; as they are where they cannot be read."""
    text = text[:LONGEST_PHRASE]
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, ValueError):
        return text
