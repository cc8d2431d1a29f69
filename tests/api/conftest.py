"""A university with an owner whose programs hold tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from facilities.accounts.models import Scope, User
from facilities.api.tokens import issue_token
from facilities.catalogue.models import Facility, Instrument, Organisation
from facilities.db import db, now
from tests.listings import small_catalogue
from tests.people import add_user

EVERYTHING = tuple(Scope)


@dataclass
class Program:
    """A program that sends a token with each request, or none."""

    app: Flask
    secret: str = ""

    def send(self, method: str, path: str, *, headers: dict[str, str] | None = None, **how: Any) -> TestResponse:
        token = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=token | (headers or {}), **how)

    def get(self, path: str, **how: Any) -> TestResponse:
        return self.send("GET", path, **how)

    def post(self, path: str, values: Any = None, **how: Any) -> TestResponse:
        return self.send("POST", path, json=values if values is not None else {}, **how)

    def put(self, path: str, values: Any, **how: Any) -> TestResponse:
        return self.send("PUT", path, json=values, **how)

    def patch(self, listing_id: int, record: Any, *, tag: str | None = None) -> TestResponse:
        """Change the listing as it was read under the entity tag, as it is now unless one is named."""
        path = f"/listings/{listing_id}"
        match = tag or self.get(path).headers["ETag"]
        return self.send("PATCH", path, json={"record": record}, headers={"If-Match": match})


@dataclass
class Place:
    """A small catalogue: the manager looks after the university and so for all below it."""

    university: Organisation
    facility: Facility
    microscope: Instrument
    manager: User


ProgramOf = Callable[..., Program]


def place_of() -> Place:
    university, facility, microscope = small_catalogue()
    return Place(university, facility, microscope, add_user("Manager", manager_of=university))


@pytest.fixture
def place(app: Flask) -> Place:
    return place_of()


@pytest.fixture
def program_of(app: Flask) -> ProgramOf:
    """A program of a user, with a token of all scopes unless named; None for one without a token."""
    return lambda user, *scopes: program(app, user, *scopes)


def program(app: Flask, user: User | None, *scopes: Scope) -> Program:
    if user is None:
        return Program(app)
    _token, secret = issue_token(
        db.session.get_one(User, user.id),
        name="Test",
        scopes=scopes or EVERYTHING,
        expires_at=now() + timedelta(days=30),
    )
    return Program(app, secret)
