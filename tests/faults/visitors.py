"""Visitors who send enquiries and do not give up while the site is away."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from random import Random
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode, urlsplit

from facilities.db import now
from facilities.enquiries.seal import new_seal
from tests.enquiry_cast import ANSWERS

PATIENCE = 120.0
"""Seconds until a visitor gives up."""


@dataclass
class Sent:
    """An enquiry that a visitor sent: `token` once it was answered with its private page. `tries` are the times the
    form was sent until then, `error` what was said instead."""

    number: int
    listings: list[int]
    token: str = ""
    tries: int = 0
    error: str = ""


@dataclass
class Crowd:
    """Visitors of a site whose secret is known, so that forms can be as old as they have to be."""

    url: str
    secret: str
    listings: Sequence[int]
    random: Random
    after_answer: Callable[[int], None] = lambda _number: None
    """Called after each answer with the number of answers so far."""
    sent: list[Sent] = field(default_factory=list)
    _cookie: str = ""
    _csrf: str = ""

    def arrive(self) -> None:
        """Open the form once: all visitors share what proves that it was opened."""
        _status, headers, page = self._ask("GET", f"/enquiries/new?listing={self.listings[0]}")
        self._cookie = headers["Set-Cookie"].partition(";")[0]
        self._csrf = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]

    def send(self, number: int, *, at_once: int = 6) -> None:
        """Send so many enquiries to three listings each; every visitor sends the form until there is an answer."""
        self.sent = [Sent(each, self.random.sample(list(self.listings), 3)) for each in range(number)]
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(self._send, self.sent))

    def _send(self, enquiry: Sent) -> None:
        form, until = self._form(enquiry), monotonic() + PATIENCE
        while monotonic() < until and not enquiry.token:
            try:
                enquiry.tries += 1
                status, headers, page = self._ask("POST", "/enquiries/new", form, _network(enquiry))
                if status == 303:
                    self._open(headers["Location"], enquiry, until)
                else:
                    enquiry.error = f"{status} {' '.join(re.findall(r'<li><a[^>]*>([^<]+)', page))}"
            except (OSError, HTTPException) as error:
                enquiry.error = type(error).__name__
            if not enquiry.token:
                sleep(0.3)
        self.after_answer(sum(bool(each.token) for each in self.sent))

    def _open(self, path: str, enquiry: Sent, until: float) -> None:
        """Look at the private page, as the browser does by itself."""
        while monotonic() < until:
            try:
                status, _headers, _page = self._ask("GET", path, None, _network(enquiry))
            except (OSError, HTTPException):
                sleep(0.3)
                continue
            enquiry.error = "" if status == 200 else f"{status} for {path}"
            enquiry.token = path.rsplit("/", 1)[1] if status == 200 else ""
            return

    def _form(self, enquiry: Sent) -> dict[str, Any]:
        words = " ".join(self._word() for _ in range(8))
        seal = new_seal(self.secret, at=now() - timedelta(minutes=2))
        return ANSWERS | {
            "message": f"How many samples a day can the instrument take, and may we bring our own {words}?",
            "email": f"visitor{enquiry.number}@people{enquiry.number % 30}.example",
            "organisation": f"Trial {enquiry.number}",
            "offered": enquiry.listings,
            "listing": enquiry.listings,
            "seal": seal,
            "csrf_token": self._csrf,
        }

    def _word(self) -> str:
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz", k=7))

    def _ask(
        self, method: str, path: str, form: dict[str, Any] | None = None, network: str = "192.0.2.1"
    ) -> tuple[int, Any, str]:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            headers = {"X-Forwarded-For": network, "Cookie": self._cookie}
            if form:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, urlencode(form, doseq=True) if form else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()


def _network(enquiry: Sent) -> str:
    return f"10.1.{enquiry.number // 250}.{enquiry.number % 250 + 1}"
