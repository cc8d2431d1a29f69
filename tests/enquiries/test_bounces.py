"""Letters that come back: written where owners and the desk see it, and somebody else is asked."""

import os

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.models import Contact
from facilities.db import db
from facilities.enquiries.incoming.outcomes import Bounced
from facilities.enquiries.models import Delivery, Enquiry, Recipient, Thread
from facilities.manage.needs import lost_contacts
from facilities.moderation.queues import undeliverable_contacts
from facilities.outbox.models import Job, JobKind, StoredLetter
from facilities.outbox.worker import work_once
from facilities.reply_address import Side
from tests.enquiries.arriving import Arrivals, bounce, contacts, letter
from tests.enquiry_cast import Catalogue
from tests.people import add_user
from tests.post_office import PostOffice


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


def recipients(app: Flask) -> list[Recipient]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Recipient).order_by(Recipient.id)))


def test_a_letter_that_comes_back_leads_to_the_next_in_charge(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, catalogue: Catalogue
) -> None:
    back = arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)
    assert isinstance(arrivals.bring(bounce(back)), Bounced)
    first, second = recipients(app)
    assert (first.delivery, first.delivery_detail) == (Delivery.BOUNCED, "550 5.1.1 No such user")
    assert second.email == "office@example.org"
    lost = contacts(app, catalogue.facility)[0]
    assert lost.bounced_at is not None
    assert lost.bounce_words == "550 5.1.1 No such user"
    with app.app_context():
        letters = sa.select(Job.subject_id).where(Job.kind == JobKind.ENQUIRY_LETTER)
        assert second.id in db.session.scalars(letters).all()
        assert [each.email for each in lost_contacts([catalogue.facility])] == ["light@example.org"]
        assert [row.id for row in db.session.execute(undeliverable_contacts())] == [first.id]


def test_the_same_bounce_again_changes_nothing(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    back = arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)
    for _time in range(2):
        arrivals.bring(bounce(back))
    assert len(recipients(app)) == 2


def test_a_contact_whose_address_has_been_put_right_is_not_marked(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, catalogue: Catalogue
) -> None:
    with app.app_context():
        contact = db.session.scalar(sa.select(Contact).where(Contact.email == "light@example.org"))
        assert contact is not None
        contact.email = "new@example.org"
        db.session.commit()
    arrivals.bring(bounce(arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)))
    assert recipients(app)[0].delivery == Delivery.BOUNCED
    assert contacts(app, catalogue.facility)[0].bounced_at is None


@pytest.mark.parametrize(
    ("status", "words"),
    [("5.7.1", "550 5.7.1 Refused"), ("5.2.2", "552 5.2.2 Over"), ("5.0.0", "554 this looks like spam")],
)
def test_a_letter_that_is_refused_for_what_it_says_does_not_make_its_contact_look_lost(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, catalogue: Catalogue, status: str, words: str
) -> None:
    back = arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)
    arrivals.bring(bounce(back, status=status, words=words))
    first, second = recipients(app)
    assert (first.delivery, second.email) == (Delivery.BOUNCED, "office@example.org")
    assert contacts(app, catalogue.facility)[0].bounced_at is None


def test_a_letter_that_waits_at_a_server_is_only_said_to_be_late(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, catalogue: Catalogue
) -> None:
    back = arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)
    arrivals.bring(bounce(back, action="delayed", status="4.4.1", words="451 4.4.1 try later"))
    (only,) = recipients(app)
    assert (only.delivery, only.delivery_detail) == (Delivery.DEFERRED, "451 4.4.1 try later")
    assert contacts(app, catalogue.facility)[0].bounced_at is None


def test_whoever_answers_has_received_what_was_late(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    recipient = enquiry.recipients[0].id
    arrivals.bring(bounce(arrivals.address(Side.BACK_RECIPIENT, recipient), action="delayed", status="4.4.1"))
    arrivals.bring(letter(arrivals.address(Side.MAILBOX, recipient)))
    assert recipients(app)[0].delivery == Delivery.SENT


def test_owners_read_that_the_requesters_address_does_not_work(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    back = arrivals.address(Side.BACK_RECEIPT, enquiry.id)
    for _time in range(2):
        arrivals.bring(bounce(back))
    with app.app_context():
        assert db.session.get_one(Enquiry, enquiry.id).receipt == Delivery.BOUNCED
    (note,) = arrivals.said(internal=True)
    assert "550 5.1.1 No such user" in note.body


def test_an_answer_that_does_not_reach_the_requester_is_told_to_the_owners(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    arrivals.bring(letter(arrivals.address(Side.MAILBOX, enquiry.recipients[0].id)))
    with app.app_context():
        answer = db.session.scalar(sa.select(StoredLetter.id).where(StoredLetter.name == "answer"))
        assert answer is not None
    arrivals.bring(bounce(arrivals.address(Side.BACK_LETTER, answer)))
    with app.app_context():
        stored = db.session.get_one(StoredLetter, answer)
        assert stored.delivery == Delivery.BOUNCED
        assert stored.bounced_at is not None
        assert db.session.get_one(Enquiry, enquiry.id).receipt == Delivery.BOUNCED
    assert len(arrivals.said(internal=True)) == 1


def test_a_later_letter_that_comes_back_leads_to_the_next_in_charge_too(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    arrivals.bring(
        letter(arrivals.address(Side.REQUESTER, enquiry.threads[0].id), "When?", sender=enquiry.requester_email)
    )
    with app.app_context():
        reply = db.session.scalar(sa.select(StoredLetter.id).where(StoredLetter.name == "reply"))
        assert reply is not None
    arrivals.bring(bounce(arrivals.address(Side.BACK_LETTER, reply)))
    assert [(each.email, each.delivery) for each in recipients(app)] == [
        ("light@example.org", Delivery.BOUNCED),
        ("office@example.org", Delivery.WAITING),
    ]


def test_a_thread_whose_colleague_is_not_reached_is_everybodys_again(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry
) -> None:
    with app.app_context():
        thread = db.session.get_one(Thread, enquiry.threads[0].id)
        thread.assigned_to = add_user("Carl", editor_of=thread.listing)
        db.session.commit()
    arrivals.bring(
        letter(arrivals.address(Side.REQUESTER, enquiry.threads[0].id), "When?", sender=enquiry.requester_email)
    )
    assert arrivals.letters("reply") == ["carl@example.org"]
    with app.app_context():
        reply = db.session.scalar(sa.select(StoredLetter.id).where(StoredLetter.name == "reply")) or 0
    arrivals.bring(bounce(arrivals.address(Side.BACK_LETTER, reply)))
    assert arrivals.letters("reply") == ["carl@example.org", "light@example.org"]
    with app.app_context():
        assert db.session.get_one(Thread, enquiry.threads[0].id).assigned_to is None


def test_a_later_letter_that_is_refused_at_once_is_told_as_one_that_came_back(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, post_office: PostOffice
) -> None:
    work_once(app)
    post_office.to_recipient |= {"light@example.org": "550 Gone", enquiry.requester_email: "550 Nobody"}
    arrivals.bring(
        letter(
            arrivals.address(Side.REQUESTER, enquiry.threads[0].id),
            "When?",
            sender=enquiry.requester_email,
            Message_ID="<q@x>",
        )
    )
    work_once(app)
    first, second = recipients(app)
    assert (first.delivery, first.delivery_detail, second.email) == (Delivery.FAILED, "550 Gone", "office@example.org")
    arrivals.bring(letter(arrivals.address(Side.MAILBOX, second.id), "On Tuesday.", Message_ID="<a@x>"))
    work_once(app)
    assert [note.body.rpartition(": ")[2] for note in arrivals.said(internal=True)] == ["550 Nobody"]


def test_a_report_that_all_went_well_changes_nothing(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    back = arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)
    outcome = arrivals.bring(bounce(back, action="delivered", status="2.0.0", words="250 OK"))
    assert outcome.code == os.EX_OK
    assert [each.delivery for each in recipients(app)] == [Delivery.WAITING]


def test_a_letter_that_came_back_at_once_does_not_count_as_sent_afterwards(
    app: Flask, arrivals: Arrivals, enquiry: Enquiry, post_office: PostOffice
) -> None:
    back = arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)
    post_office.on_letter = lambda: arrivals.bring(bounce(back)) and None
    work_once(app)
    assert recipients(app)[0].delivery == Delivery.BOUNCED


def test_a_bounce_as_older_servers_write_it_is_understood(app: Flask, arrivals: Arrivals, enquiry: Enquiry) -> None:
    back = arrivals.address(Side.BACK_RECIPIENT, enquiry.recipients[0].id)
    words = (
        "Hi. This is the qmail-send program at example.org.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<light@example.org>:\nSorry, no mailbox here by that name.\n\n"
        "--- Below this line is a copy of the message.\n"
    )
    arrivals.bring(letter(back, words, sender="MAILER-DAEMON@example.org", Return_Path="<>"))
    assert recipients(app)[0].delivery == Delivery.BOUNCED
    assert "no mailbox here" in recipients(app)[0].delivery_detail
