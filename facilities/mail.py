"""Letters on their way out: composed so that nothing a visitor typed can become a header, handed to an SMTP server or
written to a file."""

import email
import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from flask import current_app

TIMEOUT = 15.0
"""Seconds that a mail server may take for one step of the conversation."""

DEFAULT_PORTS = {"smtp": 25, "smtps": 465}

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


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", AddressHeader)  # type: ignore[arg-type]
LETTERS = SMTP.clone(header_factory=HEADERS)


class Refused(Exception):
    """The letter will never be accepted; the message is the server's own words."""


class Deferred(Exception):
    """The letter could not be handed over now and may be later; the message says what happened."""


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
    """

    name: str
    seed: str
    to: str
    words: Words
    written_at: datetime
    reply_to: Address | None = None
    unsubscribe: str = ""


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
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.words.text, cte="quoted-printable")
    message.add_alternative(letter.words.html, subtype="html", cte="quoted-printable")
    message.set_boundary(hashlib.sha256(message["Message-ID"].encode()).hexdigest())
    check_headers(message)
    return message


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


def send(message: EmailMessage) -> None:
    """Hand a message to the server of SMTP_URL; without one, write it to `INSTANCE_PATH/mail`.

    Raises Refused if the server will never take it, Deferred if it may take it later.
    """
    url = current_app.config["SMTP_URL"]
    if not url:
        _write(message, Path(current_app.config["INSTANCE_PATH"]) / "mail")
        return
    with _server(url) as server:
        _hand_over(server, message)


def _write(message: EmailMessage, folder: Path) -> None:
    """One file for each Message-ID, whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    local_part = str(message["Message-ID"]).strip("<>").partition("@")[0]
    path = folder / f"{message['Date'].datetime:%Y%m%dT%H%M%S}-{local_part}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes())
    unfinished.replace(path)


@contextmanager
def _server(url: str) -> Iterator[smtplib.SMTP]:
    """A conversation with the mail server; whatever goes wrong before a letter is offered is worth another try."""
    parts = urlsplit(url)
    try:
        server = _connect(parts)
    except (OSError, smtplib.SMTPException) as error:
        raise Deferred(_words(error)) from error
    try:
        _introduce(server, parts)
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _connect(parts: SplitResult) -> smtplib.SMTP:
    host, port = parts.hostname or "localhost", parts.port or DEFAULT_PORTS[parts.scheme]
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local_hostname=_site_host(), timeout=TIMEOUT, context=context)
    return smtplib.SMTP(host, port, local_hostname=_site_host(), timeout=TIMEOUT)


def _introduce(server: smtplib.SMTP, parts: SplitResult) -> None:
    """Encrypt and sign in, as the address asks. A wrong password says nothing about the letter: Deferred."""
    try:
        if parse_qs(parts.query).get("starttls", ["0"])[-1] in {"1", "true", "yes"}:
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException) as error:
        raise Deferred(_words(error)) from error


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _answer(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _answer(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Deferred(_words(error)) from error


def _answer(code: int, words: bytes | str) -> Refused | Deferred:
    """What the server's answer means for the letter: 5xx is final, all else is not."""
    said = one_line(f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}")
    return Refused(said) if 500 <= code < 600 else Deferred(said)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return str(_answer(error.smtp_code, error.smtp_error))
    return one_line(str(error)) or type(error).__name__
