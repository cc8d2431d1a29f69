"""From what a company looks for to a letter in the mailbox of somebody who has it, in a browser, by way of the desk."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from facilities import create_app
from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue.models import LISTINGS
from facilities.db import db, writing
from tests.barriers import barriers
from tests.journeys.people import at_desk, make_account, sign_in
from tests.post_office import PostOffice, wait_for_letter
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

POSTER, FILLER = "Kalksten Biologics A/S", "Nattviol Sterile Fill AB"
WANTED = "GMP filling of small batches"


def test_a_need_is_posted_published_matched_and_mailed_to_who_asked_for_it(
    browser: Browser, page: Page, site: Site, letters: PostOffice
) -> None:
    give_manager(site, "Fia Filler", FILLER)
    give_manager(site, "Maja Poster", POSTER)
    ask_for_letters(sign_in(page, "fia.filler@example.org"))
    address = post_need(elsewhere(browser, site), "maja.poster@example.org")
    assert not letters.letters_to("fia.filler@example.org")
    publish(elsewhere(browser, site), site)
    letter = wait_for_letter(letters, "fia.filler@example.org", WANTED)
    assert letter["List-Unsubscribe"] and address in str(letter.get_body(("plain",)))
    assert FILLER in str(wait_for_letter(letters, "maja.poster@example.org", WANTED).get_body(("plain",)))
    page.goto(address)
    expect(page.get_by_role("heading", name=WANTED)).to_be_visible()
    expect(page.get_by_role("link", name=FILLER).first).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Answer", exact=True).click()
    expect(page.get_by_label("Your message")).to_have_value(re.compile(WANTED))


def ask_for_letters(page: Page) -> None:
    page.goto("/account")
    switches = page.get_by_role("region", name="Letters about needs")
    switches.get_by_role("button", name="Start").click()
    expect(switches.get_by_role("button", name="Stop")).to_be_visible()


def post_need(page: Page, address: str) -> str:
    """The address of the need."""
    sign_in(page, address)
    page.goto("/needs/new")
    page.get_by_label("We look for").fill(WANTED)
    page.get_by_role("button", name="See what the catalogue has for it").click()
    expect(page.get_by_role("link", name=FILLER)).to_be_visible()
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_text("It waits for the desk of this site")).to_be_visible()
    return page.url


def publish(page: Page, site: Site) -> None:
    at_desk(page, site)
    page.goto("/moderate/public-needs")
    page.get_by_role("link", name=WANTED).click()
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Published; who posted it gets a letter.")).to_be_visible()


def elsewhere(browser: Browser, site: Site) -> Page:
    """Another browser, where nobody is signed in."""
    return browser.new_context(base_url=site.url, locale="en").new_page()


def give_manager(site: Site, name: str, organisation: str) -> None:
    """An account that manages the organisation."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    make_account(site, address, name)
    with create_app(site.settings).app_context():
        writing()
        user = db.session.scalars(sa.select(User).where(User.email == address)).one()
        listing = db.session.scalars(sa.select(LISTINGS.c.id).where(LISTINGS.c.name == organisation)).one()
        user.grants.append(Grant(listing_id=listing, role=OwnerRole.MANAGER))
        db.session.commit()
