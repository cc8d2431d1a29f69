"""Reporting a listing: by anyone, heard by its managers and the desk, answered if an address is left."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.seal import new_seal
from facilities.moderation.models import CaseState, Decision, DecisionAct, Report, ReportReason
from facilities.moderation.queues import Queue, counts
from facilities.moderation.reporting import MOST_OPEN, report_listing
from tests.conftest import running_app
from tests.counting import statements
from tests.moderation.cast import cast, letters
from tests.people import client_of


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def send(app: Flask, client: FlaskClient, listing: Listing, *, opened: float = 60, **answers: Any) -> Any:
    """Fill in the form that was opened so many seconds ago."""
    address = f"/listings/{listing.id}/report"
    seal = new_seal(app.config["SECRET_KEY"], at=now() - timedelta(seconds=opened))
    said = {"reason": "wrong", "message": "It has moved to Uppsala.", "email": "", "website": "", "seal": seal}
    return client.post(address, data={"csrf_token": token_in(client.get(address).text)} | said | answers)


def test_a_visitor_reports_a_listing_and_its_managers_and_the_desk_hear_of_it(app_on: Flask) -> None:
    people = cast()
    client = client_of(app_on, None)
    assert f"/listings/{people.microscope.id}/report" in client.get(people.microscope.path).text
    answer = send(app_on, client, people.microscope, email="anna@example.net")
    assert answer.location == f"/listings/{people.microscope.id}/report/thanks"
    assert "Thank you" in client.get(answer.location).text
    report = db.session.query(Report).one()
    assert (report.reason, report.message, report.email) == (
        ReportReason.WRONG, "It has moved to Uppsala.", "anna@example.net",
    )  # fmt: skip
    assert counts()[Queue.REPORTED] == 1
    [letter] = letters("listing_reported")
    assert letter.to == people.manager.email
    assert "It has moved to Uppsala." in letter.text
    assert "anna@example.net" not in letter.text + letter.html


def test_the_desk_settles_a_report_and_the_reporter_hears_what_came_of_it(app_on: Flask) -> None:
    people = cast()
    send(app_on, client_of(app_on, None), people.microscope, email="anna@example.net")
    report_id = db.session.query(Report.id).scalar()
    client = client_of(app_on, people.moderator)
    page = client.get(f"/moderate/reports/{report_id}")
    assert "It has moved to Uppsala." in page.text
    data = {"csrf_token": token_in(page.text), "answer": "Corrected, thank you."}
    assert client.post(f"/moderate/reports/{report_id}", data=data | {"act": "accept"}).status_code == 303
    report = db.session.query(Report).one()
    assert (report.state, report.decided_by) == (CaseState.ACCEPTED, "Mode Rator")
    [letter] = letters("report_settled")
    assert letter.to == "anna@example.net"
    assert "Corrected, thank you." in letter.text
    assert db.session.query(Decision).one().act == DecisionAct.REPORT_ACCEPTED
    again = client.post(f"/moderate/reports/{report_id}", data=data | {"act": "reject"})
    assert again.location == "/moderate/queues/reported"
    assert len(letters("report_settled")) == 1


def test_a_reporter_who_is_told_no_is_told_why(app: Flask) -> None:
    people = cast()
    send(app, client_of(app, None), people.microscope, email="anna@example.net")
    client = client_of(app, people.moderator)
    page = client.get("/moderate/reports/1")
    data = {"csrf_token": token_in(page.text), "act": "reject", "answer": ""}
    answer = client.post("/moderate/reports/1", data=data)
    assert answer.status_code == 422
    assert "Say why" in answer.text


def test_a_report_says_what_is_wrong(app: Flask) -> None:
    people = cast()
    client = client_of(app, None)
    for answers in ({"message": ""}, {"reason": ""}, {"email": "anna"}, {"message": "x" * 4001}, {"seal": "none"}):
        answer = send(app, client, people.microscope, **answers)
        assert answer.status_code == 422
        assert "thing to put right" in answer.text or "things to put right" in answer.text
    assert send(app, client, people.microscope, reason="closed", message="").status_code == 303
    assert db.session.query(Report).count() == 1


def test_a_robot_gets_the_same_page_and_nothing_is_kept(app: Flask) -> None:
    people = cast()
    client = client_of(app, None)
    robot = send(app, client, people.microscope, website="http://spam.example")
    person = client.get(send(app, client, people.facility).location)
    assert robot.status_code == person.status_code == 200
    assert "Thank you for the report" in robot.text
    assert [each.listing_id for each in db.session.query(Report)] == [people.facility.id]
    assert send(app, client, people.microscope, opened=0).status_code == 422


def test_the_same_words_sent_twice_are_one_report_and_managers_get_one_letter_in_a_day(app_on: Flask) -> None:
    people = cast()
    for number in range(2):
        report_listing(people.facility, ReportReason.WRONG, "Moved", email="", locale="en")
        report_listing(people.facility, ReportReason.WRONG, f"Moved {number}", email="", locale="en")
    assert db.session.query(Report).count() == 3
    assert len(letters("listing_reported")) == 1
    later = now() + timedelta(days=2)
    report_listing(people.facility, ReportReason.CLOSED, "", email="", locale="en", at=later)
    assert len(letters("listing_reported")) == 2


def test_a_flood_of_reports_ends(app: Flask) -> None:
    people = cast()
    for number in range(MOST_OPEN + 5):
        report_listing(people.facility, ReportReason.OTHER, str(number), email="", locale="en")
    assert db.session.query(Report).count() == MOST_OPEN


def test_only_what_the_public_reads_can_be_reported(app: Flask) -> None:
    people = cast()
    withdraw_listing(people.microscope, reason="gone", by="x")
    client = client_of(app, None)
    for address in (f"/listings/{people.microscope.id}/report", "/listings/99999/report"):
        assert client.get(address).status_code == 404
    assert client_of(app, people.moderator).get(f"/listings/{people.microscope.id}/report").status_code == 404


def test_reports_from_one_network_are_limited(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        people = cast()
        client = client_of(app, None)
        codes = [send(app, client, people.facility, message=f"Number {n}").status_code for n in range(21)]
    assert codes[0] == 303
    assert codes[-1] == 422


def test_the_pages_cost_few_statements(app: Flask) -> None:
    people = cast()
    report_listing(people.facility, ReportReason.CLOSED, "", email="", locale="en")
    client = client_of(app, people.moderator)
    with statements() as sent:
        assert client_of(app, None).get(f"/listings/{people.facility.id}/report").status_code == 200
    assert len(sent) <= 3
    with statements() as sent:
        assert client.get("/moderate/reports/1").status_code == 200
    assert len(sent) <= 12
