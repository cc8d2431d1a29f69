"""Numbers that no page of ours would send: too long for the database, or none at all."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import SiteRole
from tests.listings import small_catalogue
from tests.people import add_user, client_of

ODD = ["9" * 23, "9" * 5000, "-1", "²", "٣", "\x00"]


@pytest.fixture
def pages(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    small_catalogue()
    return client_of(app, add_user("Dora Desk", site_role=SiteRole.MODERATOR))


@pytest.mark.parametrize("odd", ODD)
def test_odd_numbers_in_forms_and_addresses_are_answered(pages: FlaskClient, odd: str) -> None:
    for path, asked in (
        ("/manage/import", {"listing": odd}),
        ("/manage/export", {"listing": odd, "below": odd}),
        ("/manage/listings", {"page": odd}),
    ):
        assert pages.get(path, query_string=asked).status_code == 200, path
    for path, sent in (
        ("/manage/reviews", {"queue": "new", "act": "accept", "listing": f"{odd}@x"}),
        ("/manage/import", {"listing": odd, "like": odd}),
        ("/manage/listings/several", {"act": "confirm", "listing": odd}),
        ("/manage/listings/3/edit/contacts", {f"contacts-{odd}-name": "Eva"}),
        ("/manage/listings/3/edit/contacts", {"change": f"contacts:remove:{odd}"}),
        ("/manage/listings/3/edit/access", {"price_level": odd}),
    ):
        assert pages.post(path, data=sent).status_code in (200, 303, 422), path
