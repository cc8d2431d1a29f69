"""`flask --app wsgi users`: how the first administrator comes about."""

import sqlalchemy as sa
from flask import Flask

from facilities.accounts.commands import first_steps
from facilities.accounts.models import Invitation, SiteRole, User
from facilities.db import db
from tests.accounts.visiting import PASSWORD, is_signed_in, letters, sign_in
from tests.people import add_user


def run(app: Flask, *words: str, typed: str = ""):  # type: ignore[no-untyped-def]
    return app.test_cli_runner().invoke(args=["users", *words], input=typed)


def test_an_administrator_is_made_with_a_password_from_standard_input(app: Flask) -> None:
    words = ("create", "anna@example.org", "--role", "admin", "--name", "Anna Berg", "--password-stdin")
    done = run(app, *words, typed=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    client = app.test_client()
    assert sign_in(client, "anna@example.org").status_code == 303
    assert is_signed_in(client)
    assert db.session.scalars(sa.select(User.site_role)).one() == SiteRole.ADMINISTRATOR
    assert not letters()


def test_a_password_that_is_guessed_first_is_refused(app: Flask) -> None:
    done = run(app, "create", "anna@example.org", "--password-stdin", typed="password1234\n")
    assert done.exit_code == 1
    assert "easy to guess" in done.output
    assert db.session.scalar(sa.select(User.id)) is None


def test_without_a_password_an_invitation_is_mailed_and_its_link_printed(app: Flask) -> None:
    done = run(app, "create", "anna@example.org", "--role", "moderator")
    assert done.exit_code == 0, done.output
    link = done.output.split("http://catalogue.test")[1].strip()
    assert link in letters("anna@example.org")[0].text
    assert app.test_client().get(link).status_code == 200
    assert db.session.scalars(sa.select(Invitation.site_role)).one() == SiteRole.MODERATOR


def test_an_existing_account_is_given_the_role_and_keeps_its_password(app: Flask) -> None:
    anna = add_user("Anna Berg", password="kept")
    done = run(app, "create", anna.email, "--role", "admin")
    assert "is administrator from now on" in done.output
    assert db.session.execute(sa.select(User.site_role, User.password)).one() == (SiteRole.ADMINISTRATOR, "kept")


def test_what_is_no_address_is_refused(app: Flask) -> None:
    done = run(app, "create", "anna")
    assert done.exit_code == 2
    assert "is not a mail address" in done.output


def test_how_to_begin_is_said_until_somebody_administers_the_site(app: Flask) -> None:
    assert "users create you@example.org --role admin" in first_steps()
    add_user("Anna Berg", site_role=SiteRole.ADMINISTRATOR)
    assert first_steps() == ""


def test_all_accounts_are_listed(app: Flask) -> None:
    add_user("Anna Berg", site_role=SiteRole.ADMINISTRATOR)
    add_user("Uli Neu", confirmed_at=None)
    listed = run(app, "list").output.splitlines()
    assert listed[0].startswith("anna.berg@example.org\tAnna Berg\tadministrator\t")
    assert listed[1].endswith("(not confirmed)")
