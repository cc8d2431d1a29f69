"""Signing in with a passkey, and the pages of accounts for everybody: in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_security import hash_password
from playwright.sync_api import Browser, Page, expect

from tests.accounts.visiting import PASSWORD
from tests.barriers import PHONE, barriers
from tests.conftest import running_app
from tests.listings import small_catalogue
from tests.people import add_user
from tests.running_site import Site, running_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("accounts")]

KEY_OF_THE_COMPUTER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip

OUTSIDE = [
    "/sign-in",
    "/register",
    "/reset",
    "/confirm",
    "/confirm/made-up",
    "/invitations/made-up",
    "/sign-in/passkey",
]
INSIDE = ["/account", "/account/password", "/account/address", "/account/two-step", "/account/recovery-codes",
          "/account/passkeys", "/account/verify", "/account/erase", "team"]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("accounts")
    with running_app(folder):
        university, facility, _microscope = small_catalogue()
        anna = add_user("Anna Berg", password=hash_password(PASSWORD), manager_of=facility)
        add_user("Bo Ek", manager_of=university)
        assert anna.id == 1
    with running_site(folder, processes=1, with_worker=False) as site:
        yield site


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, **PHONE)
    yield context.new_page()
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/account")
    page.get_by_label("E-mail address").fill("anna.berg@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY_OF_THE_COMPUTER})
    sign_in(page)
    page.goto("/account/passkeys")
    page.get_by_label("Name of the passkey").fill("Office laptop")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("The passkey Office laptop can be used from now on.")).to_be_visible()

    sign_out(page)
    page.goto("/sign-in?next=/account/passkeys")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{site.url.replace('127.0.0.1', 'localhost')}/account/passkeys")

    page.get_by_role("button", name="Remove Office laptop").click()
    expect(page.get_by_text("The passkey Office laptop is removed.")).to_be_visible()
    context.close()


def test_pages_for_signing_in_have_no_barriers_and_fit_a_phone(phone: Page) -> None:
    for address in OUTSIDE:
        phone.goto(address)
        assert (address, barriers(phone)) == (address, [])
    phone.goto("/sign-in")
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_role("alert")).to_be_visible()
    assert barriers(phone) == []


def test_pages_of_the_account_have_no_barriers_and_fit_a_phone(phone: Page) -> None:
    sign_in(phone)
    for address in INSIDE:
        phone.goto("/manage/team" if address == "team" else address)
        assert (address, barriers(phone)) == (address, [])
    phone.goto("/account/two-step")
    phone.get_by_role("button", name="Set it up").click()
    expect(phone.get_by_role("img", name="The same key as a picture to scan")).to_be_visible()
    assert barriers(phone) == []
    phone.locator(".account-menu summary").click()
    assert barriers(phone) == []


def test_the_menu_of_the_account_opens_by_keyboard_and_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in?next=/account")
    page.get_by_label("E-mail address").fill("anna.berg@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".account-menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="My listings")).to_be_visible()
    context.close()
