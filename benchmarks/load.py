"""Visitors: clients that fetch pages one after the other over connections that stay open."""

import http.client
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks.timing import Times, summarise


@dataclass(frozen=True, slots=True)
class Load:
    """How pages were answered: times in milliseconds, and pages a second over all clients."""

    times: Times
    per_second: float


class PageFailed(Exception):
    """A page was answered with something else than 200."""


def visit(base: str, paths: Sequence[str], clients: int) -> Load:
    """Fetch all paths from a site, shared out among several clients at once."""
    shares = [paths[first::clients] for first in range(clients)]
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        times = [each for share in threads.map(lambda share: _client(base, share), shares) for each in share]
    return Load(summarise(times), len(paths) / (time.perf_counter() - started))


def _client(base: str, paths: Sequence[str]) -> list[float]:
    address = urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        return [_fetch(connection, path) for path in paths]
    finally:
        connection.close()


def _fetch(connection: http.client.HTTPConnection, path: str) -> float:
    started = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Language": "en"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise PageFailed(f"{path} was answered with {answer.status}")
    return (time.perf_counter() - started) * 1000


def read(base: str, path: str) -> str:
    """One page's text."""
    with urlopen(base + path) as answer:
        text: str = answer.read().decode()
        return text


def wait_until_up(
    base: str, path: str = "/", seconds: float = 60.0, is_running: Callable[[], bool] = lambda: True
) -> None:
    """Wait until a site answers. Raises PageFailed when it ends or stays silent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and is_running():
        try:
            _client(base, [path])
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise PageFailed(f"{base} did not start")
