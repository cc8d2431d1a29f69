"""The head of the pages in a browser: on a phone, and in a network's part of the site."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.barriers import PHONE, barriers
from tests.conftest import running_app
from tests.networks.casting import cast
from tests.running_site import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("frame")
    with running_app(folder) as app:
        cast()
        with served(app) as address:
            yield address


def test_the_language_is_chosen_in_the_menu_of_a_phone(browser: Browser, address: str) -> None:
    page = browser.new_context(base_url=address, locale="en", **PHONE).new_page()
    page.goto("/networks?x=1")
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Dansk")).to_be_hidden()
    menu.get_by_text("More", exact=True).click()
    assert barriers(page) == []
    menu.get_by_role("link", name="Dansk").click()
    expect(page).to_have_url(re.compile(r"/da/networks\?x=1$"))
    expect(page.locator("html")).to_have_attribute("lang", "da")


def test_a_suggested_listing_opens_in_the_part_of_the_network(browser: Browser, address: str) -> None:
    page = browser.new_context(base_url=address, locale="en").new_page()
    page.goto("/networks/north/search")
    page.locator("#q").press_sequentially("orbitrap")
    page.get_by_role("option", name="Orbitrap of the north").click()
    expect(page).to_have_url(re.compile(r"/instruments/\d+-orbitrap-of-the-north\?network=north$"))
    expect(page.get_by_role("region", name="Northern Cluster")).to_be_visible()
