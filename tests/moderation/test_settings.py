"""What the desk sets: for the whole site, and who accepts the changes of an organisation."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import User
from facilities.accounts.rights import may_publish
from facilities.catalogue.models import Listing, Organisation, Review
from facilities.db import db
from facilities.moderation.models import Preferences
from facilities.moderation.preferences import preferences, set_preferences
from tests.counting import statements
from tests.moderation.cast import cast
from tests.people import client_of


def post(client: FlaskClient, address: str, **fields: Any) -> Any:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get(address).text)
    assert found is not None
    return client.post(address, data={"csrf_token": found[1]} | fields)


def test_until_the_desk_says_otherwise_the_defaults_hold(app_on: Flask) -> None:
    found = preferences()
    assert (found.confirmation_months, found.decisions_public, found.registration_open) == (12, False, True)
    assert db.session.query(Preferences).count() == 0


def test_preferences_are_asked_for_once(app: Flask) -> None:
    with statements() as sent:
        preferences()
        preferences()
    assert len(sent) == 1


def test_what_is_set_holds_at_once(app_on: Flask) -> None:
    for months in (6, 24):
        set_preferences(confirmation_months=months, decisions_public=True, registration_open=False)
        db.session.commit()
        assert preferences().confirmation_months == months
    assert db.session.query(Preferences).count() == 1


def test_the_desk_changes_the_settings(app_on: Flask) -> None:
    people = cast()
    client = client_of(app_on, people.moderator)
    assert post(client, "/moderate/settings", confirmation_months="18", decisions_public="y").status_code == 303
    found = db.session.query(Preferences).one()
    assert (found.confirmation_months, found.decisions_public, found.registration_open) == (18, True, False)
    assert 'value="18"' in client.get("/moderate/settings").text


@pytest.mark.parametrize("months", ["0", "61", "twelve", ""])
def test_an_interval_that_makes_no_sense_is_not_taken(app: Flask, months: str) -> None:
    client = client_of(app, cast().moderator)
    answer = post(client, "/moderate/settings", confirmation_months=months)
    assert answer.status_code == 422
    assert db.session.query(Preferences).count() == 0


def test_managers_set_nothing(app: Flask) -> None:
    people = cast()
    for user in (people.manager, people.editor):
        for address in ("/moderate/", "/moderate/settings", "/moderate/organisations"):
            assert client_of(app, user).get(address).status_code == 403


def test_the_desk_says_who_accepts_the_changes_of_an_organisation(app_on: Flask) -> None:
    people = cast(Review.DESK)
    assert not may_publish(people.editor, people.microscope)
    client = client_of(app_on, people.moderator)
    address = f"/moderate/organisations/{people.university.id}"
    assert "Mana Ger" in client.get(address).text
    assert post(client, address, review="nobody").status_code == 303
    university = db.session.get_one(Organisation, people.university.id)
    assert university.review == Review.NOBODY
    last = university.revisions[-1]
    assert (last.changes, last.made_by) == ({"review": ["desk", "nobody"]}, "Mode Rator")
    assert may_publish(db.session.get(User, people.editor.id), db.session.get_one(Listing, people.microscope.id))
    version = university.version
    post(client, address, review="nobody")
    assert db.session.get_one(Organisation, people.university.id, populate_existing=True).version == version


def test_only_organisations_have_such_a_page(app: Flask) -> None:
    people = cast()
    client = client_of(app, people.moderator)
    assert client.get(f"/moderate/organisations/{people.facility.id}").status_code == 403
    assert client.get("/moderate/organisations/99999").status_code == 404
    page = client.get("/moderate/organisations?q=skerry").text
    assert "Skerry University" in page
    assert "Skerry University" not in client.get("/moderate/organisations?q=none").text
