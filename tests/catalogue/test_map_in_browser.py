"""The map of all places in a browser."""

from collections.abc import Iterator
from itertools import combinations
from math import hypot

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from facilities.catalogue.models import Kind, Organisation
from tests.listings import add
from tests.running_site import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("map")]


@pytest.fixture
def page(app: Flask, browser: Browser) -> Iterator[Page]:
    """A page of the site."""
    with served(app) as url, browser.new_context(base_url=url, locale="en-GB") as context:
        yield context.new_page()


def test_the_list_follows_the_map_and_the_chosen_kinds(page: Page, university: Organisation) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/map")
    count, entries = page.locator("[data-map-count]"), page.locator("[data-map-list] li")
    expect(count).to_have_text("5 of 5 listings in view")
    page.get_by_role("checkbox", name="Services").check()
    expect(count).to_have_text("1 of 1 listings in view")
    expect(entries).to_have_count(1)
    page.get_by_role("checkbox", name="Services").uncheck()
    expect(entries).to_have_count(5)
    assert problems == []


def test_a_group_at_one_address_opens_by_keyboard_and_lists_its_members(page: Page, university: Organisation) -> None:
    page.goto("/map#12/59.85/17.63")
    group = page.get_by_role("button", name="3 listings here: go closer")
    group.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a", has_text="Zeiss LSM 880")
    expect(link).to_be_visible()
    expect(page.locator(".leaflet-popup a").first).to_be_focused()
    link.click()
    expect(page.locator("h1")).to_have_text("Zeiss LSM 880")


def test_an_entry_of_the_list_shows_itself_on_the_map(page: Page, university: Organisation) -> None:
    page.goto("/map")
    page.get_by_role("button", name="Show on the map: Fjord Optics").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Fjord Optics")
    expect(page.locator("[data-map-count]")).to_contain_text("1 of 5")


def test_the_chosen_kinds_are_in_the_address_and_survive_a_reload(page: Page, university: Organisation) -> None:
    page.goto("/map?lang=en")
    count, box = page.locator("[data-map-count]"), page.get_by_role("checkbox", name="Services")
    expect(count).to_have_text("5 of 5 listings in view")
    box.check()
    expect(count).to_have_text("1 of 1 listings in view")
    assert "?lang=en&kind=service#" in page.url
    page.reload()
    expect(count).to_have_text("1 of 1 listings in view")
    expect(box).to_be_checked()


def test_listings_outside_the_view_are_counted_and_shown_on_demand(page: Page, university: Organisation) -> None:
    page.goto("/map#10/59.85/17.63")
    outside = page.locator("[data-map-outside]")
    expect(outside).to_have_text("2 listings outside this view: show all")
    outside.get_by_role("button", name="show all").click()
    expect(page.locator("[data-map-count]")).to_have_text("5 of 5 listings in view")
    expect(outside).to_be_hidden()


def test_a_popup_says_how_many_it_lists_and_gives_the_focus_back(page: Page, university: Organisation) -> None:
    page.goto("/map#12/59.85/17.63")
    group = page.get_by_role("button", name="3 listings here: go closer")
    group.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("3 listings here")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(group).to_be_focused()


def test_groups_do_not_overlap(page: Page, app: Flask) -> None:
    for number in range(60):
        row, column = divmod(number, 10)
        add(Kind.ORGANISATION, f"Place {number:02}", city="Here", country="SE", lat=58 + row / 2, lng=13 + column / 2)
    page.goto("/map#6.5/59.5/15")
    expect(page.locator(".place-group").first).to_be_visible()
    circles = [box for mark in page.locator(".place-group").all() if (box := mark.bounding_box())]
    assert len(circles) > 3
    for one, other in combinations(circles, 2):
        assert hypot(one["x"] - other["x"], one["y"] - other["y"]) >= (one["width"] + other["width"]) / 2


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
