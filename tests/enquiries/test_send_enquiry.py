"""Storing an enquiry: all of it in one commit, once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import db, now
from facilities.enquiries import limits
from facilities.enquiries.actions import send_enquiry, write_enquiry
from facilities.enquiries.draft import Draft
from facilities.enquiries.models import Author, Enquiry, EnquiryKind, Message, Recipient, Route
from facilities.enquiries.queries import listings_to_ask
from facilities.outbox.models import Job, JobKind
from tests.enquiry_cast import Catalogue, Visitor

DRAFT = Draft(EnquiryKind.QUESTION, "Is it free on Monday?", "Anna Berg", "anna@example.net")


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


def send(*listings: int, draft: Draft = DRAFT, form_id: str = "form") -> Enquiry:
    return send_enquiry(draft, listings_to_ask(listings), form_id=form_id, desk_email="desk@example.org")


def jobs() -> list[tuple[JobKind, int]]:
    return [(job.kind, job.subject_id) for job in db.session.scalars(sa.select(Job).order_by(Job.id))]


def test_an_enquiry_is_stored_with_its_message_recipients_and_jobs(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        enquiry = send(catalogue.microscope, catalogue.orphan)
        assert [(m.author, m.body) for m in enquiry.messages] == [(Author.REQUESTER, DRAFT.message)]
        assert [(r.listing_name, r.role, r.route) for r in enquiry.recipients] == [
            ("LSM 880", "Manager", Route.FACILITY),
            ("Lone balance", "Desk of the catalogue", Route.DESK),
        ]
        assert jobs() == [
            *((JobKind.ENQUIRY_LETTER, recipient.id) for recipient in enquiry.recipients),
            (JobKind.RECEIPT_LETTER, enquiry.id),
        ]


def test_listings_that_share_a_mailbox_share_a_letter(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        enquiry = send(catalogue.microscope, catalogue.cytometer, catalogue.facility)
        assert len(enquiry.recipients) == 3
        assert jobs() == [
            (JobKind.ENQUIRY_LETTER, enquiry.recipients[0].id),
            (JobKind.RECEIPT_LETTER, enquiry.id),
        ]


def test_a_form_is_stored_once(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        assert send(catalogue.microscope).id == send(catalogue.microscope).id
        assert len(jobs()) == 2


def test_a_form_sent_twice_at_the_same_moment_is_stored_once(visitor: Visitor, catalogue: Catalogue) -> None:
    form = visitor.form(catalogue.microscope)
    visitors = [Visitor(visitor.app) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post("/enquiries/new", form), visitors))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert visitor.count(Enquiry) == 1
    assert visitor.count(Job) == 2


def test_an_enquiry_over_the_limit_leaves_nothing_behind(
    app: Flask, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_REQUESTER", 1)
    with app.app_context():
        send(catalogue.microscope)
        with pytest.raises(limits.TooManyFromRequester):
            send(catalogue.orphan, form_id="other")
        assert db.session.scalar(sa.select(sa.func.count(Enquiry.id))) == 1


def test_yesterdays_enquiries_are_forgiven(app: Flask, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_REQUESTER", 1)
    with app.app_context():
        send(catalogue.microscope)
        db.session.execute(sa.update(Enquiry).values(created_at=now() - timedelta(hours=25)))
        db.session.commit()
        assert send(catalogue.orphan, form_id="other").id


def test_a_written_enquiry_is_not_a_stored_one(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        write_enquiry(DRAFT, listings_to_ask([catalogue.microscope]), form_id="", desk_email="d@example.org", at=now())
        db.session.commit()
        counts = [db.session.scalar(sa.select(sa.func.count()).select_from(m)) for m in (Enquiry, Recipient, Message)]
        assert counts == [0, 0, 0]


def test_going_back_and_sending_again_is_one_enquiry(visitor: Visitor, catalogue: Catalogue) -> None:
    first = visitor.sent(catalogue.microscope)
    assert visitor.sent(catalogue.microscope) == first
    assert visitor.sent(catalogue.microscope, message="And how long does it take?") != first
    assert visitor.sent(catalogue.cytometer) != first
    assert visitor.count(Enquiry) == 3


def test_who_was_asked_and_sends_the_same_words_is_not_led_to_the_private_page(
    app: Flask, catalogue: Catalogue
) -> None:
    first = Visitor(app).sent(catalogue.microscope)
    assert Visitor(app).sent(catalogue.microscope) != first
