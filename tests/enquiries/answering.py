"""Owners at their inbox: a small catalogue, its people, and enquiries that are there already."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole, User
from facilities.catalogue.models import Contact, Facility, Instrument, Listing, Organisation
from facilities.db import db
from facilities.enquiries.models import Enquiry, Thread
from facilities.enquiries.threads.queries import thread_to_read
from facilities.outbox.models import StoredLetter
from tests.conftest import Reusable
from tests.enquiry_cast import enquiry_to
from tests.listings import small_catalogue
from tests.manage.owner_pages import owner_pages
from tests.people import add_user


@dataclass
class Lab:
    """A facility with an instrument; its manager, an editor, a stranger, and somebody of the desk."""

    app: Flask
    university: Organisation
    facility: Facility
    microscope: Instrument
    manager: User
    editor: User
    stranger: User
    moderator: User

    def pages(self, user: User) -> FlaskClient:
        """Their browser; forms sent with it are taken."""
        return owner_pages(self.app, user)

    def ask(self, *listings: Listing, **answers: Any) -> Enquiry:
        """An enquiry to the microscope, or to these; `answers` are its fields."""
        question = answers.pop("question", "Is it free in May?")
        enquiry = enquiry_to(*(listings or (self.microscope,)), question=question)
        for name, value in answers.items():
            setattr(enquiry, name, value)
        db.session.add(enquiry)
        db.session.commit()
        return enquiry


def make_lab(app: Flask) -> Lab:
    university, facility, microscope = small_catalogue()
    microscope.contacts = [Contact(role="Microscopist", email="scope@example.org")]
    db.session.commit()
    return Lab(
        app, university, facility, microscope,
        manager=add_user("Maja Manager", manager_of=facility),
        editor=add_user("Eva Editor", editor_of=facility),
        stranger=add_user("Stranger"),
        moderator=add_user("Mod Erator", site_role=SiteRole.MODERATOR),
    )  # fmt: skip


@pytest.fixture
def app(reusable: Reusable) -> Iterator[Flask]:
    with reusable.as_new() as app:
        yield app


@pytest.fixture
def lab(app: Flask) -> Lab:
    return make_lab(app)


@pytest.fixture
def thread(lab: Lab) -> Thread:
    """A question to the microscope."""
    return lab.ask().threads[0]


def now_of(thread: Thread) -> Thread:
    """The thread as the database has it now."""
    db.session.commit()
    db.session.expire_all()
    found = thread_to_read(thread.id)
    assert found is not None
    return found


def letters(name: str) -> list[StoredLetter]:
    """The letters of this name, the first first."""
    return list(db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == name).order_by(StoredLetter.id)))


def text_of(page: Any) -> str:
    return " ".join(page.text.split())
