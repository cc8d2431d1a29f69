"""Filling in the forms of accounts as a browser does, and reading the letters that come of it."""

import re
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilities.accounts.models import Scope, User
from facilities.api.tokens import issue_token
from facilities.db import db, now
from facilities.outbox.models import StoredLetter

PASSWORD = "correct horse battery staple"
OTHER_PASSWORD = "seven quiet herons at noon"


def csrf_of(page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def without_token(page: str) -> str:
    """The page as anybody gets it."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page)


def send(client: FlaskClient, path: str, *, on: str = "", **typed: Any) -> TestResponse:
    """Open the page `on` (the form's own address unless named), fill in its form and send it to `path`."""
    return client.post(path, data={"csrf_token": csrf_of(client.get(on or path).text), **typed})


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **typed: Any) -> TestResponse:
    return send(client, "/sign-in", email=email, password=password, **typed)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def letters(to: str = "") -> list[StoredLetter]:
    """The letters that wait or have gone out, oldest first."""
    found = db.session.scalars(sa.select(StoredLetter).order_by(StoredLetter.id))
    return [letter for letter in found if not to or letter.to == to]


def link_in(letter: StoredLetter) -> str:
    """The path of the one link of ours in a letter."""
    found = re.search(r"http://catalogue\.test(/[^\s]+)", letter.text)
    assert found, letter.text
    return found[1]


def secret_of(user: User) -> str:
    """The secret of a token, “Nightly export”, that works."""
    user = db.session.get_one(User, user.id)
    until = now() + timedelta(days=30)
    _token, secret = issue_token(user, name="Nightly export", scopes=[Scope.READ], expires_at=until)
    return secret
