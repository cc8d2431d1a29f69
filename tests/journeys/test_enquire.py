"""From a question in mind to an enquiry in the owner's mailbox, in a browser, through a real mail server."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.post_office import PostOffice

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def test_a_researcher_finds_a_microscope_and_asks_about_it(page: Page, letters: PostOffice) -> None:
    search_from_home(page, "confocal microscopy")
    narrow_to_instruments(page)
    name = open_first_result(page)
    write_enquiry(page, name)
    expect(page).to_have_url(re.compile(r"/enquiries/[\w-]{20,}$"))
    expect(page.get_by_text("Delivered").first).to_be_visible(timeout=20_000)
    receipt, *to_owner = letters_about(letters, name)
    assert receipt["To"] == "anna.berg@example.net"
    assert all(letter["Reply-To"] == "Anna Berg <anna.berg@example.net>" for letter in to_owner)
    assert "Can you image thick sections?" in plain(to_owner[0])
    assert page.url in plain(receipt)


def search_from_home(page: Page, words: str) -> None:
    page.goto("/")
    box = page.get_by_role("combobox").first
    box.fill(words)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=confocal"))
    expect(page.locator(".listing-card").first).to_be_visible()


def narrow_to_instruments(page: Page) -> None:
    page.get_by_role("checkbox", name=re.compile("^Instruments")).first.check()
    if not re.search("kind=instrument", page.url):
        apply = page.get_by_role("button", name=re.compile("Apply|Show"))
        if apply.count() and apply.first.is_visible():
            apply.first.click()
    expect(page).to_have_url(re.compile("kind=instrument"))


def open_first_result(page: Page) -> str:
    link = page.locator(".listing-card h3 a").first
    name = link.inner_text().strip()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(re.escape(name)))
    return name


def write_enquiry(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile("Send an enquiry")).first.click()
    expect(page.get_by_text(name).first).to_be_visible()
    page.get_by_label("Message").fill(f"Can you image thick sections? It is about {name}.")
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label(re.compile("e-mail", re.IGNORECASE)).first.fill("anna.berg@example.net")
    consent = page.get_by_role("checkbox", name=re.compile("consent|agree|stored", re.IGNORECASE))
    if consent.count():
        consent.first.check()
    page.wait_for_timeout(3200)
    page.get_by_role("button", name=re.compile("^Send")).click()


def letters_about(letters: PostOffice, name: str) -> list:  # type: ignore[type-arg]
    """The receipt and then the letters to owners, once all have come."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [letter for letter in letters.letters if name in (text := plain(letter)) and "thick sections" in text]
        if len(found) >= 2:
            return sorted(found, key=lambda letter: letter["To"] != "anna.berg@example.net")
        time.sleep(0.2)
    raise AssertionError(f"only {len(letters.letters)} letters came")


def plain(letter) -> str:  # type: ignore[no-untyped-def]
    return letter.get_body(("plain",)).get_content()
