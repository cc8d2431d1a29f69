"""A Swede chooses the language in the head of a page and asks about an instrument, all of it in Swedish."""

import re
import time
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.post_office import PostOffice

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def test_a_swede_switches_the_language_and_sends_an_enquiry(page: Page, letters: PostOffice) -> None:
    page.goto("/search?q=microscopy&kind=instrument")
    page.locator(".language-menu summary").click()
    page.locator(".language-menu").get_by_role("link", name="Svenska").click()
    expect(page).to_have_url(re.compile(r"/sv/search\?q=microscopy&kind=instrument$"))
    expect(page.locator("html")).to_have_attribute("lang", "sv")

    page.locator(".listing-card h3 a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    page.get_by_role("link", name="Skicka en förfrågan").first.click()
    page.get_by_label("Ditt meddelande").fill("Kan ni avbilda tjocka snitt?")
    page.get_by_label("Ditt namn").fill("Åsa Öberg")
    page.get_by_label("Din e-postadress").fill("asa.oberg@example.net")
    page.wait_for_timeout(3200)
    page.locator("#send").click()
    expect(page).to_have_url(re.compile(r"/enquiries/[\w-]{20,}$"))
    expect(page.locator("html")).to_have_attribute("lang", "sv")

    receipt = receipt_for("asa.oberg@example.net", letters)
    assert receipt["Subject"].startswith("På väg: Fråga till ")
    body = receipt.get_body(("html",))
    assert body and '<html lang="sv">' in body.get_content()


def receipt_for(address: str, letters: PostOffice) -> EmailMessage:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [letter for letter in letters.letters if letter["To"] == address]
        if found:
            return found[0]
        time.sleep(0.2)
    raise AssertionError("no receipt came")
