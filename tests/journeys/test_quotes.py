"""One need sent to three, answered by link with offers, compared, one accepted: in a browser, through a mail server."""

import re
import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from facilities import create_app
from facilities.catalogue.models import LISTINGS, Status
from facilities.db import db
from facilities.enquiries.models import Recipient
from tests.barriers import barriers
from tests.journeys.test_enquire import plain
from tests.post_office import PostOffice
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

NEED = "A PK study in 24 mice, please: what would it cost, and when could you begin?"
OFFERS = (("14500", "45"), ("9900", "90"))


def test_a_company_compares_offers_and_accepts_one(page: Page, site: Site, letters: PostOffice) -> None:
    names = ask_three(page, site)
    links = answer_links(site, page.url.rsplit("/", 1)[1])
    for name, (price, days) in zip(names, OFFERS, strict=False):
        offer(page.context.browser, site, links[name], price, days)
    page.goto(link_in_letter(letters, names[1]))
    expect(page).to_have_url(re.compile(r"/enquiries/[\w-]{43}$"))
    expect(page.get_by_text("2 of 3 have answered.")).to_be_visible()
    for name, (price, days) in zip(names, OFFERS, strict=False):
        row = page.locator("table.side-by-side tr").filter(has_text=name)
        expect(row).to_contain_text(f"{int(price):,}")
        expect(row).to_contain_text(f"{days} days")
    accept(page, names[1])
    expect(page.locator("table.side-by-side tr").filter(has_text=names[1])).to_contain_text("You accepted")
    for other in (names[0], names[2]):
        expect(page.locator("table.side-by-side tr").filter(has_text=other)).to_contain_text("You declined")
    page.set_viewport_size({"width": 390, "height": 844})
    assert barriers(page) == []


def ask_three(page: Page, site: Site) -> list[str]:
    """Send one need to three facilities; gives their names."""
    with create_app(site.settings).app_context():
        wanted = sa.select(LISTINGS.c.id, LISTINGS.c.name).where(
            LISTINGS.c.kind == "facility", LISTINGS.c.status == Status.PUBLISHED
        )
        found = db.session.execute(wanted.order_by(LISTINGS.c.id).limit(3)).all()
    page.goto("/enquiries/new?" + "&".join(f"listing={each.id}" for each in found))
    page.get_by_label("Quote", exact=True).check()
    page.get_by_label("Your message").fill(NEED)
    page.get_by_text("Add files or confidential details").click()
    page.get_by_label("Files", exact=False).first.set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Day 1: dose."}
    )
    page.get_by_label("Your name").fill("Sara Small")
    page.get_by_label("Your e-mail address").fill("sara@small.example")
    page.wait_for_timeout(3200)
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page).to_have_url(re.compile(r"/enquiries/[\w-]{43}$"))
    return [each.name for each in found]


def answer_links(site: Site, token: str) -> dict[str, str]:
    """The path with which the first recipient of each listing answers, by the listing's name."""
    with create_app(site.settings).app_context():
        sent = sa.select(Recipient).where(Recipient.enquiry.has(token=token)).order_by(Recipient.id.desc())
        return {each.listing_name: each.path for each in db.session.scalars(sent)}


def offer(browser: Browser | None, site: Site, path: str, price: str, days: str) -> None:
    """Answer with an offer, as whoever got the letter would."""
    assert browser is not None
    context = browser.new_context(base_url=site.url, locale="en")
    page = context.new_page()
    page.goto(path)
    expect(page.get_by_text(NEED).first).to_be_visible()
    page.get_by_label("Your answer").fill(f"We can, for {price}.")
    if not page.get_by_label("Price", exact=False).first.is_visible():
        page.get_by_text(re.compile("offer", re.IGNORECASE)).first.click()
    page.get_by_label("Price", exact=False).first.fill(price)
    page.get_by_label("Lead time in days").fill(days)
    page.get_by_role("button", name=re.compile("Send", re.IGNORECASE)).first.click()
    expect(page.get_by_text("is on its way to Sara Small")).to_be_visible()
    context.close()


def link_in_letter(letters: PostOffice, name: str) -> str:
    """The link in the letter that tells of an offer."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for letter in letters.letters:
            if letter["To"] == "sara@small.example" and letter["Subject"] == f"Offer from {name}":
                return re.findall(r"http\S+/enquiries/\S+", plain(letter))[0]
        time.sleep(0.2)
    raise AssertionError(f"no letter tells of the offer of {name}")


def accept(page: Page, name: str) -> None:
    row = page.locator("table.side-by-side tr").filter(has_text=name)
    row.get_by_role("link", name=re.compile("^Accept")).click()
    page.get_by_label("Your message to them").fill("Gladly.")
    page.get_by_label(re.compile("^Decline the other")).check()
    page.get_by_role("button", name="Accept this offer").click()
    expect(page.get_by_text("Accepted. They have been told.")).to_be_visible()
