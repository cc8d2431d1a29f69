"""A first letter that does not arrive: the enquiry goes to whoever is next, up to the desk, and to nobody twice."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from threading import Thread as Runner

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.models import Contact, Listing
from facilities.db import db, now, writing
from facilities.enquiries.actions import note_delivery, send_enquiry
from facilities.enquiries.draft import Draft
from facilities.enquiries.emails import enquiry_letter
from facilities.enquiries.models import Delivery, Enquiry, EnquiryKind, EnquiryStatus, Recipient, Thread
from facilities.enquiries.queries import listings_to_ask, recipients_of_letter
from facilities.enquiries.rerouting import reroute
from facilities.enquiries.routing import explain
from facilities.mail import compose
from facilities.outbox.models import Job, JobKind
from facilities.outbox.worker import work_once
from tests.enquiry_cast import Catalogue, make_due
from tests.post_office import PostOffice


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


DRAFT = Draft(
    kind=EnquiryKind.QUESTION,
    message="Can you image thick sections?",
    name="Anna Berg",
    email="anna.berg@example.net",
)


def sent(app: Flask, *listings: int, kind: EnquiryKind = EnquiryKind.QUESTION) -> None:
    """An enquiry to these listings, as the form sends it."""
    with app.test_request_context():
        writing()
        draft = replace(DRAFT, kind=kind)
        send_enquiry(draft, listings_to_ask(listings), form_id="form", desk_email="desk@example.org")


def recipients(app: Flask) -> list[tuple[str, str]]:
    """Mailbox and delivery of all recipients, the first ones first."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Recipient).order_by(Recipient.id))
        return [(each.email.removesuffix("@example.org"), each.delivery.value) for each in rows]


def fail(app: Flask, mailbox: str, words: str = "550 5.1.1 no such user") -> None:
    """As the worker notes a letter that the server has turned away."""
    with app.app_context():
        writing()
        query = sa.select(Recipient).where(Recipient.email == f"{mailbox}@example.org")
        note_delivery(db.session.scalars(query).all(), Delivery.FAILED, words)
        db.session.commit()


def letters_waiting(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind == JobKind.ENQUIRY_LETTER)) or 0


def test_when_the_first_letter_fails_the_next_level_receives_the_enquiry(app: Flask, catalogue: Catalogue) -> None:
    sent(app, catalogue.microscope)
    fail(app, "light")
    assert recipients(app) == [("light", "failed"), ("office", "waiting")]
    assert letters_waiting(app) == 2
    with app.test_request_context():
        new = db.session.scalars(sa.select(Recipient).order_by(Recipient.id.desc())).first()
        assert new is not None
        assert explain(new) == (
            "Sent to Infrastructure office of Tvärhav University. "
            "It takes the place of Manager: the first letter could not be delivered. "
            "The mail server said: “550 5.1.1 no such user” "
            "LSM 880 has no contacts of its own. "
            "Price desk of Light Lab does not receive this kind of enquiry."
        )


def test_it_ends_at_the_desk_and_goes_nowhere_twice(app: Flask, catalogue: Catalogue) -> None:
    sent(app, catalogue.microscope)
    for mailbox in ("light", "office", "desk", "light", "desk"):
        fail(app, mailbox)
    assert recipients(app) == [("light", "failed"), ("office", "failed"), ("desk", "failed")]
    assert letters_waiting(app) == 3


def test_a_colleague_who_has_it_already_is_not_written_to_again(app: Flask, catalogue: Catalogue) -> None:
    sent(app, catalogue.microscope, kind=EnquiryKind.QUOTE)
    assert [mailbox for mailbox, _ in recipients(app)] == ["light", "prices"]
    fail(app, "light")
    assert recipients(app) == [("light", "failed"), ("prices", "waiting")]
    fail(app, "prices")
    assert recipients(app)[2:] == [("office", "waiting")]


def test_two_letters_that_fail_in_the_same_moment_do_not_count_on_each_other(app: Flask, catalogue: Catalogue) -> None:
    sent(app, catalogue.microscope, kind=EnquiryKind.QUOTE)
    together = Barrier(2)

    def give_up(mailbox: str) -> None:
        together.wait()
        fail(app, mailbox)

    runners = [Runner(target=give_up, args=(mailbox,)) for mailbox in ("light", "prices")]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert sorted(recipients(app)) == [("light", "failed"), ("office", "waiting"), ("prices", "failed")]


def test_a_letter_that_came_back_goes_on_once(app: Flask, catalogue: Catalogue) -> None:
    sent(app, catalogue.microscope)
    for _twice in range(2):
        with app.app_context():
            writing()
            recipient = db.session.scalars(sa.select(Recipient).where(Recipient.email == "light@example.org")).one()
            recipient.delivery = Delivery.BOUNCED
            assert recipient.contact is not None
            recipient.contact.bounced_at = now()
            added = reroute(recipient, "550 mailbox unavailable", at=now())
            db.session.commit()
            assert [each.reason["instead"]["why"] for each in added] == ([] if _twice else ["bounced"])
    assert recipients(app) == [("light", "bounced"), ("office", "waiting")]


@pytest.mark.parametrize("end", [EnquiryStatus.CLOSED, EnquiryStatus.SPAM, EnquiryStatus.DECLINED])
def test_an_enquiry_that_has_ended_is_sent_to_nobody_else(app: Flask, catalogue: Catalogue, end: EnquiryStatus) -> None:
    sent(app, catalogue.microscope)
    with app.app_context():
        db.session.execute(sa.update(Thread).values(status=end))
        db.session.commit()
    fail(app, "light")
    assert recipients(app) == [("light", "failed")]


def test_an_enquiry_about_a_listing_that_is_gone_goes_to_the_desk(app: Flask, catalogue: Catalogue) -> None:
    sent(app, catalogue.orphan)
    with app.app_context():
        db.session.execute(sa.update(Recipient).values(email="light@example.org"))
        db.session.execute(sa.update(Thread).values(listing_id=None))
        db.session.commit()
    fail(app, "light")
    assert recipients(app) == [("light", "failed"), ("desk", "waiting")]


def test_who_takes_a_place_gets_a_letter_of_its_own_even_where_its_mailbox_had_one(
    app: Flask, catalogue: Catalogue
) -> None:
    sent(app, catalogue.microscope, catalogue.service)
    fail(app, "light")
    with app.app_context():
        first, place = db.session.scalars(
            sa.select(Recipient).where(Recipient.email == "office@example.org").order_by(Recipient.id)
        )
        assert [recipients_of_letter(each.id) for each in (first, place)] == [[first], [place]]
        letters = [compose(enquiry_letter(recipients_of_letter(each.id))) for each in (first, place)]
        assert letters[0]["Message-ID"] != letters[1]["Message-ID"]
        assert letters[1]["Message-ID"] == compose(enquiry_letter([place]))["Message-ID"]


def test_a_mailbox_that_the_server_refuses_costs_no_enquiry(
    app: Flask, catalogue: Catalogue, post_office: PostOffice
) -> None:
    sent(app, catalogue.microscope)
    post_office.to_recipient["light@example.org"] = "550 5.1.1 no such user"
    for _round in range(2):
        make_due(app)
        work_once(app)
    assert len(post_office.letters_to("office@example.org")) == 1
    assert recipients(app) == [("light", "failed"), ("office", "sent")]


def test_leave_and_bounces_are_looked_at_when_an_enquiry_is_sent(app: Flask, catalogue: Catalogue) -> None:
    with app.app_context():
        today = now().date()
        lab = db.session.get_one(Listing, catalogue.facility)
        manager = db.session.scalars(sa.select(Contact).where(Contact.listing_id == lab.id)).first()
        assert manager is not None
        manager.away_from, manager.away_until = today - timedelta(days=1), today + timedelta(days=9)
        manager.deputy_email = "disa@example.org"
        db.session.commit()
    sent(app, catalogue.microscope)
    with app.test_request_context():
        enquiry = db.session.scalars(sa.select(Enquiry)).one()
        assert [each.email for each in enquiry.recipients] == ["disa@example.org"]
        assert explain(enquiry.recipients[0]).startswith("Sent to the deputy of Manager, who is away until ")
