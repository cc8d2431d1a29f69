"""Threads that send letters side by side, each over a connection of its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import cast

from flask import Flask
from limits.storage import Storage, storage_from_string

from facilities import smtp
from facilities.outbox.addressed import Addressed
from facilities.outbox.delivering import deliver
from facilities.outbox.traffic import Traffic

log = logging.getLogger(__name__)

SENDERS = 4
"""Threads of one worker process."""

PAUSE = 0.25
"""Seconds that a sender without a letter waits before it asks again."""

TROUBLE = 5.0
"""Seconds to wait when a letter could not be tried at all, for instance because the database is away."""


@contextmanager
def senders(app: Flask, stop: Event, number: int = SENDERS) -> Iterator[None]:
    """Have letters sent until `stop` is set; at the end, wait for those that are being sent."""
    traffic = Traffic(cast("Storage", storage_from_string(app.config["RATELIMIT_STORAGE_URI"])))
    threads = [Thread(target=_send, args=(app, traffic, stop), name=f"sender {each}") for each in range(1, number + 1)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _send(app: Flask, traffic: Traffic, stop: Event) -> None:
    """One sender. What fails is logged here, once, and tried again when the job's lease is over."""
    with smtp.kept_line() as line:
        while not stop.is_set():
            try:
                with app.app_context():
                    letter = traffic.next()
                    if letter is not None:
                        _try(letter, traffic)
            except Exception:
                log.exception("letter not tried, next one in %s s", TROUBLE)
                stop.wait(TROUBLE)
                continue
            if letter is None:
                line.rest()
                stop.wait(PAUSE)


def _try(letter: Addressed, traffic: Traffic) -> None:
    try:
        outcome = deliver(letter.job_id)
    finally:
        traffic.done(letter)
    if outcome is not None:
        (traffic.reached if outcome.reached else traffic.not_reached)()
