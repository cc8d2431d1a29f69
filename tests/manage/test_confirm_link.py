"""Owners confirm their listings behind the link of a letter, without a password."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Kind, Listing, RevisionAct
from facilities.db import db, now
from facilities.manage.confirm_link import ConfirmLink
from facilities.manage.in_charge import Person
from facilities.search.index import check
from tests.counting import statements
from tests.manage.confirming import CONTACT, MONTH, YEARS, letters, link_in, new, overdue, refreshed
from tests.people import add_user


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def press(client: FlaskClient, path: str, **changed: Any) -> Any:
    """Send the form as the page offers it, or with other ticks."""
    page = page_of(client, path)
    ticked = re.findall(r'name="listing" value="([^"]+)"[^>]* checked', page)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    return client.post(path, data={"csrf_token": token, "listing": ticked} | changed)


@pytest.fixture
def client_on(app_on: Flask) -> FlaskClient:
    return app_on.test_client()


def test_opening_the_link_changes_nothing_and_pressing_the_button_confirms(
    lab: Listing, client_on: FlaskClient
) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    version = lab.version

    page = page_of(client_on, path)
    assert "Light microscopy for all." in page
    assert "lumen.example.org" not in page
    assert refreshed(lab).version == version

    answer = press(client_on, path)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    confirmed = refreshed(lab)
    assert now() - (confirmed.confirmed_at or now()) < timedelta(minutes=1)
    assert (confirmed.confirmed_by, confirmed.revisions[-1].act) == ("Kim Contact", RevisionAct.CONFIRMED)
    after = page_of(client_on, path)
    assert "1 listing is confirmed." in after
    assert "All of it is confirmed" in after
    assert not check()


def test_an_owner_confirms_under_their_account(lab: Listing, client_on: FlaskClient) -> None:
    user = add_user("Mia Manager", manager_of=lab)

    press(client_on, link_in(letters()[user.email]))

    assert refreshed(lab).revisions[-1].user_id == user.id


def test_only_what_is_ticked_is_confirmed(lab: Listing, client_on: FlaskClient) -> None:
    instrument = new(Kind.INSTRUMENT, "Zeiss LSM 880", lab)
    path = link_in(letters()["Kim@lumen.example.org"])

    press(client_on, path, listing=[f"{instrument.id}-{instrument.version}"])

    assert [overdue(lab), overdue(instrument)] == [True, False]
    assert "checked" in page_of(client_on, path)


def test_pressing_without_a_tick_says_what_to_do(lab: Listing, client_on: FlaskClient) -> None:
    answer = press(client_on, link_in(letters()["Kim@lumen.example.org"]), listing=[])

    assert answer.status_code == 422
    assert "Tick the listings that are right." in answer.text


def test_what_changed_since_the_letter_is_marked_and_not_ticked(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    update_listing(lab, {"summary": "Closed for ever."}, by="Eve Editor")

    page = page_of(client_on, path)

    assert "Changed by Eve Editor" in page
    assert "checked" not in page


def test_what_changes_while_the_page_is_read_is_not_confirmed_unseen(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    seen = f"{lab.id}-{lab.version}"
    update_listing(lab, {"summary": "Closed for ever."}, by="Eve Editor")

    press(client_on, path, listing=[seen])

    assert overdue(lab)
    assert "1 has changed while you were reading" in page_of(client_on, path)


def test_a_link_confirms_nothing_but_what_its_letter_named(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    other = new(Kind.INSTRUMENT, "Zeiss LSM 880", lab)

    press(client_on, path, listing=[f"{other.id}-{other.version}"])

    assert overdue(other)


@pytest.mark.parametrize("loss", ["grant", "account", "contact"])
def test_a_link_ends_with_the_right_of_its_reader(lab: Listing, client_on: FlaskClient, loss: str) -> None:
    user = add_user("Mia Manager", manager_of=lab) if loss != "contact" else None
    path = link_in(next(iter(letters().values())))
    lose(user, lab, loss)

    answer = client_on.get(path)

    assert answer.status_code == 410
    assert "somebody else looks after them now" in answer.text
    assert client_on.post(path, data={"listing": f"{lab.id}-{lab.version}"}).status_code in (400, 410)
    assert overdue(lab)


def test_a_link_is_good_for_sixty_days(app_on: Flask, lab: Listing, client_on: FlaskClient) -> None:
    answers = [client_on.get(made_link(app_on, lab, days)).status_code for days in (59, 61)]

    assert answers == [200, 410]


def test_a_link_that_was_not_made_here_leads_nowhere(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])

    for tampered in (
        path[:-2] + ("A" if path[-2] != "A" else "B") + path[-1],
        "/confirm-listings/x",
        "/confirm-listings/" + "é" * 9,
    ):
        assert client_on.get(tampered).status_code == 404


def test_a_link_is_neither_kept_nor_listed_and_says_no_address(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])

    headers = client_on.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


def test_the_page_asks_the_same_few_questions_for_any_number_of_listings(lab: Listing, client_on: FlaskClient) -> None:
    def asked(at: datetime | None) -> int:
        path = link_in(letters(at)["Kim@lumen.example.org"])
        db.session.expunge_all()
        with statements() as sent:
            page_of(client_on, path)
        return len(sent)

    one = asked(None)
    for number in range(6):
        new(Kind.INSTRUMENT, f"Microscope {number}", lab, confirmed=2 * YEARS)

    assert asked(now() + 2 * MONTH) <= one + 1
    assert one <= 14


def lose(user: User | None, lab: Listing, loss: str) -> None:
    if loss == "contact":
        update_listing(lab, {"contacts": [CONTACT | {"email": "new@lumen.example.org"}]}, by="test")
    elif loss == "grant":
        db.session.execute(sa.delete(Grant).where(Grant.role == OwnerRole.MANAGER))
    elif user is not None:
        user.active = False
    db.session.commit()


def made_link(app: Flask, lab: Listing, days: int) -> str:
    secret = app.config["SECRET_KEY"]
    mark = Person("kim@lumen.example.org", "Kim").mark(secret)
    token = ConfirmLink((lab.id,), mark, now() - timedelta(days=days)).token(secret)
    return f"/confirm-listings/{token}"
