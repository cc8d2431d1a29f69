"""The pages about the interface: tokens of one's own, and the guide."""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import ApiToken, Scope
from facilities.api.tokens import token_of
from facilities.db import db
from facilities.outbox.models import StoredLetter
from tests.api.conftest import Program
from tests.counting import statements
from tests.people import add_user, client_of

FORM = {"name": "Nightly export", "scopes": ["read", "write"], "days": "30"}


def form_of(client: Any, **values: Any) -> dict[str, Any]:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account/tokens").text)
    return FORM | {"csrf_token": token[1] if token else ""} | values


def test_a_token_is_shown_once(app: Flask) -> None:
    client = client_of(app, add_user("Eva"))
    answer = client.post("/account/tokens", data=form_of(client))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    secret = re.search(r"obt_[\w-]{40,}", answer.text)
    assert secret is not None
    token = token_of(secret[0])
    assert token is not None and token.scopes == [Scope.READ, Scope.WRITE]
    page = client.get("/account/tokens").text
    assert "Nightly export" in page and token.prefix in page
    assert secret[0] not in page
    assert Program(app, secret[0]).get("/listings").status_code == 200


def test_its_owner_is_told_by_mail(app: Flask) -> None:
    client = client_of(app, add_user("Eva"))
    client.post("/account/tokens", data=form_of(client))
    letter = db.session.scalars(sa.select(StoredLetter)).one()
    assert letter.to == "eva@example.org"
    assert "token" in letter.subject
    assert "obt_" not in letter.text


def test_what_is_missing_is_said_and_nothing_is_made(app: Flask) -> None:
    client = client_of(app, add_user("Eva"))
    for wrong in ({"name": " "}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "9999"}, {"csrf_token": "x"}):
        answer = client.post("/account/tokens", data=form_of(client, **wrong))
        assert answer.status_code in (400, 422), wrong
    assert "Enter what the token is for" in client.post("/account/tokens", data=form_of(client, name="")).text
    assert db.session.scalar(sa.select(sa.func.count(ApiToken.id))) == 0


def test_a_token_is_revoked_by_its_owner_only(app: Flask) -> None:
    client, other = client_of(app, add_user("Eva")), client_of(app, add_user("Other"))
    made = client.post("/account/tokens", data=form_of(client)).text
    secret = re.findall(r"obt_[\w-]{40,}", made)[0]
    token_id = db.session.scalars(sa.select(ApiToken.id)).one()
    assert other.post(f"/account/tokens/{token_id}/revoke", data=form_of(other)).status_code == 404
    assert Program(app, secret).get("/listings").status_code == 200
    answer = client.post(f"/account/tokens/{token_id}/revoke", data=form_of(client))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/tokens")
    assert Program(app, secret).get("/listings").status_code == 401
    assert "Revoked" in client.get("/account/tokens").text


def test_visitors_are_asked_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get("/account/tokens")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_sign_in_long_ago_is_not_enough(app: Flask) -> None:
    client = client_of(app, add_user("Eva"))
    with client.session_transaction() as session:
        session["fs_paa"] = 1.0
        session.pop("fs_gexp", None)
    answer = client.get("/account/tokens")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/account/verify")


def test_the_guide_is_open_and_asks_the_database_nothing_of_its_own(app: Flask) -> None:
    client = app.test_client()
    client.get("/api")
    with statements() as sent:
        assert client.get("/api").status_code == 200
    assert len(sent) <= 1


def test_the_page_of_tokens_takes_as_many_queries_however_many_there_are(app: Flask) -> None:
    client = client_of(app, add_user("Eva"))
    client.get("/account/tokens")
    counts = []
    for _ in range(2):
        client.post("/account/tokens", data=form_of(client))
        with statements() as sent:
            client.get("/account/tokens")
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 5
