"""The filters that are typed, in a browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from facilities.catalogue.actions import confirm_listing
from facilities.catalogue.models import Kind
from facilities.db import now
from facilities.search.index import rebuild
from tests.listings import add
from tests.running_site import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("results")]


@pytest.fixture
def page(app: Flask, browser: Browser) -> Iterator[Page]:
    """A page of a catalogue with microscopes in Uppsala (two at one address), Lund (two) and Bergen, and of many
    organisations."""
    for name, city, lat, lng in (
        ("First", "Uppsala", 59.8586, 17.6389),
        ("Second", "Uppsala", 59.8586, 17.6389),
        ("Third", "Lund", 55.7047, 13.191),
        ("Fourth", "Lund", 55.74, 13.3),
        ("Fifth", "Bergen", 60.3913, 5.3221),
    ):
        add(Kind.INSTRUMENT, f"{name} microscope", city=city, lat=lat, lng=lng)
    for number in range(14):
        owner = add(Kind.ORGANISATION, f"Institute {chr(65 + number)}")
        add(Kind.INSTRUMENT, f"Microscope of {number}", parent=owner)
    rebuild()
    with served(app) as url, browser.new_context(base_url=url, locale="en-GB") as context:
        yield context.new_page()


def test_a_town_is_chosen_as_it_is_typed(page: Page) -> None:
    page.goto("/search?q=microscope")
    for typed, town in (("upps", "Uppsala"), ("berg", "Bergen")):
        near = page.get_by_label("Near", exact=True)
        near.fill("")
        near.press_sequentially(typed)
        page.locator(".place-filter").get_by_role("option", name=town).click()
        expect(page.get_by_label("Active filters")).to_contain_text(f"Near {town}")
        expect(page.get_by_label("Near", exact=True)).to_be_focused()


@pytest.mark.parametrize("width", [1000, 1280])
def test_results_are_no_wider_than_the_window(page: Page, width: int) -> None:
    """With all that a card can say: owner, place, distance, users, price, and that it is overdue."""
    owner = add(Kind.ORGANISATION, "Institute of a name that is longer than most names of institutes are")
    fields = {"access": {"price_level": 4, "groups": ["academia", "companies", "abroad"]}, "parent": owner}
    old = add(Kind.INSTRUMENT, "Oldest microscope", city="Lund", lat=55.7, lng=13.2, **fields)
    confirm_listing(old, by="test", at=now() - timedelta(900))
    rebuild()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/search?q=oldest+microscope&near=Uppsala")
    expect(page.locator(".confirmed-overdue")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator(".choose").first).to_be_in_viewport(ratio=1)


def test_an_organisation_is_found_by_typing_and_chosen_by_keyboard(page: Page) -> None:
    page.goto("/search?q=microscope")
    page.get_by_role("link", name="Find an organisation").press("Enter")
    field = page.get_by_role("searchbox", name="Find an organisation")
    expect(field).to_be_focused()
    field.press_sequentially("inst M")
    facet = page.locator(".facet", has=field)
    found = facet.locator("label")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Institute M")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Active filters")).to_contain_text("Institute M")


def test_a_price_range_is_applied_at_once_and_leaves_a_short_address(page: Page) -> None:
    page.goto("/search?q=microscope")
    page.get_by_label("To", exact=True).first.select_option("2")
    expect(page.get_by_label("Active filters")).to_contain_text("€–€€")
    assert page.url.endswith("/search?q=microscope&price=-2")
