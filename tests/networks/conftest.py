"""The cast of the tests of networks, and clients of its people."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.manage.owner_pages import owner_pages
from tests.networks.casting import Cast, cast
from tests.people import add_user


@pytest.fixture
def north(app: Flask) -> Cast:
    """The whole cast, called after its first network."""
    return cast()


@pytest.fixture
def visitor(app: Flask, north: Cast) -> FlaskClient:
    """Nobody who is signed in; forms carry their token."""
    client = owner_pages(app, add_user("Somebody"))
    with client.session_transaction() as session:
        session.pop("_user_id")
    return client


@pytest.fixture
def desk(app: Flask, north: Cast) -> FlaskClient:
    """The desk of the first network."""
    return owner_pages(app, north.desk)
