"""The worker: every letter sent once, tried again when it cannot be, and given up only in the server's words."""

import re
import threading
from datetime import timedelta
from threading import Event
from time import monotonic, sleep

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import db, now
from facilities.enquiries.models import Delivery, Enquiry, EnquiryStatus, Recipient, Thread
from facilities.manage.confirmation import AGAIN
from facilities.outbox import actions as outbox
from facilities.outbox.letters import note_sent
from facilities.outbox.models import Job, JobStatus, StoredLetter
from facilities.outbox.upkeep import KEPT, forget_sent_letters
from facilities.outbox.worker import work, work_once
from tests.enquiry_cast import Catalogue, Visitor, make_due
from tests.outbox.letters import put
from tests.post_office import PostOffice


@pytest.fixture
def app(app_on_each: Flask) -> Flask:
    return app_on_each


def states(app: Flask) -> set[JobStatus]:
    with app.app_context():
        return set(db.session.scalars(sa.select(Job.status)))


def errors(app: Flask, status: JobStatus) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Job.error).where(Job.status == status)))


def test_letters_reach_recipients_and_requester(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    token = visitor.sent(catalogue.microscope, catalogue.cytometer, catalogue.service)
    assert work_once(visitor.app) == 3
    (asked,) = post_office.letters_to("light@example.org")
    assert asked["Reply-To"].addresses[0].addr_spec == "anna.berg@example.net"
    assert "LSM 880" in asked.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "FACSAria III" in asked.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (receipt,) = post_office.letters_to("anna.berg@example.net")
    assert f"http://catalogue.test/enquiries/{token}" in receipt.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    enquiry = visitor.enquiry(token)
    assert {recipient.delivery for recipient in enquiry.recipients} == {Delivery.SENT}
    assert (enquiry.receipt, enquiry.status) == (Delivery.SENT, EnquiryStatus.DELIVERED)
    assert states(visitor.app) == {JobStatus.DONE}


def test_what_was_sent_is_not_sent_again(visitor: Visitor, catalogue: Catalogue, post_office: PostOffice) -> None:
    visitor.sent(catalogue.microscope)
    assert [work_once(visitor.app), work_once(visitor.app)] == [2, 0]
    assert len(post_office.letters) == 2


def test_a_delayed_letter_is_tried_again_later(visitor: Visitor, catalogue: Catalogue, post_office: PostOffice) -> None:
    post_office.to_data = "451 Try again"
    token = visitor.sent(catalogue.microscope)
    work_once(visitor.app)
    assert visitor.enquiry(token).recipients[0].delivery == Delivery.DEFERRED
    assert visitor.enquiry(token).recipients[0].delivery_detail == "451 Try again"
    assert work_once(visitor.app) == 0
    post_office.to_data = "250 OK"
    make_due(visitor.app)
    assert work_once(visitor.app) == 2
    assert visitor.enquiry(token).recipients[0].delivery == Delivery.SENT


def test_pauses_grow_and_letters_that_failed_together_come_back_apart() -> None:
    for attempts in range(1, outbox.MOST_ATTEMPTS):
        pauses = [outbox.pause_after(attempts) for _ in range(100)]
        longest = min(outbox.FIRST_PAUSE * 2 ** (attempts - 1), outbox.LONGEST_PAUSE)
        assert outbox.SHORTEST_PAUSE <= min(pauses) < longest / 4
        assert longest * 3 / 4 < max(pauses) <= longest


def test_a_weekend_without_mail_server_gives_no_letter_up() -> None:
    waited = [sum(map(outbox.pause_after, range(1, outbox.MOST_ATTEMPTS)), timedelta()) for _ in range(50)]
    assert timedelta(days=2.5) < min(waited)
    assert max(waited) < timedelta(days=6)


def test_a_refused_letter_is_given_up_in_the_servers_words(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    post_office.to_recipient["light@example.org"] = "550 No such mailbox"
    token = visitor.sent(catalogue.microscope)
    work_once(visitor.app)
    enquiry = visitor.enquiry(token)
    assert enquiry.recipients[0].delivery == Delivery.FAILED
    assert enquiry.recipients[0].delivery_detail == "550 No such mailbox"
    assert enquiry.receipt == Delivery.SENT
    assert enquiry.status == EnquiryStatus.NEW
    assert errors(visitor.app, JobStatus.DEAD) == ["550 No such mailbox"]


def test_a_letter_is_given_up_after_its_last_attempt(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 2)
    post_office.to_data = "451 Try again"
    token = visitor.sent(catalogue.microscope)
    for _ in range(2):
        make_due(visitor.app)
        work_once(visitor.app)
    assert visitor.enquiry(token).recipients[0].delivery == Delivery.FAILED
    assert visitor.enquiry(token).receipt == Delivery.FAILED
    assert errors(visitor.app, JobStatus.DEAD) == ["451 Try again"] * 2


def test_a_letter_sent_again_is_the_same_letter(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    post_office.hangs_up_after_data = True
    visitor.sent(catalogue.microscope)
    work_once(visitor.app)
    post_office.hangs_up_after_data = False
    make_due(visitor.app)
    work_once(visitor.app)
    first, again = post_office.letters_to("light@example.org")
    assert first.as_bytes() == again.as_bytes()


def test_an_address_that_is_none_does_not_stop_the_others(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    token = visitor.sent(catalogue.microscope, catalogue.service)
    with visitor.app.app_context():
        first = visitor.enquiry(token).recipients[0].id
        db.session.execute(sa.update(Recipient).where(Recipient.id == first).values(email="not an address"))
        db.session.commit()
    work_once(visitor.app)
    deliveries = [recipient.delivery for recipient in visitor.enquiry(token).recipients]
    assert deliveries[:2] == [Delivery.FAILED, Delivery.SENT]


def test_the_letters_of_a_removed_enquiry_are_given_up(visitor: Visitor, catalogue: Catalogue) -> None:
    visitor.sent(catalogue.microscope)
    with visitor.app.app_context():
        db.session.execute(sa.delete(Enquiry))
        db.session.commit()
    assert work_once(visitor.app) == 2
    assert states(visitor.app) == {JobStatus.DONE}


def test_a_letter_that_still_waits_when_its_thread_is_found_to_be_spam_stays_unsent(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    visitor.sent(catalogue.microscope)
    with visitor.app.app_context():
        db.session.execute(sa.update(Thread).values(status=EnquiryStatus.SPAM))
        db.session.commit()
    work_once(visitor.app)
    assert post_office.letters_to("light@example.org") == []
    assert len(post_office.letters_to("anna.berg@example.net")) == 1


def test_an_opened_enquiry_is_not_set_back_to_delivered(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    token = visitor.sent(catalogue.microscope)
    with visitor.app.app_context():
        db.session.execute(sa.update(Thread).values(status=EnquiryStatus.OPENED))
        db.session.commit()
    work_once(visitor.app)
    assert visitor.enquiry(token).status == EnquiryStatus.OPENED


def test_a_claimed_job_is_out_of_reach_until_its_lease_ends(visitor: Visitor, catalogue: Catalogue) -> None:
    visitor.sent(catalogue.microscope)
    moment = now()
    with visitor.app.app_context():
        job = db.session.scalars(sa.select(Job)).first()
        assert job is not None
        attempts = [moment, moment, moment + outbox.LEASE - timedelta(seconds=1), moment + outbox.LEASE]
        assert [outbox.claim(job, at=at) for at in attempts] == [True, False, False, True]


def test_letters_that_were_sent_are_forgotten_after_a_month_and_those_of_a_thread_stay(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    visitor.sent(catalogue.microscope)
    with app.app_context():
        put("old@example.org", "new@example.org", "waiting@example.org", "thread@example.org")
        old, new, _waiting, about = db.session.scalars(sa.select(StoredLetter).order_by(StoredLetter.id))
        for letter in (old, about, new):
            note_sent(letter)
        old.sent_at = about.sent_at = now() - KEPT - timedelta(hours=1)
        new.sent_at = now() - AGAIN + timedelta(hours=1)
        about.thread_id = db.session.scalars(sa.select(Thread.id)).first()
        db.session.commit()
        assert forget_sent_letters() == 1
        left = set(db.session.scalars(sa.select(StoredLetter.to)))
        assert left == {"new@example.org", "waiting@example.org", "thread@example.org"}


def test_the_worker_works_until_it_is_told_to_stop(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    stop = Event()
    worker = threading.Thread(target=work, args=(visitor.app, stop))
    worker.start()
    visitor.sent(catalogue.microscope)
    until = monotonic() + 20
    while len(post_office.letters) < 2 and monotonic() < until:
        sleep(0.05)
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
    assert len(post_office.letters) == 2


def test_a_worker_outlives_a_database_that_is_away(
    visitor: Visitor, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Event()
    monkeypatch.setattr("facilities.outbox.worker.TROUBLE", 0.01)
    with visitor.app.app_context():
        db.session.execute(sa.text("ALTER TABLE jobs RENAME TO elsewhere"))
        db.session.commit()
    worker = threading.Thread(target=work, args=(visitor.app, stop))
    worker.start()
    until = monotonic() + 20
    while "round not finished" not in caplog.text and monotonic() < until:
        sleep(0.01)
    assert worker.is_alive()
    stop.set()
    worker.join(10)
    assert re.search("round not finished", caplog.text)
