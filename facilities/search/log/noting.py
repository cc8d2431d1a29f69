"""Writing down what was searched for without a visitor waiting for it.

A search is counted in memory. Once in EVERY seconds what has gathered is written after a response has been sent, in one
statement; where the database is busy it waits for the next time, and if too much gathers it is dropped. What the
database does not take at all is dropped too: it would be in the way of all that comes after. So that nobody fills the
log, new texts of one network are counted up to a number a day.

A listing counts as opened from a search if the browser says so: within a site it sends the page it comes from along
(Referer). Nothing is added to addresses, no cookie is set and nothing is sent from the page. Browsers that keep the
header to themselves make searches look abandoned that were not, which is why the desk sees numbers and not verdicts.
"""

import logging
import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, current_app, request
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from facilities.access import moderators
from facilities.accounts.limits import within
from facilities.accounts.sessions import network_of
from facilities.db import now
from facilities.search.log.gathering import Gathered
from facilities.search.log.models import LONGEST
from facilities.search.log.sketch import bit_of
from facilities.search.log.writing import write

log = logging.getLogger(__name__)

EVERY = 5.0
MOST_WAITING = 1000
"""Texts that are kept in memory; more are dropped."""

NEW_TEXTS_FROM_ADDRESS = "200 per day"
"""Texts that one network (see `network_of`) adds to the log, as Flask-Limiter writes it; a text that it searches for
again after the first was written counts again."""

LISTINGS = "catalogue.listing"
ROBOTS = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor|curl|python|wget", re.IGNORECASE)
ADDRESS = re.compile(r"\S@\S|://")
NUMBER = re.compile(r"(?:\d[\s()./+-]{0,2}){8,}")
"""Digits enough for a telephone or a personal number."""

Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Counts:
    """What is added to the row of a text and day."""

    searches: int = 0
    found_nothing: int = 0
    found_partly: int = 0
    opened: int = 0
    seen_by: int = 0
    opened_by: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{each.name: self._sum(each.name, other) for each in fields(self)})

    def _sum(self, name: str, other: "Counts") -> int:
        """Of what has been seen by whom the union."""
        mine, theirs = getattr(self, name), getattr(other, name)
        total: int = mine | theirs if name.endswith("_by") else mine + theirs
        return total


class Notes(Gathered[Key, Counts]):
    """What has gathered in this process, by text and day."""

    def __init__(self) -> None:
        super().__init__(every=EVERY, most=MOST_WAITING)


def init_app(app: Flask) -> None:
    app.extensions["search_log"] = Notes()
    app.after_request(_after)


def note_search(text: str, total: int, *, partly: bool = False) -> None:
    """Count a results page that a visitor of this request sees. Robots, the desk, and what looks like an address or the
    number of a person are not counted."""
    key = normalised(text)
    if key and _is_visitor():
        found = Counts(searches=1, found_nothing=int(not total), found_partly=int(partly), seen_by=_bit(key))
        _count(key, found)


def note_opening() -> None:
    """Count that this request opens a listing from a results page of this site."""
    came_from = urlsplit(request.referrer or "")
    if (came_from.netloc, came_from.path) != (request.host, "/search") or not _is_visitor():
        return
    key = normalised(parse_qs(came_from.query, max_num_fields=50).get("q", [""])[0])
    if key:
        _count(key, Counts(opened=1, opened_by=_bit(key)))


def normalised(text: str) -> str:
    """A search as it is counted: small letters, single blanks, no characters that are not seen, which no database takes
    all of. Empty for what is not to be kept."""
    seen = "".join(c if c.isprintable() else " " for c in text)
    if ADDRESS.search(seen) or NUMBER.search(seen):
        return ""
    return " ".join(seen.casefold().split())[:LONGEST].strip()


def flush(app: Flask) -> int:
    """Write what has gathered; gives the number of texts. What a busy database cannot take now waits for the next time;
    what it refuses is dropped."""
    notes: Notes = app.extensions["search_log"]
    taken = notes.take()
    try:
        with app.app_context():
            write([{"text": text, "searched_on": day, **asdict(counts)} for (text, day), counts in taken.items()])
    except OperationalError as error:
        log.info("searches not written down, next time again: %s", type(error).__name__)
        notes.add(taken)
        return 0
    except (SQLAlchemyError, ValueError) as error:
        log.warning("%s searches that cannot be written down are dropped: %s", len(taken), type(error).__name__)
        return 0
    return len(taken)


def _count(key: str, counts: Counts) -> None:
    """Add to what has gathered about a text; a new one only while this visitor's network may add more."""
    notes, about = _notes(), (key, now().date())
    if about in notes.waiting or within(NEW_TEXTS_FROM_ADDRESS, "search log", _network()):
        notes.add({about: counts})


def _after(response: Response) -> Response:
    if request.endpoint == LISTINGS and response.status_code == 200 and request.method == "GET":
        _note_safely()
    if _notes().is_due():
        app = current_app._get_current_object()  # type: ignore[attr-defined] # the proxy's, for a thread
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
    return bit_of(key, _network(), str(current_app.config["SECRET_KEY"]))


def _network() -> str:
    """Where the visitor is counted as being: whoever has one address of a network can often have them all."""
    return network_of(get_remote_address())


def _notes() -> Notes:
    notes: Notes = current_app.extensions["search_log"]
    return notes
