"""Signing in and out: what is answered, what is noted, where it leads."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from facilities.accounts.models import SignIn, SiteRole, User
from facilities.accounts.sessions import MOST_KEPT, browser_of, forget_old_sign_ins, network_of
from facilities.db import db, now
from tests.accounts.visiting import (
    OTHER_PASSWORD,
    PASSWORD,
    is_signed_in,
    send,
    sign_in,
    without_token,
)
from tests.conftest import running_app
from tests.counting import statements
from tests.listings import small_catalogue
from tests.people import add_user, client_of


@pytest.fixture
def anna(app: Flask) -> User:
    return add_user("Anna Berg", password=hash_password(PASSWORD))


def first_page(app: Flask, user: User) -> str:
    """The address where one is after signing in."""
    client = app.test_client()
    answer = sign_in(client, user.email)
    assert answer.status_code == 303
    page = client.get(answer.location, follow_redirects=True)
    assert page.status_code == 200
    return page.request.path


def test_the_right_password_signs_in_and_leads_to_ones_listings(app: Flask, anna: User) -> None:
    assert first_page(app, anna) == "/manage/"


def test_the_desk_is_led_to_its_queues_unless_it_keeps_listings_of_its_own(app: Flask) -> None:
    university, _facility, _microscope = small_catalogue()
    secret = hash_password(PASSWORD)
    for role in (SiteRole.MODERATOR, SiteRole.ADMINISTRATOR):
        assert first_page(app, add_user(f"Desk {role}", site_role=role, password=secret)) == "/moderate/"
    owner = add_user("Bo Ek", site_role=SiteRole.MODERATOR, editor_of=university, password=secret)
    assert first_page(app, owner) == "/manage/"


def test_the_desk_too_is_led_where_it_wanted_to_go(client: FlaskClient) -> None:
    add_user("Mode Rator", site_role=SiteRole.MODERATOR, password=hash_password(PASSWORD))
    assert sign_in(client, "mode.rator@example.org", next="/account/passkeys").location == "/account/passkeys"


def test_the_address_may_be_written_in_capitals(client: FlaskClient, anna: User) -> None:
    assert sign_in(client, anna.email.upper()).status_code == 303


def test_a_wrong_password_an_unknown_address_and_an_unconfirmed_one_get_the_same_answer(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    add_user("Uli Neu", password=hash_password(PASSWORD), confirmed_at=None)
    addresses = (anna.email, "nobody@example.org", "uli.neu@example.org")
    tried = [sign_in(client, email, OTHER_PASSWORD) for email in addresses]
    assert {answer.status_code for answer in tried} == {422}
    said = {without_token(answer.text).replace(email, "?") for answer, email in zip(tried, addresses, strict=True)}
    assert len(said) == 1
    assert not is_signed_in(client)


def test_who_has_not_confirmed_the_address_cannot_sign_in(client: FlaskClient, app: Flask) -> None:
    add_user("Uli Neu", password=hash_password(PASSWORD), confirmed_at=None)
    assert sign_in(client, "uli.neu@example.org").status_code == 422
    assert not is_signed_in(client)


def test_a_closed_account_cannot_sign_in_and_its_session_ends(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    assert is_signed_in(client)
    db.session.execute(sa.update(User).values(active=False))
    db.session.commit()
    assert not is_signed_in(client)
    assert sign_in(app.test_client(), anna.email).status_code == 422


def test_after_signing_in_one_is_where_one_wanted_to_go(client: FlaskClient, anna: User) -> None:
    asked = client.get("/account/passkeys?x=1")
    assert asked.location == "/sign-in?next=%2Faccount%2Fpasskeys%3Fx%3D1"
    answer = send(client, asked.location, email=anna.email, password=PASSWORD)
    assert answer.location == "/account/passkeys?x=1"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:/evil.example",
     "/%09/evil.example", "javascript:alert(1)", "///evil.example"],
)  # fmt: skip
def test_nobody_is_led_to_another_site_after_signing_in(client: FlaskClient, anna: User, target: str) -> None:
    page = client.get("/sign-in", query_string={"next": target})
    answer = sign_in(client, anna.email, next=target)
    assert page.status_code in (200, 400)
    assert answer.status_code == 400 or "evil" not in answer.location.split("?")[0].split("/")[1:2]


def test_a_new_browser_speaks_the_language_of_the_account_after_signing_in(app: Flask) -> None:
    add_user("Liv Dahl", password=hash_password(PASSWORD), locale="nb")
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "sv"
    assert client.get("/sign-in").headers["Content-Language"] == "sv"
    assert sign_in(client, "liv.dahl@example.org").status_code == 303
    assert client.get("/account").headers["Content-Language"] == "nb"
    send(client, "/sign-out", on="/account")
    assert client.get("/").headers["Content-Language"] == "nb"


@pytest.mark.parametrize("address", ["/da/sign-in", "/sign-in"])
def test_signing_in_leaves_a_language_that_was_chosen_before(app: Flask, address: str) -> None:
    add_user("Liv Dahl", password=hash_password(PASSWORD), locale="nb")
    client = app.test_client()
    if address == "/sign-in":
        client.set_cookie("language", "da")
    assert send(client, address, email="liv.dahl@example.org", password=PASSWORD).status_code == 303
    assert client.get("/account").headers["Content-Language"] == "da"


def test_signing_out_needs_a_form_and_ends_the_session(app: Flask, client: FlaskClient, anna: User) -> None:
    sign_in(client, anna.email)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)
    assert send(client, "/sign-out", on="/account").status_code == 303
    assert not is_signed_in(client)


def test_each_sign_in_is_noted_by_network_and_browser_only(client: FlaskClient, anna: User) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.environ_base |= {"REMOTE_ADDR": "192.0.2.77", "HTTP_USER_AGENT": agent}
    sign_in(client, anna.email)
    noted = db.session.scalars(sa.select(SignIn)).one()
    assert (noted.network, noted.browser, noted.way) == ("192.0.2.0/24", "Firefox, Linux", "password")
    assert "192.0.2.0/24" in client.get("/account").text


def test_networks_of_both_kinds_of_address() -> None:
    assert network_of("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network_of("::ffff:192.0.2.77") == "192.0.2.0/24"
    assert network_of("what?") == ""


def test_a_browser_that_says_nothing_is_no_trouble() -> None:
    assert browser_of("") == ""


def test_only_the_latest_sign_ins_are_kept(client: FlaskClient, anna: User) -> None:
    db.session.add_all(SignIn(user_id=anna.id) for _each in range(MOST_KEPT + 3))
    db.session.commit()
    sign_in(client, anna.email)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == MOST_KEPT


def test_old_sign_ins_are_forgotten(app_on: Flask) -> None:
    user = add_user("Anna Berg")
    db.session.add_all([SignIn(user_id=user.id), SignIn(user_id=user.id, at=now() - timedelta(days=200))])
    db.session.commit()
    assert forget_old_sign_ins() == 1


def test_staying_signed_in_sets_a_cookie_that_scripts_cannot_read(client: FlaskClient, anna: User) -> None:
    cookies = sign_in(client, anna.email, remember="y").headers.getlist("Set-Cookie")
    remembered = next(each for each in cookies if each.startswith("remember_token"))
    assert "HttpOnly" in remembered
    assert "SameSite=Lax" in remembered


def test_cookies_are_for_https_only_where_the_site_is(tmp_path: Path) -> None:
    with running_app(tmp_path, SITE_URL="https://catalogue.test") as app:
        anna = add_user("Anna Berg", password=hash_password(PASSWORD))
        client = app.test_client()
        page = client.get("/sign-in", base_url="https://catalogue.test")
        token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        typed = {"csrf_token": token, "email": anna.email, "password": PASSWORD, "remember": "y"}
        headers = {"Referer": "https://catalogue.test/sign-in"}
        answer = client.post("/sign-in", base_url="https://catalogue.test", data=typed, headers=headers)
        assert answer.status_code == 303
        assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_signing_out_everywhere_leaves_only_this_session(app: Flask, anna: User) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, anna.email)
    sign_in(there, anna.email)
    assert send(here, "/account/sign-out-everywhere", on="/account").status_code == 303
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_a_password_cannot_be_tried_for_ever(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        anna = add_user("Anna Berg", password=hash_password(PASSWORD))
        client = app.test_client()
        codes = [sign_in(client, anna.email, OTHER_PASSWORD).status_code for _each in range(11)]
        assert codes == [422] * 10 + [429]
        refused = sign_in(client, anna.email)
        assert refused.status_code == 429
        assert "Wait a few minutes" in refused.text


def test_no_spelling_of_an_address_gives_more_tries(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        anna = add_user("Anna Berg", password=hash_password(PASSWORD))
        client = app.test_client()
        for _each in range(10):
            sign_in(client, anna.email, OTHER_PASSWORD)
        spelt = ("anna.berg@ｅxample.org", "anna.berg@example。org", " Anna.Berg@EXAMPLE.org")
        assert [sign_in(client, each).status_code for each in spelt] == [429] * 3
        assert sign_in(client, "no address").status_code == 422


@pytest.mark.parametrize("path", ["/account/verify", "/account/password"])
def test_an_address_beside_the_password_gives_no_more_tries(tmp_path: Path, path: str) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        client = client_of(app, add_user("Anna Berg", password=hash_password(PASSWORD)))
        tried = [
            send(client, path, password="wrong", new_password=OTHER_PASSWORD, email=f"{each}@example.org").status_code
            for each in range(11)
        ]
        assert tried == [422] * 10 + [429]


def test_forms_of_one_network_are_limited_whatever_address_they_name(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        client = app.test_client()
        token = client.get("/reset").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        asked = [
            client.post("/reset", data={"csrf_token": token, "email": f"n{each}@example.org"}).status_code
            for each in range(61)
        ]
        assert asked == [303] * 60 + [429]


def test_requests_that_are_no_forms_are_refused(client: FlaskClient) -> None:
    headers = {
        "X-CSRFToken": client.get("/sign-in").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    }
    answer = client.post("/sign-in", json={"email": "anna@example.org", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 415


def test_a_token_of_the_library_signs_nobody_in(app: Flask, client: FlaskClient, anna: User) -> None:
    token = anna.get_auth_token()
    assert client.get("/account", headers={"Authentication-Token": token}).status_code == 303
    assert client.get(f"/account?auth_token={token}").status_code == 303


def test_private_pages_are_kept_by_nobody(app: Flask, client: FlaskClient, anna: User) -> None:
    inside = client_of(app, anna)
    for who, path in (
        (inside, "/account"),
        (inside, "/"),
        (inside, "/manage/"),
        (client, "/sign-in"),
        (client, "/account"),
    ):
        assert who.get(path).headers["Cache-Control"] == "no-store", path
    assert "Cache-Control" not in client.get("/techniques").headers


def test_visitors_cost_no_look_at_the_users_and_get_no_cookie(client: FlaskClient) -> None:
    with statements() as sent:
        page = client.get("/techniques")
    assert not [each for each in sent if "users" in each]
    assert "Set-Cookie" not in page.headers
    assert "Vary" not in client.get("/healthz").headers
    with client.get("/static/site.css") as file:
        assert set(file.vary) <= {"Accept-Encoding"}


def test_the_head_says_who_is_signed_in_and_leads_where_they_may_go(
    app: Flask, client: FlaskClient, anna: User
) -> None:
    page = client_of(app, anna).get("/techniques").text
    assert "Anna Berg" in page
    assert 'href="/manage/"' in page
    assert 'href="/moderate/"' not in page
    assert 'action="/sign-out"' in page
    assert 'href="/sign-in"' in client.get("/techniques").text


def test_a_signed_in_user_costs_one_query_more(app: Flask, client: FlaskClient, anna: User) -> None:
    with statements() as as_visitor:
        client.get("/techniques")
    with statements() as as_user:
        client_of(app, anna).get("/techniques")
    assert len(as_user) == len(as_visitor) + 1
