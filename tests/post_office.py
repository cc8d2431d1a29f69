"""A real mail server on loopback whose answers a test decides."""

import email
import socket
import time
from asyncio import WriteTransport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class PostOffice:
    """What arrived, and what the server says: `to_recipient` by address, `to_data` to every letter."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    to_recipient: dict[str, str] = field(default_factory=dict)
    to_data: str = "250 OK"
    hangs_up_after_data: bool = False
    on_letter: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [
            letter
            for letter, envelope in zip(self.letters, self.envelopes, strict=False)  # one may arrive just now
            if address in envelope.rcpt_tos
        ]

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.to_recipient.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.to_data.startswith("250"):
            self.envelopes.append(envelope)
            self.letters.append(email.message_from_bytes(bytes(envelope.content or b""), policy=default))
        self.on_letter()
        if self.hangs_up_after_data and isinstance(server.transport, WriteTransport):
            server.transport.abort()
        return self.to_data


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def wait_for_letter(office: PostOffice, address: str, subject: str, *, patience: float = 30) -> EmailMessage:
    """The newest letter to an address with these words in its subject, as soon as there is one."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        for letter in reversed(office.letters_to(address)):
            if subject.lower() in str(letter["Subject"]).lower():
                return letter
        time.sleep(0.2)
    said = [str(letter["Subject"]) for letter in office.letters_to(address)]
    raise AssertionError(f"no letter about {subject!r} came to {address}: {said}")


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
