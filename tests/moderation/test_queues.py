"""The desk's queues: what waits where, for whom, and how much it costs to look."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind, Listing, Review
from facilities.db import db, now
from facilities.enquiries.models import Delivery, Enquiry, Stage
from facilities.formats import site_today
from facilities.moderation.claiming import claim_listing
from facilities.moderation.models import Duplicate, ReportReason
from facilities.moderation.queues import Queue, counts, counts_for, ids_of, position_of, waiting_for
from facilities.moderation.reporting import report_listing
from facilities.needs.models import PublicNeed
from facilities.outbox.models import Job, JobKind, JobStatus
from tests.counting import statements
from tests.enquiry_cast import enquiry_to
from tests.listings import add
from tests.moderation.cast import Cast, cast, hand_in, propose
from tests.people import add_user, client_of


def fill_every_queue(people: Cast) -> None:
    """One thing in each queue."""
    hand_in("New scope", people.editor, parent=people.facility)
    propose(people.microscope, people.editor, summary="Sharper")
    other = add(Kind.FACILITY, "Lumen Imaging Core", contacts=[{"role": "Manager", "email": "lumen@example.org"}])
    claim_listing(other, by=add_user("Clai Mant"), message="It is mine.")
    report_listing(people.facility, ReportReason.CLOSED, "", email="", locale="en")
    first, second = sorted((people.facility.id, other.id))
    db.session.add(Duplicate(first_id=first, second_id=second, signs=["name"]))
    people.university.confirmed_at = now() - timedelta(days=800)
    db.session.add(undelivered(other))
    held, need = enquiry_to(other), enquiry_to()
    held.stage, need.stage = Stage.HELD, Stage.TO_MATCH
    db.session.add_all([held, need])
    db.session.flush()
    given_up = {"kind": JobKind.ENQUIRY_LETTER, "status": JobStatus.DEAD, "done_at": now()}
    db.session.add(Job(subject_id=held.recipients[0].id, **given_up))
    public = PublicNeed(form_id="1", title="Cold room", ends_on=site_today(), organisation_id=people.university.id)
    db.session.add(public)
    db.session.commit()


def undelivered(listing: Listing) -> Enquiry:
    return enquiry_to(listing, delivery=Delivery.FAILED, delivery_detail="550 no such mailbox")


def test_each_queue_counts_and_shows_what_waits_in_it(app_on: Flask) -> None:
    people = cast()
    fill_every_queue(people)
    assert counts() == dict.fromkeys(Queue, 1)
    client = client_of(app_on, people.moderator)
    for queue in Queue:
        page = client.get(queue.url)
        assert page.status_code == 200
        assert "data-open" in page.text or "data-row" in page.text, queue
    assert f"{len(Queue)} things wait" in client.get("/moderate/").text


def test_a_queue_costs_the_same_however_long_it_is(app: Flask) -> None:
    people = cast()
    fill_every_queue(people)
    client = client_of(app, people.moderator)
    spent = {queue: cost_of(client, queue) for queue in Queue}
    for number in range(6):
        hand_in(f"Scope {number}", people.editor, parent=people.facility)
        listing = add(Kind.INSTRUMENT, f"Balance {number}", parent=people.facility)
        propose(listing, people.editor, summary=f"Number {number}")
        report_listing(listing, ReportReason.WRONG, str(number), email="", locale="en")
    assert {queue: cost_of(client, queue) for queue in Queue} == spent
    assert max(spent.values()) <= 16


def cost_of(client: FlaskClient, queue: Queue) -> int:
    with statements() as sent:
        client.get(queue.url)
    return len(sent)


def test_the_desk_sees_only_what_no_manager_decides_unless_it_asks(app_on: Flask) -> None:
    people = cast(Review.MANAGER)
    hand_in("New scope", people.editor, parent=people.facility)
    propose(people.microscope, people.editor, summary="Sharper")
    assert counts()[Queue.NEW] == counts()[Queue.CHANGED] == 0
    assert counts_for(people.manager) == {Queue.NEW: 1, Queue.CHANGED: 1}
    client = client_of(app_on, people.moderator)
    assert "Zeiss LSM 880" not in client.get("/moderate/queues/changed").text
    assert "Zeiss LSM 880" in client.get("/moderate/queues/changed?whose=all").text
    assert "Zeiss LSM 880" in client_of(app_on, people.manager).get("/manage/reviews?queue=changed").text


def test_what_nobody_manages_waits_for_the_desk(app_on: Flask) -> None:
    people = cast(Review.MANAGER)
    db.session.delete(people.manager)
    db.session.commit()
    propose(people.microscope, people.editor, summary="Sharper")
    assert counts()[Queue.CHANGED] == 1


def test_a_manager_sees_nothing_of_other_organisations(app_on: Flask) -> None:
    people = cast(Review.MANAGER)
    stranger = add_user("Stran Ger", manager_of=add(Kind.ORGANISATION, "Elsewhere University"))
    propose(people.microscope, people.editor, summary="Sharper")
    assert counts_for(stranger) == {Queue.NEW: 0, Queue.CHANGED: 0}
    client = client_of(app_on, stranger)
    assert "Zeiss" not in client.get("/manage/reviews?queue=changed").text
    assert client.get(f"/manage/reviews/{people.microscope.id}").status_code == 403


def test_the_oldest_comes_first_and_knows_its_neighbours(app_on: Flask) -> None:
    people = cast()
    scopes = [hand_in(f"Scope {number}", people.editor, parent=people.facility) for number in range(3)]
    waiting = waiting_for(people.moderator, Queue.NEW)
    assert ids_of(waiting, 2, 0) == [scopes[0].id, scopes[1].id]
    middle = position_of(waiting, scopes[1].id)
    assert middle is not None
    assert (middle.number, middle.total, middle.previous, middle.next) == (2, 3, scopes[0].id, scopes[2].id)
    assert position_of(waiting, people.facility.id) is None


def test_a_contact_leaves_the_queue_when_its_address_changes_or_a_later_letter_arrives(app_on: Flask) -> None:
    facility = add(Kind.FACILITY, "Lumen", contacts=[{"role": "Manager", "email": "lumen@example.org"}])
    lost = undelivered(facility)
    db.session.add(lost)
    db.session.commit()
    assert counts()[Queue.UNDELIVERABLE] == 1
    later = undelivered(facility)
    later.form_id, later.recipients[0].delivery = "2", Delivery.SENT
    db.session.add(later)
    db.session.commit()
    assert counts()[Queue.UNDELIVERABLE] == 0


@pytest.mark.parametrize("name", ["nothing", "NEW", ""])
def test_a_queue_that_is_none_is_not_found(app: Flask, name: str) -> None:
    client = client_of(app, cast().moderator)
    assert client.get(f"/moderate/queues/{name}").status_code == 404


def test_a_page_number_beyond_the_end_leads_back(app: Flask) -> None:
    people = cast()
    hand_in("New scope", people.editor, parent=people.facility)
    page = client_of(app, people.moderator).get("/moderate/queues/new?page=900")
    assert page.status_code == 200
    assert "Begin at the front" in page.text
