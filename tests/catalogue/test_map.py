"""The map of all places: its data, the same without scripts, and the map in a browser."""

import gzip
from collections.abc import Iterator
from itertools import combinations
from math import hypot
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Kind, Listing, Organisation, Status
from facilities.db import db
from tests.browser import FLAGS, HELP, chromium
from tests.counting import statements
from tests.listings import add


@pytest.fixture
def university(app: Flask) -> Organisation:
    university = add(Kind.ORGANISATION, "Skerry University", city="Uppsala", country="SE", lat=59.85001, lng=17.63)
    facility = add(Kind.FACILITY, "Lumen Imaging", parent=university)
    add(Kind.INSTRUMENT, "Zeiss LSM 880", parent=facility)
    add(Kind.SERVICE, "Image analysis", parent=facility, city="Gävle", country="SE", lat=60.67, lng=17.14)
    add(Kind.ORGANISATION, "Fjord Optics", city="Bergen", country="NO", lat=60.39, lng=5.32)
    add(Kind.ORGANISATION, "Nowhere Ltd")
    return university


def places(client: FlaskClient) -> dict[str, Any]:
    return client.get("/map/places.json").get_json()


def test_every_place_is_on_the_map_and_parts_stand_where_their_owner_does(
    client: FlaskClient, university: Organisation
) -> None:
    data = places(client)
    where = {name: (lat, lng) for name, lat, lng in zip(data["name"], data["lat"], data["lng"], strict=True)}
    assert where["Skerry University"] == where["Lumen Imaging"] == where["Zeiss LSM 880"] == (59.85, 17.63)
    assert where["Image analysis"] == (60.67, 17.14)
    assert "Nowhere Ltd" not in where


def test_a_place_names_its_kind_and_organisation(client: FlaskClient, university: Organisation) -> None:
    data = places(client)
    row = data["name"].index("Zeiss LSM 880")
    assert data["kinds"][data["kind"][row]] == "instruments"
    assert data["organisations"][data["organisation"][row]] == "Skerry University"
    assert client.get(f"/instruments/{data['id'][row]}", follow_redirects=True).status_code == 200


def test_only_published_listings_are_on_the_map(client: FlaskClient, university: Organisation) -> None:
    before = client.get("/map/places.json").headers["ETag"]
    hidden = db.session.query(Listing).filter_by(name="Fjord Optics").one()
    withdraw_listing(hidden, reason="", by="desk")
    after = client.get("/map/places.json")
    assert "Fjord Optics" not in after.get_json()["name"]
    assert after.headers["ETag"] != before
    assert "Bergen" not in client.get("/map").text
    db.session.get_one(Listing, university.id).status = Status.DRAFT
    db.session.commit()
    assert "Skerry University" not in places(client)["name"]


def test_an_unchanged_map_is_not_sent_again(client: FlaskClient, university: Organisation) -> None:
    first = client.get("/map/places.json")
    again = client.get("/map/places.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with statements() as sent:
        client.get("/map/places.json")
    assert len(sent) == 1


def test_places_are_packed_for_those_who_accept_it(client: FlaskClient, university: Organisation) -> None:
    packed = client.get("/map/places.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get("/map/places.json").data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_without_scripts_the_map_is_a_list_of_countries_and_cities(
    client: FlaskClient, university: Organisation
) -> None:
    with statements() as sent:
        page = client.get("/map").text
    assert len(sent) <= 2
    assert page.index("Norway") < page.index("Sweden")
    assert '<a href="/search?country=SE&amp;city=Uppsala">Uppsala</a> <span class="count">3</span>' in page
    assert '<a href="/search?country=SE&amp;city=G%C3%A4vle">Gävle</a> <span class="count">1</span>' in page


def test_a_map_without_places_says_so(client: FlaskClient) -> None:
    assert "No places yet" in client.get("/map").text
    assert places(client)["id"] == []


def test_a_catalogue_that_changes_between_two_looks_is_the_same_on_both_databases(app_on: Flask) -> None:
    client = app_on.test_client()
    add(Kind.ORGANISATION, "First", city="Oslo", country="NO", lat=59.9, lng=10.7)
    assert places(client)["name"] == ["First"]
    add(Kind.ORGANISATION, "Second", city="Oslo", country="NO", lat=59.9, lng=10.8)
    assert places(client)["name"] == ["First", "Second"]
    assert "Oslo" in client.get("/map").text


@pytest.fixture
def page(app: Flask) -> Iterator[Page]:
    """A browser on the site; its page holds the address of the site as base."""
    program = chromium()
    if program is None:
        pytest.fail(HELP)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser.new_page(base_url=f"http://127.0.0.1:{server.server_port}", locale="en-GB")
        browser.close()
    server.shutdown()


def test_every_city_of_a_country_is_named(client: FlaskClient, app: Flask) -> None:
    for number in range(15):
        add(Kind.ORGANISATION, f"Org {number}", city=f"City {number:02}", country="SE")
    page = client.get("/map").text
    assert all(f">City {number:02}</a>" in page for number in range(15))
    assert "more cit" not in page


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
def test_an_entry_of_the_list_shows_itself_on_the_map(page: Page, university: Organisation) -> None:
    page.goto("/map")
    page.get_by_role("button", name="Show on the map: Fjord Optics").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Fjord Optics")
    expect(page.locator("[data-map-count]")).to_contain_text("1 of 5")


@pytest.mark.browser
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


@pytest.mark.browser
def test_listings_outside_the_view_are_counted_and_shown_on_demand(page: Page, university: Organisation) -> None:
    page.goto("/map#10/59.85/17.63")
    outside = page.locator("[data-map-outside]")
    expect(outside).to_have_text("2 listings outside this view: show all")
    outside.get_by_role("button", name="show all").click()
    expect(page.locator("[data-map-count]")).to_have_text("5 of 5 listings in view")
    expect(outside).to_be_hidden()


@pytest.mark.browser
def test_a_popup_says_how_many_it_lists_and_gives_the_focus_back(page: Page, university: Organisation) -> None:
    page.goto("/map#12/59.85/17.63")
    group = page.get_by_role("button", name="3 listings here: go closer")
    group.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("3 listings here")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(group).to_be_focused()


@pytest.mark.browser
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


@pytest.mark.browser
def test_the_map_of_a_listing_names_its_town(page: Page, university: Organisation) -> None:
    page.goto(university.path)
    page.locator(".where").scroll_into_view_if_needed()
    expect(page.locator(".place-map .leaflet-tooltip")).to_have_text("Uppsala")


@pytest.mark.browser
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
