"""The small map on the page of a listing, in a browser."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from facilities.catalogue.models import Organisation
from tests.running_site import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("map")]


@pytest.fixture
def page(app: Flask, browser: Browser) -> Iterator[Page]:
    """A page of the site."""
    with served(app) as url, browser.new_context(base_url=url, locale="en-GB") as context:
        yield context.new_page()


def test_the_map_of_a_listing_names_its_town(page: Page, university: Organisation) -> None:
    page.goto(university.path)
    page.locator(".where").scroll_into_view_if_needed()
    expect(page.locator(".place-map .leaflet-tooltip")).to_have_text("Uppsala")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_button_of_a_listing_is_in_sight_at_once_and_covers_nothing(
    page: Page, university: Organisation, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(university.path)
    button = page.get_by_role("link", name="Send an enquiry")
    expect(button).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    foot = page.locator(".site-foot").bounding_box()
    bar = page.locator(".enquire").bounding_box()
    assert foot and bar
    assert width > 640 or foot["y"] + foot["height"] <= bar["y"]
    page.emulate_media(media="print")
    expect(button).to_be_hidden()
