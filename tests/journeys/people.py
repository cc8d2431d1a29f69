"""People at a running site, each signed in as they would be: by the form, with a password."""

import re
import subprocess

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from facilities import create_app
from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue.models import LISTINGS
from facilities.db import db, writing
from tests.running_site import ROOT, Site, flask_command

PASSWORD = "quiet lakes keep names"


def at_desk(page: Page, site: Site) -> Page:
    """The first administrator, made by the command line."""
    make_account(site, "dora.desk@example.org", "Dora Desk", "--role", "admin")
    return sign_in(page, "dora.desk@example.org")


def give_account(page: Page, site: Site, name: str, *, editor_of: str) -> Page:
    """An editor of a facility."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    make_account(site, address, name)
    with create_app(site.settings).app_context():
        writing()
        user = db.session.scalar(sa.select(User).where(User.email == address))
        facility = db.session.scalar(sa.select(LISTINGS.c.id).where(LISTINGS.c.name == editor_of))
        assert user is not None
        assert facility is not None
        user.grants.append(Grant(listing_id=facility, role=OwnerRole.EDITOR))
        db.session.commit()
    return sign_in(page, address)


def make_account(site: Site, address: str, name: str, *more: str) -> None:
    with create_app(site.settings).app_context():
        if db.session.scalar(sa.select(User.id).where(User.email == address)):
            return
    command = flask_command("users", "create", address, "--name", name, "--password-stdin", *more)
    subprocess.run(command, cwd=ROOT, env=site.environment, input=PASSWORD, text=True, check=True, capture_output=True)


def sign_in(page: Page, address: str) -> Page:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    return page
