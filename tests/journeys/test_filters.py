"""Filters on the results page: applied as they are ticked, without losing the visitor's place."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

FOCUSED = "document.activeElement.id"


def test_ticking_a_filter_keeps_the_keyboard_and_says_what_was_found(page: Page) -> None:
    page.goto("/search?q=microscopy")
    page.locator("#kind-instrument").focus()
    page.keyboard.press("Space")

    expect(page).to_have_url(re.compile("kind=instrument"))
    expect(page.get_by_label("Active filters")).to_contain_text("Instruments")
    expect(page.locator("[data-results-status]")).to_have_text(re.compile(r"^\d+ listings$"))
    assert page.evaluate(FOCUSED) == "kind-instrument"


def test_taking_a_filter_off_and_going_back_agree_with_the_address(page: Page) -> None:
    page.goto("/search?q=microscopy&kind=instrument&country=SE")
    both = page.locator("#found").inner_text()
    page.get_by_label("Active filters").get_by_role("link", name="Instruments").click()

    expect(page).to_have_url(re.compile(r"q=microscopy&country=SE$"))
    expect(page.locator("#found")).not_to_have_text(both)
    assert page.evaluate(FOCUSED) == "found"

    page.go_back()
    expect(page.locator("#found")).to_have_text(both)
    expect(page.locator("#kind-instrument")).to_be_checked()


def test_a_folded_list_that_was_opened_stays_open(page: Page) -> None:
    page.goto("/search")
    technique = page.locator("details[data-part=technique]")
    technique.locator("summary").click()
    page.locator("#kind-instrument").check()

    expect(page.get_by_label("Active filters")).to_be_visible()
    assert technique.evaluate("details => details.open")


def test_chosen_results_stay_chosen_while_others_are_looked_at(page: Page) -> None:
    page.goto("/search?q=microscopy")
    asking = page.get_by_role("button", name="Ask the chosen")
    expect(asking).not_to_be_visible()
    first = page.locator(".listing-card h3").first.inner_text()
    page.locator(".choose input").first.check()
    page.get_by_role("link", name="Page 2").click()

    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator(".choose :checked")).to_have_count(0)
    page.locator(".choose input").first.check()
    asking.click()
    expect(page).to_have_url(re.compile(r"/enquiries/new\?listing=\d+&listing=\d+$"))
    expect(page.locator("[data-unit]:checked")).to_have_count(2)
    assert any(name in first for name in page.locator(".enquiry-listings label > span:first-child").all_inner_texts())


def test_on_a_phone_filters_are_a_sheet_that_closes_onto_the_results(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, viewport={"width": 390, "height": 844}, locale="en")
    page = context.new_page()
    page.goto("/search?q=microscopy")
    assert not page.locator("#kind-instrument").is_visible()

    page.locator("summary", has_text="Filters").click()
    page.locator("#kind-instrument").check()
    expect(page).to_have_url(re.compile("kind=instrument"))
    page.get_by_role("button", name=re.compile(r"^Show \d+ listings$")).click()

    assert not page.locator("#kind-instrument").is_visible()
    assert page.evaluate(FOCUSED) == "found"
    context.close()
