"""Owners take their enquiries along, accounts what they asked; an account that is erased takes it out everywhere."""

import csv
import io
import json
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.erasure import erase_account
from facilities.accounts.models import SiteRole, User
from facilities.accounts.personal_data import personal_data
from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.models import Author, Enquiry, Message
from facilities.enquiries.spam.holding import mark_spam
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speaking import Said, note_internally, say
from tests.counting import statements
from tests.enquiry_cast import Catalogue, Visitor, enquiry_to
from tests.people import add_user, client_of


@pytest.fixture
def manager(app: Flask, catalogue: Catalogue) -> int:
    with app.app_context():
        return add_user("Maria", manager_of=db.session.get_one(Listing, catalogue.facility)).id


def answer(app: Flask, visitor: Visitor, token: str, user_id: int, *, withheld: str = "") -> None:
    """Have the user answer, and note something for colleagues."""
    with app.app_context():
        thread = thread_to_change(visitor.enquiry(token).threads[0].id)
        assert thread is not None
        by = speakers.owner(db.session.get_one(User, user_id))
        note_internally(thread, "Ask Eva first.", by=by)
        if withheld:
            thread.enquiry.terms = "Tell nobody."
            held_back = Message(author=Author.REQUESTER, body=withheld, withheld=True, sent_at=now())
            thread.enquiry.messages.append(held_back)
            db.session.flush()
        say(thread, Said("=Yes"), by=by)


def test_managers_take_their_threads_along_and_nothing_that_is_held_back(
    app: Flask, visitor: Visitor, catalogue: Catalogue, manager: int
) -> None:
    answer(app, visitor, visitor.sent(catalogue.microscope), manager, withheld="A secret compound")
    visitor.sent(catalogue.service, message="Not theirs")
    with app.app_context():
        client = client_of(app, db.session.get(User, manager))
    table = client.get("/manage/enquiries/export?format=csv").data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table))
    assert (row["Listing"], row["Status"], row["E-mail"]) == ("LSM 880", "answered", "anna.berg@example.net")
    assert row["Last answer"] == "'=Yes"
    lines = client.get("/manage/enquiries/export?format=json").text.splitlines()
    (thread,) = map(json.loads, lines)
    assert [each["words"][:7] for each in thread["messages"]] == ["Can you", "Ask Eva", "=Yes"]
    assert client.get("/manage/enquiries/export?format=xml").status_code == 404


def test_a_long_copy_asks_the_database_once_for_many_threads(
    app: Flask, visitor: Visitor, catalogue: Catalogue, manager: int
) -> None:
    def take() -> int:
        with app.app_context():
            client = client_of(app, db.session.get(User, manager))
        with app.app_context(), statements() as sent:
            assert client.get("/manage/enquiries/export").data
        return len(sent)

    with app.app_context():
        listing = db.session.get_one(Listing, catalogue.microscope)
        db.session.add(enquiry_to(listing))
        db.session.commit()
    few = take()
    with app.app_context():
        listing = db.session.get_one(Listing, catalogue.microscope)
        db.session.add_all([enquiry_to(listing) for _number in range(20)])
        db.session.commit()
    assert take() == few


def test_an_account_takes_along_what_it_asked_and_answered(
    app: Flask, visitor: Visitor, catalogue: Catalogue, manager: int
) -> None:
    answer(app, visitor, visitor.sent(catalogue.microscope, email="Maria@example.org"), manager)
    with app.app_context():
        maria = db.session.get_one(User, manager)
        data = personal_data(maria)
        assert [each["threads"][0]["listing"] for each in data["enquiries_asked"]] == ["LSM 880"]
        assert [each["body"] for each in data["said_in_enquiries"]] == ["Ask Eva first.", "=Yes"]
        json.dumps(data)
        maria.confirmed_at = None
        assert personal_data(maria)["enquiries_asked"] == []


def test_an_erased_account_leaves_its_answers_without_its_name_and_nothing_that_it_asked(
    app: Flask, visitor: Visitor, catalogue: Catalogue, manager: int
) -> None:
    asked = visitor.sent(catalogue.microscope)
    answer(app, visitor, asked, manager)
    own = visitor.sent(catalogue.microscope, email="maria@example.org", name="Maria")
    with app.app_context():
        add_user("Other", manager_of=db.session.get_one(Listing, catalogue.facility))
        erase_account(db.session.get_one(User, manager))
    with app.app_context():
        names = set(db.session.scalars(sa.select(Message.author_name)))
        assert names == {"", "Anna Berg", "A former user"}
        addresses = dict(iter(db.session.execute(sa.select(Enquiry.token, Enquiry.requester_email))))
        assert addresses == {asked: "anna.berg@example.net", own: ""}


def test_the_desk_looks_before_it_erases(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    with app.app_context():
        visitor.client = client_of(app, add_user("Mo", site_role=SiteRole.MODERATOR))
    path, whose = "/moderate/erase-requester", {"email": " Anna.Berg@example.net"}
    assert "1 enquiry was sent from this address" in visitor.post(path, whose).text
    assert visitor.enquiry(token).emptied_at is None
    assert visitor.post(path, whose | {"sure": "y"}).status_code == 303
    assert visitor.enquiry(token).emptied_at is not None
    assert visitor.post(path, {"email": " "}).status_code == 422


def test_the_requesters_copy_says_no_more_than_the_private_page_about_what_is_held(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    token = visitor.sent(catalogue.microscope)
    with app.app_context():
        thread = thread_to_change(visitor.enquiry(token).threads[0].id)
        assert thread is not None
        mark_spam(thread, by=speakers.THE_SITE)
    with visitor.get(f"/enquiries/{token}/export") as answer, ZipFile(io.BytesIO(answer.data)) as archive:
        text = archive.read("enquiry.json").decode()
    (copied,) = json.loads(text)["threads"]
    assert (copied["status"], copied["closed_at"]) == ("new", None)
    assert "spam" not in text
