"""Signing in in two steps: the code of the app, recovery codes, each of which works once."""

from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP

from facilities.accounts.models import User
from facilities.db import db, now, writing
from tests.accounts.visiting import PASSWORD, is_signed_in, letters, send, sign_in
from tests.people import add_user, client_of

STEP = 30
"""Seconds for which an app shows a code."""


@pytest.fixture
def anna(app: Flask) -> User:
    return add_user("Anna Berg", password=hash_password(PASSWORD))


def present(user_id: int) -> User:
    return db.session.get_one(User, user_id, populate_existing=True)


def code_of(key: str, steps: int = 0) -> str:
    """What the app shows, now or so many steps later."""
    code: str = TOTP(key=key, format="base32").generate(int(now().timestamp()) + steps * STEP).token
    return code


def set_up(client: FlaskClient) -> tuple[str, str]:
    """Begin to switch two steps on: the key that the app keeps, and where its code goes."""
    page = send(client, "/account/two-step", setup="authenticator").text
    key = page.split('class="account-key">')[1].split("<", maxsplit=1)[0].replace("-", "").replace(" ", "")
    return key, "/account/two-step/" + page.split('action="/account/two-step/')[1].split('"')[0]


def switch_on(client: FlaskClient) -> str:
    """Switch two steps on with the code that the app shows now; gives its key."""
    key, path = set_up(client)
    done = send(client, path, on="/account/two-step", code=code_of(key))
    assert (done.status_code, done.location) == (303, "/account")
    return key


def with_code(app: Flask, user: User, code: str) -> bool:
    """Whether one gets in with the password and the code."""
    client = app.test_client()
    asked = sign_in(client, user.email)
    assert asked.location.startswith("/sign-in/code")
    send(client, asked.location, code=code)
    return is_signed_in(client)


def recovery_code(client: FlaskClient) -> str:
    page = send(client, "/account/recovery-codes", generate_new_codes="1").text
    return page.split("<code>")[1].split("<")[0]


def test_two_steps_ask_for_the_code_of_the_app(app: Flask, anna: User) -> None:
    key = switch_on(client_of(app, anna))
    assert letters(anna.email)[-1].name == "security_changed"
    client = app.test_client()
    asked = sign_in(client, anna.email, next="/account/passkeys")
    assert asked.location.startswith("/sign-in/code")
    assert not is_signed_in(client)
    assert send(client, asked.location, code="000000").status_code == 422
    code = code_of(key, 1)
    answer = send(client, asked.location, code=f"{code[:3]} {code[3:]}")
    assert answer.location == "/account/passkeys"
    assert is_signed_in(client)


def test_a_code_of_the_app_works_once(app: Flask, anna: User) -> None:
    key = switch_on(client_of(app, anna))
    code = code_of(key, 1)
    assert [with_code(app, anna, code) for _use in range(2)] == [True, False]


def test_a_code_that_was_seen_while_switching_on_is_used(app: Flask, anna: User) -> None:
    inside = client_of(app, anna)
    key, path = set_up(inside)
    code = code_of(key)
    send(inside, path, on="/account/two-step", code=code)
    assert not with_code(app, anna, code)


def test_a_code_before_the_one_that_was_used_is_spent_too(app: Flask, anna: User) -> None:
    key = switch_on(client_of(app, anna))
    later, sooner = code_of(key, 2), code_of(key, 1)
    assert [with_code(app, anna, code) for code in (later, sooner)] == [True, False]


def test_a_new_app_begins_without_used_codes(app: Flask, anna: User) -> None:
    inside = client_of(app, anna)
    switch_on(inside)
    switch_on(inside)


def test_a_wrong_code_of_a_new_app_gives_no_old_code_back(app: Flask, anna: User) -> None:
    inside = client_of(app, anna)
    key = switch_on(inside)
    code = code_of(key, 1)
    assert with_code(app, anna, code)
    _new_key, path = set_up(inside)
    send(inside, path, on="/account/two-step", code="000000")
    assert not with_code(app, anna, code)


def test_a_wrong_code_while_switching_on_changes_nothing(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    _key, path = set_up(client)
    send(client, path, on="/account/two-step", code="000000")
    assert present(anna.id).tf_primary_method is None


def test_every_recovery_code_works_once(app: Flask, anna: User) -> None:
    inside = client_of(app, anna)
    switch_on(inside)
    code = recovery_code(inside)
    signed_in = []
    for _use in range(2):
        client = app.test_client()
        sign_in(client, anna.email)
        send(client, "/sign-in/recovery-code", code=code)
        signed_in.append(is_signed_in(client))
    assert signed_in == [True, False]


def test_a_recovery_code_sent_twice_at_once_lets_one_in(app_on: Flask) -> None:
    anna = add_user("Anna Berg", password=hash_password(PASSWORD))
    inside, late = client_of(app_on, anna), app_on.test_client()
    switch_on(inside)
    code = recovery_code(inside)
    sign_in(late, anna.email)
    page = late.get("/sign-in/recovery-code").text
    csrf = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    codes = app_on.extensions["security"].mf_recovery_codes_util
    db.session.close()
    writing()
    user = present(anna.id)
    assert codes.check_recovery_code(user, code)
    codes.delete_recovery_code(user, code)
    answers: list[int] = []
    waiting = Thread(target=lambda: answers.append(send_late(app_on, late, csrf, code)))
    waiting.start()
    waiting.join(1)
    assert answers == []
    db.session.commit()
    waiting.join(20)
    assert answers == [422]


def send_late(app: Flask, client: FlaskClient, csrf: str, code: str) -> int:
    with app.app_context():
        return client.post("/sign-in/recovery-code", data={"csrf_token": csrf, "code": code}).status_code


def test_two_steps_can_be_switched_off(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    switch_on(client)
    assert send(client, "/account/two-step", setup="disable").status_code == 303
    visitor = app.test_client()
    sign_in(visitor, anna.email)
    assert is_signed_in(visitor)


def test_the_secret_of_the_app_is_not_stored_as_it_is(app: Flask, anna: User) -> None:
    key = switch_on(client_of(app, anna))
    secret = present(anna.id).tf_totp_secret
    assert secret
    assert key not in secret.replace("-", "")
