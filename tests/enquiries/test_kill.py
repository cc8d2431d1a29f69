"""The web server killed in the middle of a hundred enquiries: what was answered is stored, with all its letters."""

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest
from flask import Flask

from facilities.enquiries.models import Delivery, Enquiry
from facilities.outbox.worker import work_once
from tests.enquiry_cast import Catalogue, Visitor
from tests.post_office import PostOffice, free_port

ROOT = Path(__file__).parents[2]
ENQUIRIES, KILLED_AFTER = 100, 40


@contextmanager
def gunicorn(app: Flask, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real server with two processes in a group of its own, ready to answer."""
    command = ["-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "--no-control-socket", "wsgi:app"]
    environment = os.environ | {
        "INSTANCE_PATH": str(app.config["INSTANCE_PATH"]),
        "SECRET_KEY": app.config["SECRET_KEY"],
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": "",
        "CHECK_MAIL_DOMAINS": "0",
    }
    server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_for(port)
        yield server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_for(port: int) -> None:
    until = monotonic() + 60
    while True:
        try:
            ask(port, "GET", "/healthz")
            return
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.1)


def ask(
    port: int, method: str, path: str, form: dict[str, object] | None = None, **headers: str
) -> tuple[int, str, str]:
    """Status, the Location or Set-Cookie header, and the body. Raises OSError or HTTPException if nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        body = urlencode(form, doseq=True) if form else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request(
            method, path, body, kind | {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        told = answer.headers["Location"] or answer.headers["Set-Cookie"] or ""
        return answer.status, told, answer.read().decode()
    finally:
        connection.close()


class Crowd:
    """A hundred visitors, each in a network of their own, who send one enquiry each until the server dies."""

    def __init__(self, visitor: Visitor, catalogue: Catalogue, port: int, server: subprocess.Popen[bytes]) -> None:
        self.visitor, self.port, self.server = visitor, port, server
        self.listings = [
            catalogue.facility,
            catalogue.microscope,
            catalogue.cytometer,
            catalogue.service,
            catalogue.orphan,
        ]
        self.answered: list[str] = []
        self.killed = Event()
        _, cookie, page = ask(port, "GET", f"/enquiries/new?listing={catalogue.orphan}")
        self.cookie = cookie.partition(";")[0]
        self.csrf = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]

    def send(self, number: int) -> None:
        listing = self.listings[number % len(self.listings)]
        words = f"Can you image thick sections of {secrets.token_hex(6)}?"
        form = self.visitor.form(listing, email=f"visitor{number}@example.net", message=words) | {
            "csrf_token": self.csrf
        }
        try:
            status, location, page = ask(
                self.port, "POST", "/enquiries/new", form, Cookie=self.cookie, X_Forwarded_For=f"192.0.2.{number}"
            )
        except (OSError, HTTPException):
            assert self.killed.is_set()
            return
        assert status == 303, re.findall("<li>(?:<a[^>]*>)?([^<]+)", page)
        self.answered.append(location.rsplit("/", 1)[1])
        if len(self.answered) == KILLED_AFTER:
            self.killed.set()
            os.killpg(self.server.pid, signal.SIGKILL)


@pytest.fixture
def answered(visitor: Visitor, catalogue: Catalogue) -> list[str]:
    """Tokens of the enquiries that were answered before the server was killed."""
    port = free_port()
    with gunicorn(visitor.app, port) as server:
        crowd = Crowd(visitor, catalogue, port, server)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(crowd.send, range(ENQUIRIES)))
    return crowd.answered


def test_no_answered_enquiry_is_lost(visitor: Visitor, answered: list[str], post_office: PostOffice) -> None:
    assert KILLED_AFTER <= len(answered) < ENQUIRIES
    enquiries = [visitor.enquiry(token) for token in answered]
    assert all(enquiry.recipients and enquiry.question for enquiry in enquiries)
    assert visitor.count(Enquiry) <= len(answered) + 8, "at most those that were being answered"

    work_once(visitor.app)
    letters = [visitor.enquiry(token) for token in answered]
    assert {recipient.delivery for enquiry in letters for recipient in enquiry.recipients} == {Delivery.SENT}
    assert all(len(post_office.letters_to(enquiry.requester_email)) == 1 for enquiry in letters)
