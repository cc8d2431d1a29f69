"""Making an account, confirming its address, forgetting the password: by letters, and without telling who is known."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from facilities.accounts.models import User
from facilities.api.tokens import token_of
from facilities.db import db
from facilities.mail import compose
from facilities.moderation.models import Preferences
from facilities.outbox.letters import as_letter
from tests.accounts.visiting import (
    OTHER_PASSWORD,
    PASSWORD,
    csrf_of,
    is_signed_in,
    letters,
    link_in,
    secret_of,
    send,
    sign_in,
)
from tests.conftest import running_app
from tests.people import add_user, client_of


@pytest.fixture
def anna(app: Flask) -> User:
    return add_user("Anna Berg", password=hash_password(PASSWORD))


def register(client: FlaskClient, email: str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return send(client, "/register", email=email, name="Uli Neu", password=password)


def user(email: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == email)).one()


def test_a_new_account_works_once_its_address_is_confirmed(app: Flask, client: FlaskClient) -> None:
    answer = register(client, "uli@example.org")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert sign_in(client, "uli@example.org").status_code == 422

    link = link_in(letters("uli@example.org")[0])
    assert send(client, link).status_code == 303
    assert sign_in(client, "uli@example.org").status_code == 303
    assert user("uli@example.org").name == "Uli Neu"


def test_opening_the_link_confirms_nothing(client: FlaskClient) -> None:
    register(client, "uli@example.org")
    assert client.get(link_in(letters()[0])).status_code == 200
    assert user("uli@example.org").confirmed_at is None


def test_a_link_that_is_not_ours_confirms_nothing(client: FlaskClient) -> None:
    answer = send(client, "/confirm/made-up")
    assert answer.location == "/confirm"
    assert "cannot be used" in client.get("/confirm").text


def test_registering_a_known_address_looks_the_same_and_tells_only_its_owner(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    new, known = register(client, "uli@example.org"), register(app.test_client(), anna.email)
    assert (new.status_code, new.location) == (known.status_code, known.location)
    assert letters(anna.email)[0].name == "already_registered"
    assert user(anna.email).name == "Anna Berg"
    assert sign_in(client, anna.email).status_code == 303


def test_whoever_owns_the_address_wins_over_who_registered_it_first(app: Flask, client: FlaskClient) -> None:
    register(client, "uli@example.org", OTHER_PASSWORD)
    register(client, "uli@example.org", PASSWORD)
    link = link_in(letters("uli@example.org")[-1])
    assert send(client, link, password=PASSWORD).status_code == 303
    assert sign_in(app.test_client(), "uli@example.org", OTHER_PASSWORD).status_code == 422
    assert sign_in(client, "uli@example.org", PASSWORD).status_code == 303


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "passwordpassword", "uli@example.org1", "x" * 129])
def test_a_password_that_is_guessed_first_is_refused_with_what_to_do(client: FlaskClient, password: str) -> None:
    answer = register(client, "uli@example.org", password)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert "uli@example.org" in answer.text
    assert password not in answer.text or password == "uli@example.org1"
    assert not letters()


def test_bad_passwords_are_refused_alike_for_known_and_unknown_addresses(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    said = [register(client, email, "short").text.count("form-error") for email in (anna.email, "new@example.org")]
    assert said[0] == said[1]
    assert not letters()


def test_registration_can_be_closed(app: Flask, client: FlaskClient) -> None:
    token = csrf_of(client.get("/register").text)
    db.session.add(Preferences(id=1, registration_open=False))
    db.session.commit()
    assert "by invitation" in client.get("/register").text
    typed = {"csrf_token": token, "email": "uli@example.org", "name": "Uli", "password": PASSWORD}
    assert client.post("/register", data=typed).status_code == 403
    assert 'href="/register"' not in client.get("/sign-in").text
    assert not letters()


def test_a_forgotten_password_is_set_anew_by_letter_once(app: Flask, client: FlaskClient, anna: User) -> None:
    inside = client_of(app, anna)
    assert send(client, "/reset", email=anna.email).location == "/reset"
    link = link_in(letters(anna.email)[0])
    assert send(client, link, password=OTHER_PASSWORD).location == "/sign-in"
    assert not is_signed_in(client)
    assert not is_signed_in(inside)
    assert sign_in(app.test_client(), anna.email, PASSWORD).status_code == 422
    assert sign_in(client, anna.email, OTHER_PASSWORD).status_code == 303
    assert app.test_client().get(link).location == "/reset"
    assert letters(anna.email)[-1].name == "password_reset"


@pytest.mark.parametrize("path", ["/reset", "/confirm"])
def test_asking_for_a_letter_says_the_same_for_known_and_unknown_addresses(
    app: Flask, client: FlaskClient, anna: User, path: str
) -> None:
    said = set()
    for email in (anna.email, "nobody@example.org"):
        assert send(client, path, email=email).status_code == 303
        page = client.get(path).text
        assert "a letter is on its way" in page
        said.add(page.split("<form")[0].replace(email, "?"))
    assert len(said) == 1
    assert not letters("nobody@example.org")


def test_links_lead_to_our_site_whatever_host_was_asked_for(client: FlaskClient, anna: User) -> None:
    token = csrf_of(client.get("/reset", headers={"Host": "evil.example"}).text)
    typed = {"csrf_token": token, "email": anna.email}
    client.post("/reset", data=typed, headers={"Host": "evil.example", "Referer": "http://evil.example/reset"})
    for letter in letters(anna.email):
        assert "evil" not in letter.text + letter.html


def test_letters_are_stored_with_the_change_and_say_one_thing_first(client: FlaskClient, anna: User) -> None:
    send(client, "/reset", email=anna.email)
    letter = letters(anna.email)[0]
    message = compose(as_letter(letter))
    assert message["To"] == anna.email
    assert letter.text.index("http://") < 80
    assert "{" not in letter.text + letter.subject
    assert link_in(letter) in letter.html


def test_letters_to_one_address_are_limited(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        anna = add_user("Anna Berg", password=hash_password(PASSWORD))
        codes = [send(app.test_client(), "/reset", email=anna.email).status_code for _each in range(5)]
        assert codes == [303] * 4 + [429]
        assert len(letters(anna.email)) == 4


def test_a_new_address_is_used_once_its_letter_is_answered(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    assert send(client, "/account/address", email="anna@new.example.org").location == "/account/address"
    link = link_in(letters("anna@new.example.org")[0])
    assert client.get(link).status_code == 200
    assert user(anna.email).name == "Anna Berg"

    assert send(client, link).status_code == 303
    assert user("anna@new.example.org").id == anna.id
    assert letters(anna.email)[-1].name == "address_changed"
    assert send(client, link).status_code == 303
    assert user("anna@new.example.org").id == anna.id


def test_an_address_that_somebody_has_cannot_be_taken_nor_found_out(app: Flask, anna: User) -> None:
    bo = add_user("Bo Ek")
    client = client_of(app, anna)
    answer = send(client, "/account/address", email=bo.email)
    assert answer.status_code == 303
    assert "a letter is on its way" in client.get("/account/address").text
    assert not letters(bo.email)


def test_changing_the_address_asks_for_a_recent_sign_in(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    with client.session_transaction() as session:
        session["fs_paa"] -= timedelta(hours=3).total_seconds()
    asked = client.get("/account/address")
    assert asked.location == "/account/verify?next=%2Faccount%2Faddress"
    assert send(client, asked.location, password=PASSWORD).location == "/account/address"
    assert client.get("/account/address").status_code == 200


def test_the_password_is_changed_with_the_present_one(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    wrong = send(client, "/account/password", password=OTHER_PASSWORD, new_password=OTHER_PASSWORD)
    assert wrong.status_code == 422
    assert 'id="password-error"' in wrong.text
    there = client_of(app, anna)
    done = send(client, "/account/password", password=PASSWORD, new_password=OTHER_PASSWORD)
    assert done.location == "/account"
    assert is_signed_in(client)
    assert not is_signed_in(there)
    assert letters(anna.email)[-1].name == "password_changed"


def test_a_forgotten_password_ends_the_tokens_and_the_letter_names_them(app: Flask, anna: User) -> None:
    secret, client = secret_of(anna), app.test_client()
    send(client, "/reset", email=anna.email)
    link = link_in(letters(anna.email)[-1])
    assert "Your tokens for programs are revoked" in client.get(link).text
    send(client, link, password=OTHER_PASSWORD)
    assert token_of(secret) is None
    letter = letters(anna.email)[-1]
    for part in (letter.text, letter.html):
        assert "have been revoked" in part
        assert "Nightly export" in part


def test_a_letter_about_a_forgotten_password_says_nothing_of_tokens_to_those_who_have_none(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    send(client, "/reset", email=anna.email)
    send(client, link_in(letters(anna.email)[-1]), password=OTHER_PASSWORD)
    assert "revoked" not in letters(anna.email)[-1].text


def test_changing_a_known_password_leaves_the_tokens_and_says_so(app: Flask, anna: User) -> None:
    secret, client = secret_of(anna), client_of(app, anna)
    page = client.get("/account/password").text
    assert "tokens for programs go on working" in page
    assert 'href="/account/tokens"' in page
    send(client, "/account/password", password=PASSWORD, new_password=OTHER_PASSWORD)
    assert token_of(secret) is not None
