"""Letters on their way out: composed so that nothing a visitor typed can become a header, handed to an SMTP server or
written to a file."""

import email
import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from facilities import smtp
from facilities.smtp import Deferred, Refused

__all__ = ["Deferred", "Letter", "Refused", "Words", "address", "compose", "message_id", "one_line", "send"]

ENCODED_WORD = "=?"
"""How an encoded word of RFC 2047 begins, which the email package decodes wherever it stands, line ends and all."""

LONGEST_NAME = 60
"""Characters of a name beside an address."""

BETWEEN_ADDRESSES = str.maketrans(dict.fromkeys('()<>[]:;@\\,"', " "))
"""What separates or surrounds addresses in a header (RFC 5322, 3.2.3), each to become a blank; a full stop may stay."""


class AddressHeader(UnstructuredHeader):
    """A header that is a web address: in one line, for the email package would encode one that is longer than a line,
    which no mail program reads as an address."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class SubjectHeader(UniqueUnstructuredHeader):
    """A subject as encoded words from end to end where it has letters beyond ASCII: folding a mixed one, the email
    package breaks words apart and doubles blanks ("Cytek A urora")."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        text = str(self)
        charset = "us-ascii" if text.isascii() else "utf-8"
        subject = Header(text, charset, maxlinelen=policy.max_line_length, header_name=self.name)
        return f"{self.name}: {subject.encode(linesep=policy.linesep)}{policy.linesep}"


# mypy believes the registry to take only classes of the standard library; any with `parse` will do.
HEADERS = HeaderRegistry()
HEADERS.map_to_type("subject", SubjectHeader)  # type: ignore[arg-type]
HEADERS.map_to_type("list-unsubscribe", AddressHeader)  # type: ignore[arg-type]
LETTERS = SMTP.clone(header_factory=HEADERS)


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: subject, plain text, and the same as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and to whom it goes. `name` and `seed` make its Message-ID: the same pair gives the same letter.

    `unsubscribe` is the address that ends such letters at one POST (RFC 8058), for letters that come again and again.
    `return_path` is where a mail server gives it back, `thread` the seed of an id that all letters of one conversation
    refer to. `calendar` is an iCalendar file (RFC 5545) that goes with it as an invitation (RFC 6047) and as a file.
    """

    name: str
    seed: str
    to: str
    words: Words
    written_at: datetime
    reply_to: Address | None = None
    unsubscribe: str = ""
    return_path: str = ""
    thread: str = ""
    calendar: str = ""


def compose(letter: Letter) -> EmailMessage:
    """The message as it goes out. Raises Refused if the address cannot be written to or the headers do not hold."""
    message = EmailMessage(policy=LETTERS)
    message["From"] = Address(one_line(current_app.config["SITE_NAME"]), addr_spec=current_app.config["MAIL_FROM"])
    message["To"] = address("", letter.to)
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Subject"] = one_line(letter.words.subject)
    message["Date"] = letter.written_at
    message["Message-ID"] = message_id(letter.name, letter.seed)
    if letter.thread:
        message["References"] = message_id("thread", letter.thread)
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.words.text, cte="quoted-printable")
    message.add_alternative(letter.words.html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        _add_calendar(message, letter.calendar)
    _mark_parts(message)
    check_headers(message)
    return message


def _add_calendar(message: EmailMessage, calendar: str) -> None:
    """The event as a part that mail programs offer to accept, and as a file for those that do not."""
    method = next((line[7:] for line in calendar.splitlines() if line.startswith("METHOD:")), "PUBLISH")
    message.add_alternative(calendar, subtype="calendar", params={"method": method}, cte="base64")
    message.add_attachment(calendar.encode(), maintype="text", subtype="calendar", filename="booking.ics")


def _mark_parts(message: EmailMessage) -> None:
    """Boundaries that are the same each time the same letter is written."""
    several = [part for part in message.walk() if part.is_multipart()]
    for place, part in enumerate(several):
        seed = f"{message['Message-ID']}{place or ''}"
        part.set_boundary(hashlib.sha256(seed.encode()).hexdigest())


def check_headers(message: EmailMessage) -> None:
    """Raises Refused if whoever reads the message's bytes would find other headers than were meant."""
    try:
        arrived = email.message_from_bytes(message.as_bytes()).keys()
    except MessageError as error:
        raise Refused(f"a header cannot be written: {one_line(str(error))}") from error
    if arrived != message.keys():
        raise Refused("something in a header would be read as another header or as the letter's text")


def address(name: str, mailbox: str) -> Address:
    """An address with a name for people, both on one line. Raises Refused if it is not one address.

    The name goes without characters that have a meaning between addresses, and with its first LONGEST_NAME only: where
    the email package breaks a long name into lines it forgets to quote those, and may leave a line blank.
    """
    try:
        if ENCODED_WORD in mailbox:
            raise ValueError("it would be decoded to another address")
        shown = one_line(name.translate(BETWEEN_ADDRESSES))[:LONGEST_NAME]
        return Address(shown.rstrip(), addr_spec=mailbox)
    except (ValueError, IndexError, MessageError) as error:
        raise Refused(f"{one_line(mailbox)!r} is not a mail address") from error


def one_line(text: str) -> str:
    """Printable characters only, blanks folded, no encoded words: nothing in it can end a header."""
    printable = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return printable.replace(ENCODED_WORD, "= ?")


def message_id(name: str, seed: str) -> str:
    """An id that is the same each time the same letter is sent, and says nothing about its contents."""
    digest = hashlib.sha256(f"{name}\0{seed}".encode()).hexdigest()[:32]
    return f"<{name}.{digest}@{_site_host()}>"


def _site_host() -> str:
    return urlsplit(current_app.config["SITE_URL"]).hostname or "localhost"


def send(message: EmailMessage, *, return_path: str = "") -> str:
    """Hand a message to the server of SMTP_URL and give its words; without one, write it to `INSTANCE_PATH/mail`.

    `return_path` is the sender on the envelope, MAIL_FROM unless given. Raises Refused if the server will never take
    it, Deferred if it may take it later.
    """
    url = current_app.config["SMTP_URL"]
    if not url:
        _write(message, Path(current_app.config["INSTANCE_PATH"]) / "mail")
        return ""
    return smtp.hand_over(message, url=url, our_name=_site_host(), return_path=return_path)


def _write(message: EmailMessage, folder: Path) -> None:
    """One file for each Message-ID, whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    local_part = str(message["Message-ID"]).strip("<>").partition("@")[0]
    path = folder / f"{message['Date'].datetime:%Y%m%dT%H%M%S}-{local_part}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes())
    unfinished.replace(path)
