"""A mail server that fails in every way a real one does, and remembers what it did."""

import asyncio
import email
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from random import Random
from threading import Thread
from time import monotonic
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

HANGS = 90.0
"""Seconds without an answer: longer than any client waits."""


@dataclass(frozen=True)
class Faults:
    """How often, of all recipients or letters, something goes wrong; each between 0 and 1."""

    hang_at_recipient: float = 0.004
    busy_at_recipient: float = 0.08
    unknown_recipient: float = 0.03
    busy_after_letter: float = 0.05
    drop_after_letter: float = 0.04
    hang_after_letter: float = 0.004
    kill_after_letter: float = 0.01


@dataclass
class Call:
    """One connection: whether it was ended by QUIT, and if not, when it was lost (monotonic clock)."""

    arrivals: list["Arrival"] = field(default_factory=list)
    quit: bool = False
    lost_at: float | None = None
    transport: asyncio.WriteTransport | None = None


@dataclass
class Arrival:
    """A whole letter that came in, and how it was answered: `taken`, `busy`, `dropped`, `hung`."""

    letter: EmailMessage
    to: str
    at: float
    call: Call
    answer: str

    @property
    def mail_id(self) -> str:
        """Its Message-ID."""
        return str(self.letter["Message-ID"])

    @property
    def was_last(self) -> bool:
        """Whether its connection brought nothing after it."""
        return self.call.arrivals[-1] is self


class Conversation(SMTP):
    """One client's connection."""

    call: Call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self.call = Call(transport=cast("asyncio.WriteTransport", transport))
        self.event_handler.calls.append(self.call)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """The client has gone."""
        self.call.lost_at = monotonic()
        super().connection_lost(error)


@dataclass
class FaultyServer:
    """Serves in a thread of its own on a port of the loopback address. `gone` are mailboxes that it never knows."""

    port: int
    random: Random
    faults: Faults | None = None
    gone: frozenset[str] = frozenset()
    after_letter: Callable[[], None] = lambda: None
    calls: list[Call] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _listening: asyncio.Server | None = None
    _thread: Thread = field(default_factory=Thread)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> "FaultyServer":
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._stop_listening)
        self.hang_up()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def listen(self) -> None:
        """Take connections."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def refuse(self) -> None:
        """Refuse connections; those that are open go on."""
        self._note("refused connections for a while")
        self._loop.call_soon_threadsafe(self._stop_listening)

    def hang_up(self) -> None:
        """End all connections without a word."""
        for call in self.calls:
            if call.transport is not None:
                self._loop.call_soon_threadsafe(call.transport.abort)

    def letters_to(self, address: str) -> list[EmailMessage]:
        """What has come in for a mailbox."""
        return [arrival.letter for arrival in self.arrivals if arrival.to == address]

    async def _listen(self) -> None:
        self._listening = await self._loop.create_server(self._answer, "127.0.0.1", self.port)

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.close()

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _answer(self) -> Conversation:
        return Conversation(self, hostname="mail.example", loop=self._loop, enable_SMTPUTF8=True)

    def _note(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    def _happens(self, share: float) -> bool:
        return self.faults is not None and self.random.random() < share

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        faults = self.faults or Faults()
        if self._happens(faults.hang_at_recipient):
            self._note("hung at the recipient")
            await asyncio.sleep(HANGS)
        if self._happens(faults.busy_at_recipient):
            self._note("451 to the recipient")
            return "451 4.3.0 Busy, try again"
        if address in self.gone or self._happens(faults.unknown_recipient):
            self._note("550 to the recipient")
            said = self.refusals.setdefault(address, [])
            said.append(f"550 5.1.1 No mailbox {address} ({len(said) + 1})")
            return said[-1]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: Conversation, _session: Session, envelope: Envelope
    ) -> str:
        faults = self.faults or Faults()
        if self._happens(faults.busy_after_letter):
            self._note("451 after the letter")
            return "451 4.3.0 Disk full, try again"
        fate = next(
            (
                fate
                for fate, share in (("dropped", faults.drop_after_letter), ("hung", faults.hang_after_letter))
                if self._happens(share)
            ),
            "taken",
        )
        self._note({"dropped": "hung up after the letter", "hung": "hung after the letter"}.get(fate, "250"))
        letter = email.message_from_bytes(bytes(envelope.content or b""), policy=default)
        arrival = Arrival(letter, envelope.rcpt_tos[0], monotonic(), server.call, fate)
        self.arrivals.append(arrival)
        server.call.arrivals.append(arrival)
        if fate == "dropped" and server.call.transport is not None:
            server.call.transport.abort()
        if fate == "hung":
            await asyncio.sleep(HANGS)
        if fate == "taken" and self._happens(faults.kill_after_letter):
            self.after_letter()
        return f"250 2.0.0 Taken as {len(self.arrivals)}"

    async def handle_QUIT(  # noqa: N802 (aiosmtpd's name)
        self, server: Conversation, _session: Session, _envelope: Envelope
    ) -> str:
        server.call.quit = True
        return "221 2.0.0 Bye"
