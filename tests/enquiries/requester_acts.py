"""What owners say and requesters press, for the tests of the private page."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from facilities.db import db
from facilities.enquiries.models import Enquiry, Quote, Thread
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import thread_to_change, thread_to_read
from facilities.enquiries.threads.speaking import Said, say
from facilities.outbox.models import StoredLetter
from tests.enquiry_cast import Visitor


def threads_of(visitor: Visitor, token: str) -> dict[str, int]:
    """The ids of the threads by the names of their listings."""
    return {thread.listing_name: thread.id for thread in visitor.enquiry(token).threads}


def owner_does(app: Flask, thread_id: int, act: Callable[[Thread], Any]) -> None:
    with app.app_context():
        thread = thread_to_change(thread_id)
        assert thread is not None
        act(thread)


def answer(app: Flask, thread_id: int, body: str, **said: Any) -> None:
    """The first recipient answers, with what else `said` holds."""
    owner_does(
        app, thread_id, lambda thread: say(thread, Said(body, **said), by=speakers.mailbox(thread.recipients[0]))
    )


def quote(amount: str, **more: Any) -> Quote:
    offer = {"currency": "SEK", "basis": "sample", "lead_days": 10, "valid_until": date(2031, 5, 4), "terms": "Net 30"}
    return Quote(amount=Decimal(amount), **offer | more)


def press(visitor: Visitor, token: str, path: str, **typed: Any) -> TestResponse:
    """Send a form of the private page, or of a page below it."""
    return visitor.post(f"/enquiries/{token}{path}", typed)


def end(visitor: Visitor, token: str, thread_id: int, act: str, **typed: Any) -> TestResponse:
    """Open the page that asks once more, and press its button."""
    path = f"/threads/{thread_id}/{act}"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', visitor.get(f"/enquiries/{token}{path}").text)
    assert seen is not None
    return press(visitor, token, path, seen=seen.group(1), **typed)


def thread(app: Flask, thread_id: int) -> Thread:
    """The thread as it is stored now, with what was said."""
    with app.app_context():
        found = thread_to_read(thread_id)
        assert found is not None
        return found


def letters(app: Flask, name: str) -> list[StoredLetter]:
    with app.app_context():
        named = sa.select(StoredLetter).where(StoredLetter.name == name)
        return list(db.session.scalars(named.order_by(StoredLetter.id)))


def change(app: Flask, **values: Any) -> None:
    """Put the only enquiry into a state that takes long to come by."""
    with app.app_context():
        db.session.execute(sa.update(Enquiry).values(**values))
        db.session.commit()
