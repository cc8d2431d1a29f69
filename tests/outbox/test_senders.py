"""Letters sent side by side: each once, fairly, and never all of them held up by one domain."""

import asyncio
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from limits import parse

from facilities.db import db, now
from facilities.outbox import traffic
from facilities.outbox.addressed import due_letters
from facilities.outbox.models import Job, JobStatus
from facilities.outbox.senders import senders
from facilities.outbox.traffic import Traffic
from facilities.outbox.worker import work_once
from tests.faults.server import Faults, FaultyServer
from tests.outbox.letters import put, waiting
from tests.post_office import free_port
from tests.running_site import ROOT

HOUR = timedelta(hours=1)


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


@pytest.fixture
def server(app: Flask) -> Iterator[FaultyServer]:
    with FaultyServer(free_port(), Random(1)) as server:
        app.config["SMTP_URL"] = server.url
        yield server


@contextmanager
def sending(app: Flask, number: int = 4) -> Iterator[None]:
    with senders(app, Event(), number):
        yield


def until(true: Callable[[], object], patience: float = 20) -> None:
    """Wait for what other threads and processes do; TimeoutError if it does not come."""
    deadline = monotonic() + patience
    while not true():
        if monotonic() > deadline:
            raise TimeoutError
        sleep(0.02)


def none_wait(app: Flask) -> bool:
    with app.app_context():
        return waiting() == 0


def test_several_senders_send_each_letter_once_over_one_connection_each(app: Flask, server: FaultyServer) -> None:
    addresses = {f"reader{number}@domain{number % 20}.example" for number in range(60)}
    with app.app_context():
        put(*addresses)
    with sending(app):
        until(lambda: none_wait(app))
    assert Counter(arrival.to for arrival in server.arrivals) == dict.fromkeys(addresses, 1)
    assert len(server.calls) <= 4
    assert all(call.quit for call in server.calls)


def test_two_processes_send_each_letter_once(app: Flask, server: FaultyServer) -> None:
    addresses = {f"reader{number}@domain{number % 20}.example" for number in range(60)}
    with app.app_context():
        put(*addresses)
    settings = {name: str(app.config[name]) for name in ("INSTANCE_PATH", "DATABASE_URL", "SMTP_URL")}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    workers = [subprocess.Popen(command, cwd=ROOT, env=os.environ | settings) for _ in range(2)]
    try:
        until(lambda: none_wait(app), 120)
    finally:
        for worker in workers:
            worker.terminate()
        ended = [worker.wait(60) for worker in workers]
    assert ended == [0, 0]
    assert Counter(arrival.to for arrival in server.arrivals) == dict.fromkeys(addresses, 1)


class SlowDomain(FaultyServer):
    """Hangs for one domain until it is `released`. `most` is how many letters it held at once."""

    released = False
    held = most = 0

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address.endswith("@slow.example"):
            self.held += 1
            self.most = max(self.most, self.held)
            while not self.released:
                await asyncio.sleep(0.02)
            self.held -= 1
        return await super().handle_RCPT(server, session, envelope, address, options)


def test_a_domain_that_hangs_does_not_hold_up_the_others(app: Flask) -> None:
    slow, quick = [f"reader{number}@slow.example" for number in range(60)], [f"r{n}@quick.example" for n in range(5)]
    with SlowDomain(free_port(), Random(1)) as server:
        app.config["SMTP_URL"] = server.url
        with app.app_context():
            put(*slow, *quick)
        with sending(app):
            until(lambda: len(server.arrivals) == len(quick))
            assert {arrival.to for arrival in server.arrivals} == set(quick)
            server.released = True
            until(lambda: none_wait(app))
        assert len(server.arrivals) == len(slow) + len(quick)
        assert server.most == traffic.MOST_AT_ONCE


def test_a_domain_gets_only_so_many_letters_in_a_minute(
    app: Flask, server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "MOST_A_MINUTE", parse("3 per minute"))
    with app.app_context():
        put(*(f"reader{number}@Many.example" for number in range(6)), "one@few.example", "two@few.example")
    with sending(app):
        until(lambda: len(server.arrivals) == 5)
        sleep(0.3)
    assert Counter(arrival.to.rpartition("@")[2].lower() for arrival in server.arrivals) == {
        "many.example": 3,
        "few.example": 2,
    }
    with app.app_context():
        left = db.session.scalars(sa.select(Job).where(Job.status == JobStatus.WAITING)).all()
        assert [job.attempts for job in left] == [0, 0, 0]
        assert all(job.due_at <= now() for job in left)


def test_while_the_mail_server_is_away_few_letters_spend_an_attempt(app: Flask) -> None:
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    with app.app_context():
        put(*(f"reader{number}@domain{number}.example" for number in range(100)))
    with sending(app):
        sleep(1)
    with app.app_context():
        tried = sa.select(sa.func.count(Job.id)).where(Job.attempts > 0)
        assert 1 <= (db.session.scalar(tried) or 0) < 50
        assert waiting() == 100


def test_after_a_while_it_is_tried_again_whether_the_mail_server_is_back(app: Flask) -> None:
    with app.app_context():
        put("reader@example.org")
        shared = Traffic()
        shared.not_reached()
        until(shared.next, 3)


def test_the_longest_due_goes_first_whether_it_is_new_or_tried_before(app: Flask) -> None:
    with app.app_context():
        new, tried, later = put("a@example.org", "b@example.org", "c@example.org")
        moments = {new: now() - timedelta(minutes=2), tried: now() - timedelta(minutes=3), later: now() + HOUR}
        for job_id, due_at in moments.items():
            db.session.get_one(Job, job_id).due_at = due_at
        db.session.get_one(Job, tried).attempts = 5
        db.session.commit()
        assert [letter.job_id for letter in due_letters(at=now(), limit=5)] == [tried, new]
        assert [letter.job_id for letter in due_letters(at=now() + HOUR * 2, limit=5)] == [tried, new, later]


def test_a_database_that_is_away_when_a_letter_was_taken_does_not_send_it_twice(
    app: Flask, server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facilities.outbox.delivering.BETWEEN_TRIES", 0.2)
    with app.app_context():
        put("reader@example.org")

    def rename(table: str, name: str) -> None:
        with app.app_context():
            db.session.execute(sa.text(f"ALTER TABLE {table} RENAME TO {name}"))
            db.session.commit()

    back = threading.Timer(0.4, rename, ("elsewhere", "letters"))

    def away_for_a_moment() -> None:
        rename("letters", "elsewhere")
        back.start()

    server.faults = Faults(0, 0, 0, 0, 0, 0, kill_after_letter=1)
    server.after_letter = away_for_a_moment
    assert work_once(app) == 1
    back.join()
    assert none_wait(app)
    assert work_once(app) == 0
    assert len(server.arrivals) == 1
