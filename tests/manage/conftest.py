"""A small catalogue and the manager of its facility, signed in; tests with another cast name their own."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import User
from facilities.catalogue.models import Kind, Listing
from facilities.search.index import rebuild
from tests.listings import small_catalogue
from tests.manage.confirming import CONTACT, MONTH, new
from tests.manage.owner_pages import Cast, owner_pages
from tests.people import add_user


@pytest.fixture
def catalogue(app: Flask) -> Cast:
    return small_catalogue()


@pytest.fixture
def manager(catalogue: Cast) -> User:
    return add_user("Maja Manager", manager_of=catalogue[1])


@pytest.fixture
def pages(app: Flask, manager: User) -> FlaskClient:
    return owner_pages(app, manager)


@pytest.fixture
def lab(app_on: Flask) -> Listing:
    """An overdue facility with a contact, below an organisation that is not overdue."""
    rebuild()
    university = new(Kind.ORGANISATION, "Skerry University", confirmed=MONTH)
    return new(Kind.FACILITY, "Lumen Imaging", university, contacts=[CONTACT], summary="Light microscopy for all.")
