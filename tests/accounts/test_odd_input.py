"""What no form of ours would send gets an answer, never an error of the site."""

import pytest
from flask import Flask
from flask_security import hash_password

from tests.accounts.visiting import PASSWORD, send
from tests.listings import small_catalogue
from tests.people import add_user, client_of

ODD = [
    "\x00",
    "a\x00b@example.org",
    "x" * 5000,
    "\ud7ff\u202e",
    "１２３４５６",
    "' OR 1=1 --",
    "{{7*7}}",
    "anna@example.org\r\nBcc: x@y.z",
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_answered_by_every_form(app_on: Flask, odd: str) -> None:
    facility = small_catalogue()[1]
    anna = add_user("Anna Berg", password=hash_password(PASSWORD), manager_of=facility)
    visitor, inside = app_on.test_client(), client_of(app_on, anna)
    for path, fields in (
        ("/sign-in", ("email", "password")),
        ("/register", ("email", "name", "password")),
        ("/reset", ("email",)),
        ("/confirm", ("email",)),
    ):
        for one in fields:
            typed = {"email": anna.email, "name": "Anna", "password": PASSWORD, one: odd}
            assert send(visitor, path, **typed).status_code in (303, 422), (path, one)
    for path, fields in (
        ("/account", ("name",)),
        ("/account/password", ("password", "new_password")),
        ("/account/address", ("email",)),
        ("/account/verify", ("password",)),
        ("/account/passkeys", ("name", "usage")),
        ("/account/two-step", ("setup",)),
        ("/account/erase", ("password",)),
        (f"/manage/listings/{facility.id}/team", ("email", "role")),
    ):
        for one in fields:
            typed = {"name": "Key", "usage": "first", "sure": "y", "role": "editor", one: odd}
            assert send(inside, path, **typed).status_code in (200, 303, 422), (path, one)


@pytest.mark.parametrize("odd", ["%00", "x" * 3000, "..%2f..%2f", "WyJhIl0.a.b"])
def test_odd_links_are_answered(app: Flask, odd: str) -> None:
    client = app.test_client()
    for path in ("/invitations/", "/reset/", "/confirm/", "/account/address/"):
        assert client.get(path + odd).status_code in (200, 302, 303, 404, 410), path
        sent = send(client, path + odd, on="/sign-in", password=PASSWORD)
        assert sent.status_code in (303, 404, 410), path
