"""What a requester holds back is nowhere to be read until a recipient has accepted the terms."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.emails import enquiry_letter, receipt_letter
from facilities.enquiries.models import Enquiry, Recipient, Thread
from facilities.enquiries.queries import recipients_of_letter
from facilities.enquiries.reminders.reminding import remind
from facilities.enquiries.threads.queries import thread_to_change
from facilities.outbox.models import StoredLetter
from tests.enquiries.requester_acts import press, threads_of
from tests.enquiries.test_files import PDF, file
from tests.enquiry_cast import Catalogue, Visitor, errors_on
from tests.people import add_user, client_of

SECRET = "The compound is called Zyxolate."


def held_back(**more: Any) -> dict[str, Any]:
    return {"level": "terms", "details": SECRET, "terms": "Keep it to yourself.", **more}


@pytest.fixture
def sent(visitor: Visitor, catalogue: Catalogue) -> str:
    files = {"withheld_files": [file("formula.pdf", PDF + b"secret")], "files": [file("plan.pdf")]}
    return visitor.sent(catalogue.facility, catalogue.service, **held_back(**files))


def recipients(visitor: Visitor, token: str) -> dict[str, Recipient]:
    return {each.listing_name: each for each in visitor.enquiry(token).recipients}


def accept_terms(visitor: Visitor, thread_id: int) -> None:
    with visitor.app.app_context():
        thread = thread_to_change(thread_id)
        assert thread is not None
        thread.terms_accepted_at, thread.terms_accepted_by = now(), "Manager"
        db.session.commit()


def file_ids(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {each.name: each.id for each in db.session.scalars(sa.select(Enquiry)).one().files}


def test_no_letter_holds_what_is_held_back(visitor: Visitor, sent: str) -> None:
    with visitor.app.app_context():
        enquiry = db.session.scalars(sa.select(Enquiry)).one()
        letters = [enquiry_letter(recipients_of_letter(each.id)) for each in enquiry.recipients]
        for letter in (*letters, receipt_letter(enquiry)):
            for part in (letter.words.text, letter.words.html):
                assert "Can you image thick sections?" in part
                assert "Zyxolate" not in part
                assert "formula.pdf" not in part


def test_no_page_of_owners_or_the_desk_shows_it_before_the_terms_are_accepted(
    visitor: Visitor, catalogue: Catalogue, sent: str
) -> None:
    thread_id = threads_of(visitor, sent)["Light Lab"]
    with visitor.app.app_context():
        lab = db.session.get_one(Listing, catalogue.facility)
        people = [add_user("Owner", manager_of=lab), add_user("Dora Desk", site_role=SiteRole.MODERATOR)]
        clients = [client_of(visitor.app, user) for user in people]
    paths = (f"/manage/enquiries/{thread_id}", "/manage/enquiries?all=&q=Zyxolate", "/manage/enquiries")
    pages = [client.get(path) for client in clients for path in paths]
    pages.append(visitor.get(recipients(visitor, sent)["Light Lab"].path))
    assert {page.status_code for page in pages} == {200}
    assert not any("The compound is called" in page.text or "formula.pdf" in page.text for page in pages)
    accept_terms(visitor, thread_id)
    assert SECRET in clients[0].get(f"/manage/enquiries/{thread_id}").text
    assert SECRET not in clients[1].get(f"/manage/enquiries/{thread_id}").text
    assert got(clients[1].get(f"/manage/enquiries/{thread_id}/files/{file_ids(visitor.app)['formula.pdf']}")) == 404


def test_it_is_open_only_to_the_one_who_accepted(visitor: Visitor, sent: str) -> None:
    both = recipients(visitor, sent)
    accept_terms(visitor, both["Light Lab"].thread_id)
    assert SECRET in visitor.get(both["Light Lab"].path).text
    assert SECRET not in visitor.get(both["Sequencing"].path).text


def test_the_requester_reads_it_and_who_accepted(visitor: Visitor, sent: str) -> None:
    text = visitor.get(f"/enquiries/{sent}").text
    assert SECRET in text
    assert text.count("Your terms have not been accepted") == 2
    accept_terms(visitor, threads_of(visitor, sent)["Light Lab"])
    assert visitor.get(f"/enquiries/{sent}").text.count("Your terms were accepted") == 1


def test_files_come_as_attachments_that_no_browser_opens(visitor: Visitor, sent: str) -> None:
    answer = visitor.get(f"/enquiries/{sent}/files/{file_ids(visitor.app)['plan.pdf']}")
    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=plan.pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    answer.close()


def got(answer: TestResponse) -> int:
    answer.close()
    return answer.status_code


def test_a_file_that_is_held_back_is_given_only_after_the_terms(
    visitor: Visitor, catalogue: Catalogue, sent: str
) -> None:
    ids, path = file_ids(visitor.app), recipients(visitor, sent)["Light Lab"].path
    thread_id = threads_of(visitor, sent)["Light Lab"]
    with visitor.app.app_context():
        owner = client_of(visitor.app, add_user("Owner", manager_of=db.session.get_one(Listing, catalogue.facility)))
    held = [f"{path}/files/{ids['formula.pdf']}", f"/manage/enquiries/{thread_id}/files/{ids['formula.pdf']}"]
    open_to_all = [f"{path}/files/{ids['plan.pdf']}", f"/manage/enquiries/{thread_id}/files/{ids['plan.pdf']}"]
    assert [got(owner.get(each)) for each in open_to_all] == [200, 200]
    assert [got(owner.get(each)) for each in held] == [404, 404]
    accept_terms(visitor, thread_id)
    assert [got(owner.get(each)) for each in held] == [200, 200]


def test_files_of_one_enquiry_are_not_given_through_another(visitor: Visitor, catalogue: Catalogue, sent: str) -> None:
    plan = file_ids(visitor.app)["plan.pdf"]
    other = visitor.sent(catalogue.orphan, email="somebody@example.net")
    assert visitor.get(f"/enquiries/{other}/files/{plan}").status_code == 404
    assert visitor.get(f"{visitor.enquiry(other).recipients[0].path}/files/{plan}").status_code == 404


def test_a_file_that_was_said_in_one_thread_is_not_given_in_another(visitor: Visitor, sent: str) -> None:
    both = recipients(visitor, sent)
    here = both["Light Lab"].thread_id
    fields = {f"thread-{here}-body": "See this.", f"thread-{here}-files": [file("more.pdf")]}
    assert press(visitor, sent, f"/threads/{here}", **fields).status_code == 303
    more = file_ids(visitor.app)["more.pdf"]
    assert got(visitor.get(f"{both['Light Lab'].path}/files/{more}")) == 200
    assert got(visitor.get(f"{both['Sequencing'].path}/files/{more}")) == 404


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "nothing to hold back": (
        {"level": "terms", "details": " "},
        "Confidential details: write the confidential details or choose a confidential file.",
    ),
    "no terms": (held_back(terms=" "), "Your terms: write the terms on which the details may be read."),
    "details but open": (
        held_back(level="open"),
        "Confidential details: choose above that these need your terms, or take them out.",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_nothing_gets_out_by_mistake(visitor: Visitor, catalogue: Catalogue, what: str) -> None:
    fields, error = WRONG[what]
    response = visitor.send(catalogue.microscope, **fields)
    assert (response.status_code, errors_on(response)) == (422, [error])
    assert visitor.count(Thread) == 0


def test_no_reminder_holds_what_is_held_back_though_the_terms_were_accepted(visitor: Visitor, sent: str) -> None:
    for thread_id in threads_of(visitor, sent).values():
        accept_terms(visitor, thread_id)
    with visitor.app.app_context():
        for weeks in (2, 4, 8):
            remind(at=now() + timedelta(weeks=weeks))
        letters = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name.startswith("reminder"))).all()
        assert {each.name for each in letters} == {"reminder_owner", "reminder_deputy", "reminder_desk"}
        for letter in letters:
            assert "Can you image thick sections?" in letter.text
            assert "Zyxolate" not in letter.text + letter.html
