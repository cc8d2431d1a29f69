"""The conversation with the mail server: one connection for many letters, patience for each step, and an answer to each
letter in the server's own words."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from email.message import EmailMessage
from math import inf
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

STEP = 15.0
"""Seconds that the mail server may take for one step of the conversation."""

LAST_STEP = 60.0
"""Seconds that it may take to answer for a whole letter, which it may look through first. Whoever gives up too early
sends the letter twice (RFC 5321, 4.5.3.2.6)."""

WHOLE = 120.0
"""Seconds for one letter, from connecting to the answer, however the steps add up."""

MOST_LETTERS, LONGEST_OPEN, LONGEST_IDLE = 100, 300.0, 10.0
"""Letters and seconds for which one connection is used, and seconds for which it is kept open without a letter."""

DEFAULT_PORTS = {"smtp": 25, "smtps": 465}

TOO_LARGE = 552
"""The one final answer to a sender's name that is about the letter: MAIL also says how large it is (RFC 1870)."""


class Refused(Exception):
    """The letter will never be accepted; the message is the server's own words."""


class Deferred(Exception):
    """The letter could not be handed over now and may be later; the message says what happened."""


class Unreachable(Deferred):
    """No letter can be handed over now: the mail server was not reached, or would not talk to us."""


class Conversation(smtplib.SMTP):
    """Keeps what the server said to the letter, and waits `patience` seconds for each answer but none after `ends_at`
    (of the monotonic clock)."""

    patience = STEP
    ends_at = inf
    said = ""

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. Raises SMTPServerDisconnected when it does not come in time."""
        if self.sock is not None:
            self.sock.settimeout(max(0.01, min(self.patience, self.ends_at - monotonic())))
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Offer the letter itself."""
        self.patience = LAST_STEP
        try:
            code, words = super().data(msg)
        finally:
            self.patience = STEP
        self.said = in_words(code, words)
        return code, words


class EncryptedConversation(Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


@dataclass
class Line:
    """A connection to the mail server, opened for the first letter and used for those that follow."""

    url: str = ""
    server: Conversation | None = None
    letters: int = 0
    opened_at: float = field(default=0, init=False)
    used_at: float = field(default=0, init=False)

    def send(self, message: EmailMessage, *, url: str, our_name: str, return_path: str = "") -> str:
        """Hand a message over and give the server's words. Raises Refused, Deferred or Unreachable."""
        server = self._server(url, our_name)
        self.letters, self.used_at = self.letters + 1, monotonic()
        return _hand_over(server, message, return_path)

    def _server(self, url: str, our_name: str) -> Conversation:
        ends_at = monotonic() + WHOLE
        if self.server is not None:
            self.server.ends_at = ends_at
            if not self._usable(url):
                self.hang_up()
        if self.server is None:
            self.server = _call(url, our_name, ends_at)
            self.url, self.letters, self.opened_at = url, 0, monotonic()
        return self.server

    def _usable(self, url: str) -> bool:
        """Whether the open connection is to this server, not worn, and still alive."""
        young = self.letters < MOST_LETTERS and monotonic() - self.opened_at < LONGEST_OPEN
        return url == self.url and young and self._answers()

    def _answers(self) -> bool:
        try:
            return self.server is not None and self.server.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def rest(self) -> None:
        """Hang up if no letter has gone this way for a while."""
        if self.server is not None and monotonic() - self.used_at > LONGEST_IDLE:
            self.hang_up()

    def hang_up(self) -> None:
        """End the conversation politely, as long as the server listens."""
        if self.server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.server.quit()
            self.server.close()
        self.server = None


KEPT: ContextVar[Line | None] = ContextVar("kept line", default=None)


@contextmanager
def kept_line() -> Iterator[Line]:
    """Let all letters that this thread sends until the block ends go over one connection, as long as it holds."""
    line = Line()
    before = KEPT.set(line)
    try:
        yield line
    finally:
        KEPT.reset(before)
        line.hang_up()


def hand_over(message: EmailMessage, *, url: str, our_name: str, return_path: str = "") -> str:
    """Send over the thread's kept line, or over one of its own, and give the server's words.

    Raises Refused, Deferred or Unreachable.
    """
    kept = KEPT.get()
    line = kept or Line()
    try:
        return line.send(message, url=url, our_name=our_name, return_path=return_path)
    finally:
        if kept is None:
            line.hang_up()


def _call(url: str, our_name: str, ends_at: float) -> Conversation:
    """Connect, encrypt and sign in, as the address asks. Raises Unreachable: a wrong password says nothing about any
    letter."""
    parts = urlsplit(url)
    server: Conversation | None = None
    try:
        server = _connect(parts, our_name)
        server.ends_at = ends_at
        _introduce(server, parts)
    except (OSError, smtplib.SMTPException) as error:
        if server is not None:
            server.close()
        raise Unreachable(what_happened(error)) from error
    return server


def _connect(parts: SplitResult, our_name: str) -> Conversation:
    host, port = parts.hostname or "localhost", parts.port or DEFAULT_PORTS[parts.scheme]
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return EncryptedConversation(host, port, local_hostname=our_name, timeout=STEP, context=context)
    return Conversation(host, port, local_hostname=our_name, timeout=STEP)


def _introduce(server: Conversation, parts: SplitResult) -> None:
    if parse_qs(parts.query).get("starttls", ["0"])[-1] in {"1", "true", "yes"}:
        server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))


def _hand_over(server: Conversation, message: EmailMessage, return_path: str) -> str:
    try:
        server.send_message(message, from_addr=return_path or None)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise answer(code, words) from error
    except smtplib.SMTPSenderRefused as error:
        raise _about_us(error) from error
    except smtplib.SMTPDataError as error:
        raise answer(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPHeloError as error:
        raise Unreachable(what_happened(error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise Deferred(what_happened(error)) from error
    return server.said


def _about_us(error: smtplib.SMTPSenderRefused) -> Refused | Deferred:
    """A server that does not take our sender takes no letter: somebody has to see to its settings, or ours."""
    final = answer(error.smtp_code, error.smtp_error)
    return final if error.smtp_code == TOO_LARGE else Unreachable(str(final))


def answer(code: int, words: bytes | str) -> Refused | Deferred:
    """What the server's answer means for the letter: 5xx is final, all else is not."""
    said = in_words(code, words)
    return Refused(said) if 500 <= code < 600 else Deferred(said)


def in_words(code: int, words: bytes | str) -> str:
    """An answer in one printable line."""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return " ".join("".join(c if c.isprintable() else " " for c in f"{code} {said}").split())


def what_happened(error: Exception) -> str:
    """Why a conversation ended, in the server's words if it said any."""
    if isinstance(error, smtplib.SMTPResponseException):
        return in_words(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split()) or type(error).__name__
