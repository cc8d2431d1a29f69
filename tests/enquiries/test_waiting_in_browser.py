"""The pages about waiting and erasing keep nobody out, in light and in dark, on a phone."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Listing
from facilities.db import db, now
from tests.barriers import PHONE, barriers
from tests.enquiry_cast import Catalogue, enquiry_to
from tests.people import add_user, client_of
from tests.running_site import served

pytestmark = pytest.mark.browser


def test_waiting_and_erasing_have_no_barrier_and_fit_a_phone(
    app: Flask, browser: Browser, catalogue: Catalogue
) -> None:
    with app.app_context():
        client = client_of(app, add_user("Mo", site_role=SiteRole.MODERATOR))
        enquiry = enquiry_to(db.session.get_one(Listing, catalogue.microscope))
        enquiry.threads[0].asked_at = now() - timedelta(days=30)
        db.session.add(enquiry)
        db.session.commit()
        path = enquiry.path
    cookie = client.get_cookie("session")
    assert cookie is not None
    with served(app) as url:
        context = browser.new_context(base_url=url, **PHONE)
        context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])
        page = context.new_page()
        for address in ("/moderate/waiting", "/moderate/erase-requester", f"{path}/erase"):
            page.goto(address)
            assert barriers(page) == []
        page.get_by_role("button", name="Erase it").click()
        expect(page.locator(".error-summary")).to_be_visible()
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Erase it").click()
        assert page.goto(path).status == 410
        context.close()
