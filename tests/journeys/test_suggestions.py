"""The suggestions under the search box, by keyboard, for a screen reader, and without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.barriers import PHONE, barriers
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def typed(page: Page, text: str) -> None:
    """Type into the box of the home page and wait for its suggestions."""
    page.goto("/")
    page.get_by_role("combobox").press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible(timeout=20_000)


def test_a_technique_is_chosen_with_the_arrow_keys_and_enter(page: Page) -> None:
    typed(page, "flödescyt")
    box, first = page.get_by_role("combobox"), page.get_by_role("option").first
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "none")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q=Flow"))
    expect(page.locator(".listing-card").first).to_be_visible()


def test_an_answer_that_comes_late_leaves_the_mark_where_it_is(page: Page) -> None:
    typed(page, "flödescyt")
    page.keyboard.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    with page.expect_response(re.compile(r"/suggest\?q=")):
        page.get_by_role("combobox").dispatch_event("input")
    page.wait_for_timeout(200)
    expect(first).to_have_attribute("aria-selected", "true")


def test_escape_closes_the_list_and_enter_searches_for_what_was_typed(page: Page) -> None:
    typed(page, "microscop")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_have_value("microscop")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=microscop")


def test_arrow_keys_walk_round_by_way_of_the_box(page: Page) -> None:
    typed(page, "microscopy")
    count, box = page.get_by_role("option").count(), page.get_by_role("combobox")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None
    expect(page.locator('[role=option][aria-selected="true"]')).to_have_count(0)


def test_a_screen_reader_is_told_how_many_there_are(page: Page) -> None:
    typed(page, "cytom")
    count = page.get_by_role("option").count()
    expect(page.get_by_role("status").filter(has_text="suggestions")).to_have_text(re.compile(f"^{count} "))


def test_a_click_on_an_organisation_opens_it(page: Page) -> None:
    typed(page, "Tvärhav")
    page.get_by_role("option").filter(has_text="Organisation").first.click()
    page.wait_for_url("**/organisations/**")


def test_the_open_list_has_no_barrier_and_fits_a_phone(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, **PHONE)
    page = context.new_page()
    typed(page, "micro")
    found = barriers(page)
    context.close()
    assert found == []


def test_without_scripts_it_is_a_plain_search_box(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    assert page.get_by_role("combobox").count() == 0
    page.get_by_role("searchbox").fill("confocal")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=confocal")
    context.close()
