"""Letters and both databases: the same letter that comes by two roads at once, and what neither can hold."""

from threading import Barrier
from threading import Thread as Runner

import pytest
from flask import Flask

from facilities.enquiries.incoming.outcomes import Outcome
from facilities.enquiries.models import Delivery, Enquiry
from facilities.reply_address import Side
from tests.enquiries.arriving import Arrivals, bounce, letter


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


def at_once(arrivals: Arrivals, *letters: bytes) -> list[Outcome]:
    """Hand all of them over at the same moment, each in a thread of its own."""
    ready, outcomes = Barrier(len(letters)), []

    def bring(raw: bytes) -> None:
        ready.wait()
        outcomes.append(arrivals.bring(raw))

    runners = [Runner(target=bring, args=(raw,)) for raw in letters]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return outcomes


def test_a_letter_by_two_roads_at_once_is_said_once(arrivals: Arrivals, enquiry: Enquiry) -> None:
    answer = letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)).as_bytes()
    first, second, third = at_once(arrivals, answer, answer, answer)
    assert first == second == third
    assert [each.body for each in arrivals.said()] == ["Yes, on Tuesday."]
    assert arrivals.letters("answer") == [enquiry.requester_email]


def test_a_bounce_and_an_answer_at_once_are_both_noted(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    recipient = enquiry.recipients[0].id
    back = bounce(arrivals.address(Side.BACK_RECIPIENT, recipient))
    answer = letter(arrivals.address(Side.MAILBOX, recipient)).as_bytes()
    outcomes = at_once(arrivals, back, answer, back)
    assert [each.code for each in outcomes] == [0, 0, 0]
    assert len(arrivals.said()) == 1
    assert {each.delivery for each in arrivals.recipients()} == {Delivery.BOUNCED, Delivery.WAITING}
    assert len(arrivals.recipients()) == 2


def test_what_the_database_cannot_hold_is_left_out(arrivals: Arrivals, enquiry: Enquiry) -> None:
    to = arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)
    arrivals.bring(f"To: {to}\nFrom: a\0@b.c\nSubject: \0\nMessage-ID: <\0@x>\n\nYes\0, on\x1b Tuesday".encode())
    assert [each.body for each in arrivals.said()] == ["Yes, on Tuesday"]
