"""The title of a page says first that something is wrong: it is what a screen reader reads when the page has come."""

import re

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from facilities.accounts.invitations import invite, path_of
from facilities.accounts.models import OwnerRole
from tests.accounts.visiting import PASSWORD, csrf_of, letters, link_in, send
from tests.listings import small_catalogue
from tests.people import add_user, client_of


def titles(client: FlaskClient, path: str, **typed: str) -> tuple[str, str, str]:
    """The title of a page, that of the same page after its form was sent, and the heading of that."""
    page = client.get(path).text
    answer = client.post(path, data={"csrf_token": csrf_of(page)} | typed)
    assert answer.status_code == 422, path
    return title_of(page), title_of(answer.text), text_of("h1", answer.text)


def title_of(page: str) -> str:
    return text_of("title", page)


def text_of(tag: str, page: str) -> str:
    found = re.search(rf"<{tag}[^>]*>\s*(.*?)\s*</{tag}>", page, re.DOTALL)
    assert found
    return found[1]


def test_titles_of_pages_for_visitors_say_that_something_is_wrong(app: Flask) -> None:
    anna = add_user("Anna Berg", password=hash_password(PASSWORD))
    send(app.test_client(), "/reset", email=anna.email)
    for path in ("/sign-in", "/register", link_in(letters(anna.email)[-1])):
        before, after, heading = titles(app.test_client(), path, email="", password="short")
        assert not before.startswith("Error")
        assert after == f"Error: {before}"
        assert not heading.startswith("Error")


def test_titles_of_pages_of_the_account_say_that_something_is_wrong(app: Flask) -> None:
    client = client_of(app, add_user("Anna Berg", password=hash_password(PASSWORD)))
    paths = (
        "/account",
        "/account/password",
        "/account/address",
        "/account/verify",
        "/account/tokens",
        "/account/erase",
    )
    for path in paths:
        before, after, heading = titles(client, path, name="")
        assert after == f"Error: {before}"
        assert not heading.startswith("Error")


def test_titles_of_teams_and_invitations_say_that_something_is_wrong(app: Flask) -> None:
    university, _facility, _microscope = small_catalogue()
    manager = add_user("Mana Ger", manager_of=university)
    invitation = invite("uli@example.org", by=manager, listing=university, role=OwnerRole.EDITOR)
    pages = (
        (client_of(app, manager), f"/manage/listings/{university.id}/team"),
        (app.test_client(), path_of(invitation)),
    )
    for client, path in pages:
        before, after, heading = titles(client, path)
        assert after == f"Error: {before}"
        assert not heading.startswith("Error")
