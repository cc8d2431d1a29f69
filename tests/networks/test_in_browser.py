"""Joining a network in a browser, from the form to the members and the narrowed search."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from facilities.accounts.models import User
from tests.conftest import running_app
from tests.networks.casting import Cast, cast
from tests.running_site import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("networks")
    with running_app(folder) as app:
        yield app


@pytest.fixture(scope="module")
def north(app: Flask) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def address(app: Flask, north: Cast) -> Iterator[str]:
    with served(app) as address:
        yield address


def _signed_in(app: Flask, browser: Browser, address: str, user: User) -> BrowserContext:
    """A browser in which the user is signed in."""
    context = browser.new_context(base_url=address)
    with app.test_client() as client:
        with client.session_transaction() as session:
            session |= {"_user_id": user.fs_uniquifier, "_fresh": True, "fs_cc": "set"}
        cookie = client.get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    return context


def test_a_company_joins_a_network(app: Flask, browser: Browser, address: str, north: Cast) -> None:
    visitor = browser.new_context(base_url=address, viewport={"width": 390, "height": 800}).new_page()
    _apply(visitor)
    desk = _signed_in(app, browser, address, north.desk).new_page()
    _accept(desk)

    visitor.reload()
    expect(visitor.get_by_text("Accepted")).to_be_visible()
    visitor.goto("/networks/north/members?category=companies")
    visitor.get_by_role("link", name="Lonely Labs").wait_for()
    visitor.goto("/networks/north/search?kind=organisation")
    visitor.get_by_role("link", name="Lonely Labs").wait_for()
    visitor.context.close()
    desk.context.close()


def _apply(page: Page) -> None:
    page.goto("/networks/north")
    page.get_by_role("link", name="Become a member").click()
    page.get_by_label("Its name").fill("Lonely")
    page.get_by_role("button", name="Find it").click()
    page.get_by_role("link", name="This one").click()
    page.get_by_label("Category of membership").select_option(label="Companies (9,000 NOK a year)")
    page.get_by_label("Your name").fill("Ada Applicant")
    page.get_by_label("Your e-mail address").fill("ada@lonely.example.org")
    page.wait_for_timeout(3100)  # a form that is sent quicker is taken for a robot's
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_text("Waiting for a decision")).to_be_visible()


def _accept(page: Page) -> None:
    page.goto("/manage/networks/north/")
    page.get_by_role("navigation", name="Desk of the network").get_by_role("link", name="Applications").click()
    page.get_by_role("link", name="Lonely Labs").click()
    page.get_by_role("button", name="Accept as a member").click()
    expect(page.get_by_text("Lonely Labs is a member from today")).to_be_visible()
