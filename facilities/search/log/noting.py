"""Writing down what was searched for without a visitor waiting for it.

A search is counted in memory. Once in EVERY seconds what has gathered is written after a response has been sent, in one
statement; where the database is busy it waits for the next time, and if too much gathers it is dropped.

A listing counts as opened from a search if the browser says so: within a site it sends the page it comes from along
(Referer). Nothing is added to addresses, no cookie is set and nothing is sent from the page. Browsers that keep the
header to themselves make searches look abandoned that were not, which is why the desk sees numbers and not verdicts.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from threading import Lock
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, current_app, request
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import SQLAlchemyError

from facilities.access import moderators
from facilities.db import now
from facilities.enquiries.limits import network_of
from facilities.search.log.models import LONGEST
from facilities.search.log.sketch import bit_of
from facilities.search.log.writing import write

log = logging.getLogger(__name__)

EVERY = 5.0
MOST_WAITING = 1000
"""Texts that are kept in memory; more are dropped."""

LISTINGS = "catalogue.listing"
ROBOTS = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor|curl|python|wget", re.IGNORECASE)
ADDRESS = re.compile(r"\S@\S|://")
NUMBER = re.compile(r"(?:\d[\s()./+-]{0,2}){8,}")
"""Digits enough for a telephone or a personal number."""

Key = tuple[str, date]


@dataclass(slots=True)
class Counts:
    """What is added to the row of a text and day."""

    searches: int = 0
    found_nothing: int = 0
    found_partly: int = 0
    opened: int = 0
    seen_by: int = 0
    opened_by: int = 0

    def add(self, other: "Counts") -> None:
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            setattr(self, each.name, mine | theirs if each.name.endswith("_by") else mine + theirs)


class Notes:
    """What has gathered in this process."""

    def __init__(self) -> None:
        self.waiting: dict[Key, Counts] = {}
        self.written = monotonic()
        self._lock = Lock()

    def add(self, more: Mapping[Key, Counts]) -> None:
        with self._lock:
            for key, counts in more.items():
                if key in self.waiting or len(self.waiting) < MOST_WAITING:
                    self.waiting.setdefault(key, Counts()).add(counts)

    def take(self) -> dict[Key, Counts]:
        """All of it; the caller writes it or adds it again."""
        with self._lock:
            taken, self.waiting, self.written = self.waiting, {}, monotonic()
        return taken

    def is_due(self) -> bool:
        return bool(self.waiting) and monotonic() - self.written > EVERY


def init_app(app: Flask) -> None:
    app.extensions["search_log"] = Notes()
    app.after_request(_after)


def note_search(text: str, total: int, *, partly: bool = False) -> None:
    """Count a results page that a visitor of this request sees. Robots, the desk, and what looks like an address or the
    number of a person are not counted."""
    key = normalised(text)
    if key and _is_visitor():
        found = Counts(searches=1, found_nothing=int(not total), found_partly=int(partly), seen_by=_bit(key))
        _notes().add({(key, now().date()): found})


def note_opening() -> None:
    """Count that this request opens a listing from a results page of this site."""
    came_from = urlsplit(request.referrer or "")
    if (came_from.netloc, came_from.path) != (request.host, "/search") or not _is_visitor():
        return
    key = normalised(parse_qs(came_from.query, max_num_fields=50).get("q", [""])[0])
    if key:
        _notes().add({(key, now().date()): Counts(opened=1, opened_by=_bit(key))})


def normalised(text: str) -> str:
    """A search as it is counted: small letters, single blanks. Empty for what is not to be kept."""
    if ADDRESS.search(text) or NUMBER.search(text):
        return ""
    return " ".join(text.casefold().split())[:LONGEST].strip()


def flush(app: Flask) -> int:
    """Write what has gathered; gives the number of texts. What cannot be written now waits for the next time."""
    notes: Notes = app.extensions["search_log"]
    taken = notes.take()
    try:
        with app.app_context():
            write([{"text": text, "searched_on": day, **asdict(counts)} for (text, day), counts in taken.items()])
    except SQLAlchemyError as error:
        log.info("searches not written down, next time again: %s", type(error).__name__)
        notes.add(taken)
        return 0
    return len(taken)


def _after(response: Response) -> Response:
    if request.endpoint == LISTINGS and response.status_code == 200 and request.method == "GET":
        _note_safely()
    if _notes().is_due():
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        response.call_on_close(lambda: flush(app))
    return response


def _note_safely() -> None:
    """A header that cannot be read is no reason to show no page."""
    try:
        note_opening()
    except ValueError:
        log.debug("unreadable Referer")


def _is_visitor() -> bool:
    agent = request.user_agent.string
    ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    return not (ahead or ROBOTS.search(agent) or moderators())


def _bit(key: str) -> int:
    return bit_of(key, network_of(get_remote_address()), str(current_app.config["SECRET_KEY"]))


def _notes() -> Notes:
    notes: Notes = current_app.extensions["search_log"]
    return notes
