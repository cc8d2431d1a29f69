"""The map as a visitor uses it, and in a page of another site."""

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug import Request, Response
from werkzeug.serving import make_server

from facilities.catalogue.models import Kind
from facilities.search.index import rebuild
from tests.listings import add
from tests.running_site import served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("map")]


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a catalogue with six organisations: three contract manufacturers in Denmark (two of them at one
    address), one in Norway, a Danish one that tests, and a Danish university."""
    maker = {"organisation_kind": "service_company", "roles": ["manufacturing"]}
    for name, fields in {
        "Belt Biologics": maker | {"city": "København", "country": "DK", "lat": 55.676, "lng": 12.568},
        "Sound Sterile": maker | {"city": "København", "country": "DK", "lat": 55.676, "lng": 12.568},
        "Fjord Fill": maker | {"city": "Aarhus", "country": "DK", "lat": 56.157, "lng": 10.211},
        "Nordland Fermentation": maker | {"city": "Oslo", "country": "NO", "lat": 59.91, "lng": 10.75},
        "Dune Diagnostics": {"organisation_kind": "service_company", "roles": ["diagnostics"], "city": "Odense",
                             "country": "DK", "lat": 55.396, "lng": 10.388},
        "Strait University": {"organisation_kind": "university", "roles": ["discovery"], "city": "København",
                              "country": "DK", "lat": 55.7, "lng": 12.55},
    }.items():  # fmt: skip
        add(Kind.ORGANISATION, name, **fields)
    add(Kind.FACILITY, "Filling line", parent=None, city="Odense", country="DK")
    rebuild()
    with served(app) as url:
        yield url


@pytest.fixture
def page(site: str, browser: Browser) -> Iterator[Page]:
    """A page of the site; a script error or a refused resource on it fails the test."""
    with browser.new_context(base_url=site, locale="en-GB", viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        yield page
        assert wrong == []


def test_all_danish_contract_manufacturers_are_found_on_the_map(page: Page) -> None:
    page.goto("/map")
    count, entries = page.locator("[data-map-count]"), page.locator("[data-map-entries] li")
    expect(count).to_have_text("7 listings in view")
    for value in ("kind-organisation", "organisation_kind-service_company", "role-manufacturing", "country-DK"):
        page.locator(f"#{value}").check()
        expect(page.locator(f"#{value}")).to_be_checked()
        expect(page).to_have_url(re.compile(value.replace("-", "=")))
    expect(entries).to_have_count(3)
    expect(count).to_have_text("3 listings in view")
    assert {each.text_content() for each in entries.locator("a").all()} == {
        "Belt Biologics",
        "Sound Sterile",
        "Fjord Fill",
    }

    # The list points at the map.
    entries.filter(has_text="Fjord Fill").hover()
    expect(page.locator(".leaflet-marker-icon.is-pointed-at")).to_have_count(1)

    # By keyboard: closer until two companies at one address are a mark, whose card opens and closes.
    page.goto(page.url.partition("#")[0] + "#11/55.676/12.568")
    mark = page.get_by_role("button", name="2 listings at")
    mark.focus()
    page.keyboard.press("Enter")
    card = page.locator(".place-card")
    expect(card.get_by_role("link", name="Belt Biologics")).to_be_visible()
    expect(card.locator("h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(mark).to_be_focused()

    # The view and the filters survive a reload and the way back from a listing.
    page.reload()
    expect(count).to_have_text("2 listings in view")
    page.get_by_role("button", name="2 listings at").click()
    card.get_by_role("link", name="Sound Sterile").click()
    expect(page.locator("h1")).to_have_text("Sound Sterile")
    page.go_back()
    expect(count).to_have_text("2 listings in view")
    assert page.url.endswith("#11/55.6760/12.5680")


def test_the_places_are_on_their_way_before_the_map_is_made(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/vendor/leaflet.js*", hold)
    with page.expect_request("**/map/places.json?*"):
        page.goto("/map", wait_until="commit")
    marks = page.locator(".leaflet-marker-pane .leaflet-marker-icon")
    assert marks.count() == 0
    held[0].continue_()
    expect(page.locator("[data-map-count]")).to_have_text("7 listings in view")
    expect(marks.first).to_be_visible()
    edges = page.locator("[data-map]").bounding_box()
    assert edges
    for mark in marks.all():
        box = mark.bounding_box()
        assert box and edges["x"] <= box["x"] <= edges["x"] + edges["width"] - box["width"]
        assert edges["y"] <= box["y"] <= edges["y"] + edges["height"] - box["height"]
    # The countries come last, and come.
    expect(page.locator(".outline-pane path:not([d='M0 0'])").first).to_be_visible()


def test_without_scripts_the_towns_are_open(site: str, browser: Browser) -> None:
    with browser.new_context(base_url=site, locale="en-GB", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/map")
        expect(page.get_by_role("link", name="Aarhus", exact=True)).to_be_visible()


def test_the_map_stands_in_a_page_of_another_site_by_one_script(site: str, browser: Browser) -> None:
    told = 'data-filters="role=manufacturing&amp;country=DK" data-height="420"'
    script = f'<script src="{site}/map/embed.js" {told} async></script>'

    @Request.application
    def elsewhere(_request: Request) -> Response:
        return Response(f"<!doctype html><title>Cluster</title><h1>Our members</h1>{script}", mimetype="text/html")

    server = make_server("127.0.0.1", 0, elsewhere, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        frame = page.frame_locator("iframe")
        expect(frame.locator(".leaflet-marker-icon").first).to_be_visible()
        expect(frame.locator(".map-foot")).to_contain_text("3 of 3 listings say where they are")
        box = page.locator("iframe").bounding_box()
        assert box is not None and box["height"] == 420
        cookies = context.cookies()
    server.shutdown()
    assert (wrong, cookies) == ([], [])
