"""What was typed survives a session that ended."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask, session
from flask.testing import FlaskClient
from flask_security import hash_password
from werkzeug.datastructures import MultiDict

from facilities.accounts.kept import KEPT_FOR, KEY, LARGEST, forget_old_forms, kept_values
from facilities.accounts.models import User
from facilities.db import db, now
from facilities.manage.models import KeptForm
from tests.accounts.visiting import PASSWORD, sign_in
from tests.conftest import running_app
from tests.people import add_user, client_of

TYPED = MultiDict([("name", "Zeiss LSM 980"), ("technique", "1"), ("technique", "2"), ("csrf_token", "x"),
                   ("password", "secret")])  # fmt: skip
PAGE = "/manage/listings/new"


@pytest.fixture
def anna(app: Flask) -> User:
    return add_user("Anna Berg", password=hash_password(PASSWORD))


def kept() -> list[KeptForm]:
    return list(db.session.scalars(sa.select(KeptForm)))


def values_for(app: Flask, client: FlaskClient, token: str) -> MultiDict[str, str] | None:
    """What a page would be given that this client opens with the token."""
    with client.session_transaction() as stored:
        tokens = stored.get(KEY, [])
    with app.test_request_context(PAGE):
        session[KEY] = tokens
        return kept_values(token)


def token_in(address: str) -> str:
    """The token in the address of the page that is opened after signing in."""
    page = parse_qs(urlsplit(address).query)["next"][0]
    return parse_qs(urlsplit(page).query)["kept"][0]


def test_a_form_sent_without_a_session_is_there_again_after_signing_in(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    lost = client.post(PAGE, data=TYPED)
    assert (lost.status_code, lost.location.split("?")[0]) == (303, "/sign-in")
    assert "what you typed is still there" in client.get(lost.location).text
    token = token_in(lost.location)
    answer = sign_in(client, anna.email, next=f"{PAGE}?kept={token}")
    assert answer.location == f"{PAGE}?kept={token}"

    values = values_for(app, client, token)
    assert values
    assert values["name"] == "Zeiss LSM 980"
    assert values.getlist("technique") == ["1", "2"]


def test_passwords_and_tokens_are_never_kept(client: FlaskClient) -> None:
    client.post(PAGE, data=TYPED)
    assert set(kept()[0].values) == {"name", "technique"}


def test_a_signed_in_user_whose_form_expired_is_led_back_to_it(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    lost = client.post(PAGE, data=TYPED)
    assert lost.location.startswith(f"{PAGE}?kept=")


def test_a_session_that_was_ended_elsewhere_loses_nothing(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    page = client.get("/account").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    db.session.execute(sa.update(User).values(fs_uniquifier="another"))
    db.session.commit()
    lost = client.post(PAGE, data={**TYPED.to_dict(), "csrf_token": token})
    assert lost.location.startswith("/sign-in?next=")
    assert kept()[0].values["name"] == ["Zeiss LSM 980"]


def test_nobody_else_gets_what_was_typed(app: Flask, client: FlaskClient) -> None:
    token = token_in(client.post(PAGE, data=TYPED).location)
    assert values_for(app, app.test_client(), token) is None
    assert values_for(app, client, "made-up") is None


def test_signing_out_leaves_nothing_for_whoever_comes_next(app: Flask, client: FlaskClient, anna: User) -> None:
    token = token_in(client.post(PAGE, data=TYPED).location)
    sign_in(client, anna.email)
    page = client.get("/account").text
    csrf = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    client.post("/sign-out", data={"csrf_token": csrf})
    assert values_for(app, client, token) is None


def test_a_button_without_a_page_leads_to_where_it_was_pressed(app: Flask, client: FlaskClient) -> None:
    page = "http://catalogue.test/manage/listings?page=2"
    for path in ("/manage/listings/several", "/manage/confirm"):
        came_from = client.post(
            path, data={"listing": "1"}, headers={"Referer": page}, base_url="http://catalogue.test"
        )
        assert parse_qs(urlsplit(came_from.location).query)["next"][0].startswith("/manage/listings?page=2&kept=")


def test_forms_of_accounts_are_never_kept(client: FlaskClient) -> None:
    assert client.post("/sign-in", data=TYPED).status_code == 400
    assert client.post("/account/password", data=TYPED).status_code == 400
    assert not kept()


def test_a_form_that_is_too_large_is_not_kept(client: FlaskClient) -> None:
    lost = client.post(PAGE, data={"description": "x" * (LARGEST + 1)})
    assert lost.status_code == 303
    assert not kept()


def test_kept_forms_are_limited(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        for _each in range(40):
            app.test_client().post(PAGE, data=TYPED)
        assert len(kept()) == 30


def test_kept_forms_are_forgotten_after_a_week(app_on: Flask) -> None:
    old = now() - KEPT_FOR - timedelta(minutes=1)
    db.session.add_all([KeptForm(token="old", path="/", kept_at=old), KeptForm(token="new", path="/")])
    db.session.commit()
    assert forget_old_forms() == 1
    with app_on.test_request_context("/manage/"):
        session[KEY] = ["old", "new"]
        assert kept_values("old") is None
