"""Whether web addresses still lead anywhere: asked politely, within a time, and never inside a private network.

The address of a machine is looked up once, judged, and the connection made to just that address, so that a name cannot
mean one machine when judged and another when asked. Every redirect is judged anew. Nothing is kept of what is sent back
but the status and where a redirect leads.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from http.client import HTTPException, parse_headers
from io import BytesIO
from urllib.parse import quote, urljoin, urlsplit

from flask_babel import lazy_gettext as _

from facilities.catalogue.models.terms import Word

EACH = 8.0
"""Seconds that one address may take with all its redirects."""

PAUSE = 2.0
"""Seconds between two questions to the same machine."""

MOST_REDIRECTS = 5
LONGEST_HEAD = 32 * 1024
LONGEST_WAIT = timedelta(days=7)
PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,252})|[0-9a-f:.]+")
SAFE = "%/:=&?~+!$,;'@()*[]|"
PUT_OFF = (429, 503)
EXAMPLES = re.compile(r"(.*\.)?example(\.(com|net|org))?")
"""Names kept for examples (RFC 2606), of which the demo catalogue is full."""

NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10", "192.88.99.0/24"))
)
"""Ranges that pass for global and lead, or once led, to others: IPv4 in IPv6, NAT64, 6to4, site-local."""


class LinkProblem(Word):
    """Why an address leads nowhere."""

    NOT_FOUND = "not_found", _("The page is not there any more (404)")
    GONE = "gone", _("The page has been taken away for good (410)")
    NO_SUCH_HOST = "no_such_host", _("No machine has this name")
    NO_ANSWER = "no_answer", _("The machine does not answer")
    TIMEOUT = "timeout", _("The machine takes too long to answer")
    CERTIFICATE = "certificate", _("The certificate is not valid: browsers warn visitors")
    SERVER_ERROR = "server_error", _("The machine answers with an error of its own")
    REDIRECTS = "redirects", _("The address leads in a circle")
    PRIVATE = "private", _("The address leads into a private network, where visitors cannot go")


BROKEN = {404: LinkProblem.NOT_FOUND, 410: LinkProblem.GONE}


class Outcome(Enum):
    """What looking at an address came to. UNCHECKED ones are not ours to ask; PUT_OFF ones answer later."""

    REACHED = auto()
    FAILED = auto()
    PUT_OFF = auto()
    UNCHECKED = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered. `code` is the HTTP status of the last page, if any machine answered."""

    outcome: Outcome
    code: int | None = None
    problem: LinkProblem | None = None
    wait: timedelta | None = None


@dataclass(slots=True)
class Guard:
    """Where the checker may go. Only tests widen it."""

    allow_loopback: bool = False
    ports: frozenset[int] = frozenset(PORTS.values())
    pause: float = PAUSE
    each: float = EACH
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def may_connect(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        """Whether the address is one of the public internet."""
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            return self.may_connect(address.ipv4_mapped)
        if address.is_loopback:
            return self.allow_loopback
        others = any(address in net for net in NOT_PUBLIC if net.version == address.version)
        return address.is_global and not address.is_multicast and not others


class _Problem(Exception):
    """The address cannot be asked, for a reason that says how the answer counts."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


UNCHECKED = Answer(Outcome.UNCHECKED)


def _failed(problem: LinkProblem, code: int | None = None) -> Answer:
    return Answer(Outcome.FAILED, code, problem)


class Checker:
    """One round of looking at addresses, with `agent` as the name it gives."""

    def __init__(self, agent: str, guard: Guard | None = None) -> None:
        self.agent = agent
        self.guard = guard or Guard()
        self._turns: dict[str, asyncio.Lock] = {}
        self._asked: dict[str, float] = {}

    async def look_at(self, url: str) -> Answer:
        """What the address answers within the time it may take."""
        try:
            async with asyncio.timeout(self.guard.each):
                return await self._follow(url)
        except TimeoutError:
            return _failed(LinkProblem.TIMEOUT)
        except _Problem as problem:
            return problem.answer
        except ssl.SSLError:
            return _failed(LinkProblem.CERTIFICATE)
        except (OSError, HTTPException, ValueError, EOFError):
            return _failed(LinkProblem.NO_ANSWER)

    async def _follow(self, url: str) -> Answer:
        for _hop in range(1 + MOST_REDIRECTS):
            code, headers = await self._ask("HEAD", url)
            if code >= 400 and code not in PUT_OFF:
                code, headers = await self._ask("GET", url)
            location = headers.get("location", "")
            if not (300 <= code < 400 and location):
                return _judged(code, headers)
            url = urljoin(url, location)
        return _failed(LinkProblem.REDIRECTS)

    async def _ask(self, method: str, url: str) -> tuple[int, Mapping[str, str]]:
        """Status and headers (names in lower case) of one answer. Raises _Problem, OSError, HTTPException."""
        target = _target(url, self.guard)
        async with self._turns.setdefault(target.host, asyncio.Lock()):
            await self._wait_for_turn(target.host)
            address = await self._address(target)
            return await self._exchange(method, target, address)

    async def _wait_for_turn(self, host: str) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._asked.get(host, -1e9) + self.guard.pause - loop.time()))
        self._asked[host] = loop.time()

    async def _address(self, target: "_Target") -> str:
        """The address of the machine. All that the name stands for must be public."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise _Problem(_failed(LinkProblem.NO_SUCH_HOST)) from error
        addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
        if not all(self.guard.may_connect(ipaddress.ip_address(address)) for address in addresses):
            raise _Problem(_failed(LinkProblem.PRIVATE))
        return addresses[0]

    async def _exchange(self, method: str, target: "_Target", address: str) -> tuple[int, Mapping[str, str]]:
        secure = target.scheme == "https"
        reader, writer = await asyncio.open_connection(
            address, target.port, limit=LONGEST_HEAD, ssl=self.guard.tls if secure else None,
            server_hostname=target.host if secure else None,
        )  # fmt: skip
        try:
            writer.write(target.question(method, self.agent))
            await writer.drain()
            return await _head(reader)
        finally:
            writer.transport.abort()


@dataclass(frozen=True, slots=True)
class _Target:
    """A web address in the parts a question needs."""

    scheme: str
    host: str
    port: int
    path: str

    def question(self, method: str, agent: str) -> bytes:
        host = f"[{self.host}]" if ":" in self.host else self.host
        named = host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"
        lines = (f"{method} {self.path} HTTP/1.1", f"Host: {named}", f"User-Agent: {agent}", "Accept: */*",
                 "Connection: close")  # fmt: skip
        return "\r\n".join((*lines, "", "")).encode("ascii", "replace")


def _target(url: str, guard: Guard) -> _Target:
    """Raises _Problem for what is not asked: other schemes and ports, examples, addresses with a password."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise _Problem(_failed(LinkProblem.NO_SUCH_HOST)) from error
    asked = parts.scheme in PORTS and port in guard.ports and not EXAMPLES.fullmatch(host)
    if not asked or parts.username or parts.password:
        raise _Problem(UNCHECKED)
    if not HOST.fullmatch(host):
        raise _Problem(_failed(LinkProblem.NO_SUCH_HOST))
    path = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    return _Target(parts.scheme, host, port, path)


async def _head(reader: asyncio.StreamReader) -> tuple[int, Mapping[str, str]]:
    """Status and headers, after any that only announce others. Not a byte of the page is read."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError as error:
            raise HTTPException("the head of the answer is too long") from error
        status, _end, rest = head.partition(b"\r\n")
        match = re.fullmatch(rb"HTTP/1\.[01] (\d{3})(?: .*)?", status)
        if not match:
            raise HTTPException("not HTTP")
        headers = {name.lower(): value for name, value in parse_headers(BytesIO(rest)).items()}
        if (code := int(match[1])) >= 200:
            return code, headers


def _judged(code: int, headers: Mapping[str, str]) -> Answer:
    """How a status counts. A page that asks for a password, or refuses robots, is there."""
    if code in PUT_OFF:
        return Answer(Outcome.PUT_OFF, code, wait=_wait(headers.get("retry-after", "")))
    if code in BROKEN:
        return _failed(BROKEN[code], code)
    if code >= 500:
        return _failed(LinkProblem.SERVER_ERROR, code)
    return Answer(Outcome.REACHED, code)


def _wait(retry_after: str) -> timedelta | None:
    """How long a machine asks to be left alone: seconds or a date (RFC 9110, 10.2.3), a week at the most."""
    if retry_after.isascii() and retry_after.isdigit():
        return min(timedelta(seconds=int(retry_after[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(aware - datetime.now(UTC), timedelta()), LONGEST_WAIT)
