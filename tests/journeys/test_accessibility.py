"""axe finds nothing, and no page is wider than a phone, in light and in dark."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.barriers import PHONE, barriers
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PAGES = ["/", "/search?q=microscopy", "/search?q=zzzzqqqq", "/map?q=microscopy&near=Uppsala",
         "/search/values?facet=technique", "/saved-searches/new?q=confocal", "listing", "form", "/map",
         "/map/share?kind=facility", "/techniques", "/categories", "/enquiries/shortlist", "/nowhere"]  # fmt: skip


def address_of(page: Page, name: str) -> str:
    """The address of a page; of the listing and the form those of the first instrument found."""
    if name.startswith("/"):
        return name
    page.goto("/search?q=confocal&kind=instrument")
    listing = page.locator(".listing-card h3 a").first.get_attribute("href") or ""
    number = re.findall(r"/(\d+)-", listing)[0]
    return listing if name == "listing" else f"/enquiries/new?listing={number}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_fits_a_phone(browser: Browser, site: Site, name: str) -> None:
    context = browser.new_context(base_url=site.url, **PHONE)
    page = context.new_page()
    page.goto(address_of(page, name))
    page.wait_for_load_state("networkidle")
    found = barriers(page)
    context.close()
    assert found == []


def test_the_search_box_is_reached_and_used_by_keyboard(page: Page) -> None:
    page.goto("/")
    for _ in range(12):
        if page.evaluate("document.activeElement.type") == "search":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("cytometer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=cytometer*")


def test_everything_needed_to_enquire_works_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=microscopy")
    page.get_by_role("checkbox", name=re.compile("^Instruments")).first.check()
    page.get_by_role("button", name=re.compile("Apply|Show")).first.click()
    page.locator(".listing-card h3 a").first.click()
    page.get_by_role("link", name=re.compile("Send an enquiry")).first.click()
    page.get_by_role("button", name=re.compile("^Send")).click()
    assert page.locator(".error-summary").is_visible()
    context.close()


def test_nothing_moves_for_who_asks_for_less_motion(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, **PHONE)
    page = context.new_page()
    page.goto("/search?q=microscopy")
    everything = "[...document.querySelectorAll('body *')].filter((each) => getComputedStyle(each).transitionDuration"
    assert page.evaluate(f"{everything} !== '0s').map((each) => each.outerHTML.slice(0, 80))") == []
    context.close()
