"""What nobody goes on with is closed, both sides are told, and a reply opens it again."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import db
from facilities.enquiries.models import Author, EnquiryStatus, Thread, Turn
from facilities.enquiries.reminders.closing import close_due
from facilities.enquiries.reminders.telling import waiting_words
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import thread_to_change, thread_to_read
from facilities.enquiries.threads.speaking import Said, say
from facilities.outbox.models import StoredLetter
from tests.enquiries.bookings import OPERATOR, REQUESTER, asked_for, changed, day, files_to, operator
from tests.enquiry_cast import Catalogue, Visitor


@pytest.fixture
def answered(app: Flask, visitor: Visitor, catalogue: Catalogue) -> int:
    thread_id = visitor.enquiry(visitor.sent(catalogue.microscope)).threads[0].id
    with app.app_context():
        thread = thread_to_change(thread_id)
        assert thread is not None
        say(thread, Said("Yes, in May."), by=speakers.mailbox(thread.recipients[0]))
    return thread_id


def stored(app: Flask, thread_id: int) -> Thread:
    with app.app_context():
        found = thread_to_read(thread_id)
        assert found is not None
        return found


def close_at(app: Flask, thread_id: int) -> datetime:
    at = stored(app, thread_id).close_at
    assert at is not None
    return at


def told(app: Flask) -> list[str]:
    with app.app_context():
        query = sa.select(StoredLetter.to).where(StoredLetter.name == "closed").order_by(StoredLetter.id)
        return list(db.session.scalars(query))


def test_silence_after_an_answer_closes_the_thread_once_and_tells_both_sides(app: Flask, answered: int) -> None:
    at = close_at(app, answered)
    with app.app_context():
        assert [close_due(at=at + timedelta(seconds=late)) for late in (-1, 0, 1)] == [0, 1, 0]
        assert "A reply opens it again" in waiting_words(stored(app, answered))
    thread = stored(app, answered)
    assert (thread.status, thread.ended_by, thread.turn) == (EnquiryStatus.CLOSED, Author.SITE, Turn.NOBODY)
    assert told(app) == ["anna.berg@example.net", "light@example.org"]


def test_a_reply_opens_it_again(app: Flask, answered: int) -> None:
    with app.app_context():
        close_due(at=close_at(app, answered))
        thread = thread_to_change(answered)
        assert thread is not None
        say(thread, Said("Sorry for the delay."), by=speakers.requester(thread.enquiry))
    thread = stored(app, answered)
    assert (thread.status, thread.turn, thread.closed_at) == (EnquiryStatus.ANSWERED, Turn.OWNER, None)
    assert thread.remind_at is not None


def test_a_reply_in_time_keeps_it_open(app: Flask, answered: int) -> None:
    at = close_at(app, answered)
    with app.app_context():
        thread = thread_to_change(answered)
        assert thread is not None
        say(thread, Said("Which day?"), by=speakers.requester(thread.enquiry))
        assert close_due(at=at) == 0
    assert told(app) == []


def test_what_waits_for_the_owner_is_never_closed_by_time(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    thread_id = visitor.enquiry(visitor.sent(catalogue.microscope)).threads[0].id
    asked_at = stored(app, thread_id).asked_at
    with app.app_context():
        assert close_due(at=asked_at + timedelta(days=3650)) == 0


def test_a_time_that_was_asked_for_and_never_agreed_leaves_the_calendars(app: Flask) -> None:
    with app.app_context():
        thread_id = asked_for(day(40))
        thread = changed(thread_id)
        say(thread, Said("For which samples?", asks_back=True), by=operator(thread))
        at = changed(thread_id).close_at
        assert at is not None
        assert close_due(at=at) == 1
        assert all("METHOD:CANCEL" in files_to(address)[-1] for address in (REQUESTER, OPERATOR))
    assert told(app) == []
