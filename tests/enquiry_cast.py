"""The cast of an enquiry: a small catalogue with its contacts, and a visitor who fills in forms."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from facilities.catalogue.models import Contact, Facility, Instrument, Listing, Organisation, Service, Status
from facilities.db import Model, db, now
from facilities.enquiries.models import Author, Enquiry, EnquiryKind, Message, Recipient, Route, Thread
from facilities.enquiries.queries import enquiry_by_token
from facilities.enquiries.seal import new_seal
from facilities.outbox.models import Job, JobStatus
from facilities.pages import limiter
from tests.conftest import Reusable, postgresql_copy
from tests.post_office import PostOffice, open_post_office

ANSWERS = {
    "kind": "question",
    "message": "Can you image thick sections?\nWe have forty of them.",
    "name": "Anna Berg",
    "email": "anna.berg@example.net",
    "organisation": "Silverbjörk University",
    "group": "academia",
}


def enquiry_to(*listings: Listing, question: str = "Is it free in May?", **recipient: Any) -> Enquiry:
    """An enquiry as it is stored, not yet added: a thread for each listing with one recipient, its first contact."""
    asker = {"requester_name": "Rita Researcher", "requester_email": "rita@example.org"}
    enquiry = Enquiry(form_id=secrets.token_hex(8), kind=EnquiryKind.QUESTION, **asker)
    enquiry.messages.append(Message(author=Author.REQUESTER, author_name="Rita Researcher", body=question))
    for listing in listings:
        thread = Thread(listing=listing, listing_name=listing.name)
        enquiry.threads.append(thread)
        contact = listing.contacts[0] if listing.contacts else None
        who = {"role": contact.role if contact else "Manager", "email": contact.email if contact else "m@example.org"}
        made = Recipient(contact=contact, route=Route.LISTING, **who | recipient)
        thread.recipients.append(made)
        enquiry.recipients.append(made)
    return enquiry


@contextmanager
def _lent(reusable: Reusable) -> Iterator[Flask]:
    """The application for one test: forms signed and limits counted as in earnest, no context open."""
    app = reusable.without_context()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Reusable:
    return Reusable(tmp_path_factory.mktemp("instance"), RATELIMIT_ENABLED=True)


@pytest.fixture(scope="session")
def counting_on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Reusable]:
    with postgresql_copy(postgresql, f"counting_{secrets.token_hex(4)}") as address:  # one for each folder that asks
        yield Reusable(tmp_path_factory.mktemp("instance"), DATABASE_URL=address, RATELIMIT_ENABLED=True)


@pytest.fixture
def app(counting: Reusable) -> Iterator[Flask]:
    with _lent(counting) as app:
        yield app


@pytest.fixture(params=["sqlite", "postgresql"])
def app_on_each(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The same on each database in turn. A module whose tests are about the database names it `app`."""
    with _lent(request.getfixturevalue("counting" if request.param == "sqlite" else "counting_on_postgresql")) as app:
        yield app


@dataclass
class Catalogue:
    """Ids of listings: an organisation with one facility that has contacts and two that leave their mail to others."""

    organisation: int
    facility: int
    microscope: int
    cytometer: int
    service: int
    orphan: int
    withdrawn: int


@pytest.fixture
def catalogue(app: Flask) -> Catalogue:
    with app.app_context():
        organisation = Organisation(name="Tvärhav University", contacts=[_contact("Infrastructure office", "office")])
        facility = Facility(name="Light Lab", parent=organisation, organisation=organisation)
        facility.contacts = [_contact("Manager", "light"), _contact("Price desk", "prices", "quote")]
        microscope = Instrument(name="LSM 880", parent=facility, organisation=organisation)
        cytometer = Instrument(name="FACSAria III", parent=facility, organisation=organisation)
        cytometer.contacts = [_contact("Operator", "operator", "booking", "training")]
        service = Service(name="Sequencing", parent=organisation, organisation=organisation)
        orphan = Instrument(name="Lone balance")
        withdrawn = Instrument(name="Old scope", status=Status.WITHDRAWN, withdrawn_at=now())
        listings = [organisation, facility, microscope, cytometer, service, orphan, withdrawn]
        db.session.add_all(listings)
        db.session.commit()
        return Catalogue(*(listing.id for listing in listings))


def _contact(role: str, mailbox: str, *kinds: str) -> Contact:
    return Contact(role=role, email=f"{mailbox}@example.org", enquiry_kinds=list(kinds))


@dataclass
class Visitor:
    """Someone at a browser. `opened` is how long ago the form was opened."""

    app: Flask
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, data: dict[str, Any]) -> TestResponse:
        return self.client.post(path, data=data | {"csrf_token": self._token()})

    def form(self, *listings: int, opened: float = 60, **answers: Any) -> dict[str, Any]:
        """A filled in form, opened that many seconds ago."""
        seal = new_seal(self.app.config["SECRET_KEY"], at=now() - timedelta(seconds=opened))
        return ANSWERS | {"offered": list(listings), "listing": list(listings), "seal": seal} | answers

    def send(self, *listings: int, opened: float = 60, **answers: Any) -> TestResponse:
        return self.post("/enquiries/new", self.form(*listings, opened=opened, **answers))

    def sent(self, *listings: int, **answers: Any) -> str:
        """Send an enquiry that must be taken; gives the token of its private page."""
        response = self.send(*listings, **answers)
        assert response.status_code == 303, errors_on(response)
        return response.location.rsplit("/", 1)[1]

    def _token(self) -> str:
        page = self.client.get(f"/enquiries/new?listing={self._any_listing()}").text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        return found.group(1) if found else ""

    def _any_listing(self) -> int:
        with self.app.app_context():
            return db.session.scalar(sa.select(Listing.id).where(Listing.status == Status.PUBLISHED).limit(1)) or 0

    def enquiry(self, token: str) -> Enquiry:
        """The stored enquiry of a private page, with its recipients and messages."""
        with self.app.app_context():
            found = enquiry_by_token(token)
            assert found is not None
            return found

    def count(self, model: type[Model]) -> int:
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def make_due(app: Flask) -> None:
    """As if the time that all waiting jobs wait for had come."""
    with app.app_context():
        db.session.execute(sa.update(Job).where(Job.status == JobStatus.WAITING).values(due_at=now()))
        db.session.commit()


def errors_on(response: TestResponse) -> list[str]:
    """What a page says is wrong, once in the summary."""
    summary = re.search(r'class="error-summary".*?</ul>', response.text, re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", summary.group(0)) if summary else []


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    limiter.reset()
    return Visitor(app)


@pytest.fixture
def post_office(app: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        app.config["SMTP_URL"] = office.url
        yield office
