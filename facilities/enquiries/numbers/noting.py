"""Counting what visitors open and find without a visitor waiting for it, and without knowing who they are.

What is counted is a listing and a day, nothing else: no cookie is set and no address is kept. Counts gather in memory;
once in EVERY seconds they are written, after a response has been sent, in one statement. Where the database is busy
they wait for the next time; what it does not take at all is dropped, and so is what gathers too much.

Robots are left out by what they call themselves, and so is everybody who is signed in: mostly those who keep the
listings.
"""

import logging
from collections.abc import Iterable
from datetime import date

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from facilities.access import me
from facilities.db import now
from facilities.enquiries.numbers.writing import Counts, write
from facilities.search.log.gathering import Gathered
from facilities.search.log.noting import ROBOTS

log = logging.getLogger(__name__)

EVERY = 10.0
MOST_WAITING = 20_000
"""Listings and days that are kept in memory; more are dropped."""

LISTINGS = "catalogue.listing"


Key = tuple[int, date]


class Notes(Gathered[Key, Counts]):
    """What has gathered in this process, by listing and day."""

    def __init__(self) -> None:
        super().__init__(every=EVERY, most=MOST_WAITING)


def init_app(app: Flask) -> None:
    app.extensions["daily_numbers"] = Notes()
    app.after_request(_after)


def note_found(listing_ids: Iterable[int]) -> None:
    """Count that a visitor of this request sees these listings among results."""
    if _is_visitor():
        _notes().add({(listing_id, now().date()): Counts(found=1) for listing_id in listing_ids})


def flush(app: Flask) -> int:
    """Write what has gathered; gives the number of listings and days. What a busy database cannot take now waits for
    the next time."""
    notes: Notes = app.extensions["daily_numbers"]
    taken = notes.take()
    try:
        with app.app_context():
            write(taken)
    except OperationalError as error:
        log.info("numbers not written down, next time again: %s", type(error).__name__)
        notes.add(taken)
        return 0
    except SQLAlchemyError as error:
        log.warning("%s numbers that cannot be written down are dropped: %s", len(taken), type(error).__name__)
        return 0
    return len(taken)


def _after(response: Response) -> Response:
    is_shown = response.status_code == 200 and request.method == "GET"
    if request.endpoint == LISTINGS and is_shown and request.view_args and _is_visitor():
        _notes().add({(request.view_args["listing_id"], now().date()): Counts(views=1)})
    if _notes().is_due():
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        response.call_on_close(lambda: flush(app))
    return response


def _is_visitor() -> bool:
    ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    return not (ahead or ROBOTS.search(request.user_agent.string) or me())


def _notes() -> Notes:
    notes: Notes = current_app.extensions["daily_numbers"]
    return notes
