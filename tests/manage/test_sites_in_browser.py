"""The sites of an organisation in a browser: each is looked up, and shown by a pin on a map of its own."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from facilities.catalogue.models import Kind
from tests.barriers import PHONE, barriers
from tests.listings import add
from tests.people import add_user, client_of
from tests.running_site import served


@pytest.mark.browser
def test_a_site_that_is_looked_up_fills_in_itself_and_no_other(app: Flask, browser: Browser) -> None:
    sites = [{"city": "Oslo", "country": "NO", "lat": 59.91, "lng": 10.75}, {"city": "Bergen", "country": "NO"}]
    organisation = add(Kind.ORGANISATION, "Skerry", organisation_kind="company", sites=sites)
    cookie = client_of(app, add_user("Maria Manager", manager_of=organisation)).get_cookie("session")
    assert cookie is not None
    with served(app) as url, browser.new_context(base_url=url, locale="en-GB", **PHONE) as context:
        context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"/manage/listings/{organisation.id}/edit/sites")
        first, second = page.locator("li.edit-row").all()
        for site in (first, second):
            site.get_by_text("Exact place on the map").click()
            expect(site.locator(".leaflet-container")).to_be_visible()
        expect(first.locator(".place-pin")).to_be_visible()

        second.get_by_label("Find the place").fill("Husargatan 3, 752 37 Uppsala, Sweden")
        second.get_by_role("button", name="Uppsala").click()
        expect(second.get_by_label("City")).to_have_value("Uppsala")
        expect(second.locator(".place-pin")).to_be_visible()
        expect(first.get_by_label("City")).to_have_value("Oslo")
        expect(first.get_by_label("Latitude")).to_have_value("59.91")
        assert barriers(page) == []
        assert wrong == []
