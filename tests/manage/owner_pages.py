"""Owners who send forms: their clients carry the mark against forged requests, as a page's forms do."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from facilities.accounts.models import User
from facilities.catalogue.models import Facility, Instrument, Listing, Organisation
from facilities.db import db
from tests.people import client_of

Cast = tuple[Organisation, Facility, Instrument]

MARK = "0123456789abcdef"


def owner_pages(app: Flask, user: User | None) -> FlaskClient:
    """A client whose session is that of the user, None for a visitor, and whose forms are taken."""
    client = client_of(app, user)
    with client.session_transaction() as session:
        session["csrf_token"] = MARK
    assert app.secret_key
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(MARK)
    client.environ_base["HTTP_X_CSRFTOKEN"] = str(token)
    return client


def anew(listing: Any) -> Any:
    """The listing as the database has it now."""
    return db.session.get(Listing, listing.id, populate_existing=True)
