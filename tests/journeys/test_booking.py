"""A booking from the request to its cancellation, in a browser on both sides, through a real mail server."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from facilities import create_app
from facilities.catalogue.models import LISTINGS, Contact, Kind, Status
from facilities.db import db, now, writing
from tests.post_office import PostOffice, wait_for_letter
from tests.running_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

ASKER, OPERATOR = "bo.booker@example.net", "operator.of.bookings@example.org"


def test_a_booking_is_asked_for_changed_agreed_and_cancelled(
    page: Page, browser: Browser, site: Site, letters: PostOffice
) -> None:
    listing = instrument_with_operator(site)
    ask_for_hours(page, listing)
    asked = wait_for_letter(letters, OPERATOR, "Booking request")
    owner = browser.new_context(base_url=site.url, viewport={"width": 390, "height": 844}, locale="en").new_page()
    owner.goto(link_in(asked))
    propose_another_time(owner)
    proposed = wait_for_letter(letters, ASKER, "Times proposed")
    page.goto(link_in(proposed))
    page.get_by_role("button", name="Agree to this time").click()
    expect(page.get_by_text("Your booking is confirmed.")).to_be_visible()
    confirmed = [wait_for_letter(letters, address, "Booking confirmed") for address in (ASKER, OPERATOR)]
    owner.goto(link_in(confirmed[1]))
    owner.get_by_role("link", name="Cancel the booking").click()
    owner.get_by_label("Your message").fill("The laser is broken.")
    owner.get_by_role("button", name="Cancel the booking").click()
    cancelled = [wait_for_letter(letters, address, "Booking cancelled") for address in (ASKER, OPERATOR)]
    assert "The laser is broken." in str(cancelled[0].get_body(("plain",)))
    history = [("REQUEST", "TENTATIVE", 1), ("REQUEST", "CONFIRMED", 2), ("CANCEL", "CANCELLED", 3)]
    assert [told(letter) for letter in (proposed, confirmed[0], cancelled[0])] == history
    assert told(asked) == ("REQUEST", "TENTATIVE", 0)
    assert [told(letter) for letter in (confirmed[1], cancelled[1])] == history[1:]
    assert len({event_of(letter)["UID"] for letter in (asked, proposed, *confirmed, *cancelled)}) == 1
    page.reload()
    expect(page.locator(".booking").get_by_text("Cancelled")).to_be_visible()
    owner.context.close()


def instrument_with_operator(site: Site) -> int:
    """A published instrument whose bookings go to one mailbox."""
    with create_app(site.settings).app_context():
        writing()
        query = LISTINGS.select().where(LISTINGS.c.kind == Kind.INSTRUMENT, LISTINGS.c.status == Status.PUBLISHED)
        listing_id = int(db.session.execute(query.limit(1)).one().id)
        db.session.query(Contact).filter_by(listing_id=listing_id).delete()
        db.session.add(Contact(listing_id=listing_id, role="Operator", email=OPERATOR))
        db.session.commit()
        return listing_id


def ask_for_hours(page: Page, listing: int) -> None:
    page.goto(f"/enquiries/new?listing={listing}")
    page.get_by_label("Booking", exact=True).check()
    first = page.get_by_role("group", name="First choice")
    first.get_by_label("First choice").fill(days_from_now(20))
    first.get_by_label("From").fill("09:00")
    first.get_by_label("To", exact=True).fill("12:00")
    page.get_by_label("Your message").fill("I would like to image twelve slides.")
    page.get_by_label("Your name").fill("Bo Booker")
    page.get_by_label("Your e-mail address").fill(ASKER)
    page.wait_for_timeout(3200)
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page).to_have_url(re.compile(r"/enquiries/[\w-]{43}"))


def propose_another_time(owner: Page) -> None:
    owner.get_by_role("link", name="Propose other times").click()
    time = owner.get_by_role("group", name="Time 1")
    time.get_by_label("Day", exact=True).fill(days_from_now(21))
    time.get_by_label("From").fill("13:00")
    time.get_by_label("To", exact=True).fill("16:00")
    owner.get_by_role("button", name="Propose these times").click()
    expect(owner.get_by_text("The times have been proposed.")).to_be_visible()


def days_from_now(number: int) -> str:
    return (now() + timedelta(days=number)).date().isoformat()


def link_in(letter: EmailMessage) -> str:
    """The address of the page that the letter leads to, without the host."""
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"/enquiries/(?:answer/)?[\w-]{43}", body.get_content())
    assert found
    return found.group(0)


def event_of(letter: EmailMessage) -> dict[str, object]:
    """The event of the file that a letter carries, with the file's METHOD."""
    [file] = [part for part in letter.iter_attachments() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(file.get_content())
    [event] = calendar.events
    return (
        {"METHOD": str(calendar["METHOD"])}
        | {name: str(value) for name, value in event.items()}
        | {"SEQUENCE": int(event["SEQUENCE"])}
    )


def told(letter: EmailMessage) -> tuple[object, object, object]:
    event = event_of(letter)
    return event["METHOD"], event["STATUS"], event["SEQUENCE"]
