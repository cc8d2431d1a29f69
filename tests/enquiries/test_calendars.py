"""The calendar files of a booking, read by a parser: one event all along, without the other side's address."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from facilities.enquiries.booking.actions import cancel, choose, propose
from facilities.enquiries.booking.calendars import Reader, download, for_recipient, for_requester, invitation
from facilities.enquiries.emails import enquiry_letter
from facilities.enquiries.models import Booking, BookingState, Thread
from facilities.mail import compose, one_line
from facilities.outbox.letters import as_letter
from tests.conftest import Reusable
from tests.enquiries.bookings import (
    OPERATOR,
    REQUESTER,
    asked_for,
    changed,
    day,
    event_in,
    files_to,
    letters_to,
    microscope,
    operator,
    requester,
    slot_of,
    told,
)

FIRST, SECOND, THIRD = day(10), day(11), day(12)


@pytest.fixture
def app(reusable: Reusable) -> Iterator[Flask]:
    """With a context open: letters are written in one."""
    with reusable.as_new() as app:
        yield app


def test_one_event_goes_from_the_request_through_a_change_and_a_confirmation_to_the_cancellation(app: Flask) -> None:
    thread_id = asked_for(FIRST, SECOND)
    asked = enquiry_letter(changed(thread_id).recipients).calendar
    thread = changed(thread_id)
    propose(thread, [THIRD], by=operator(thread))
    thread = changed(thread_id)
    choose(thread, slot_of(thread, THIRD), by=requester(thread))
    thread = changed(thread_id)
    cancel(thread, by=requester(thread))
    files = [asked, *files_to(OPERATOR)]
    assert [told(file) for file in files] == [
        ("REQUEST", "TENTATIVE", 0, FIRST.starts_at),
        ("REQUEST", "TENTATIVE", 1, THIRD.starts_at),
        ("REQUEST", "CONFIRMED", 2, THIRD.starts_at),
        ("CANCEL", "CANCELLED", 3, THIRD.starts_at),
    ]
    assert len({str(event_in(file)["UID"]) for file in [*files, *files_to(REQUESTER)]}) == 1
    stamps = [event_in(file).stamp for file in files]
    assert stamps == sorted(stamps)


def test_an_event_says_what_where_and_where_to_change_it(app: Flask) -> None:
    thread = changed(asked_for(FIRST, SECOND))
    event = event_in(invitation(thread, for_requester(thread)))
    assert event["SUMMARY"] == "Not yet confirmed: LSM 880"
    assert event["LOCATION"] == "Storgatan 1, 111 22 Stockholm, Sweden"
    assert event["URL"] == f"http://catalogue.test{thread.enquiry.path}"
    assert event["CLASS"] == "PRIVATE"
    assert event.end - event.start == timedelta(hours=3)
    assert str(event["DESCRIPTION"]).count("–") == 1


def test_each_side_is_led_to_its_own_page_and_sees_no_address_but_its_own(app: Flask) -> None:
    thread_id = asked_for(FIRST)
    thread = changed(thread_id)
    choose(thread, slot_of(thread, FIRST), by=operator(thread))
    [to_requester], [to_owner] = files_to(REQUESTER), files_to(OPERATOR)
    assert [str(event_in(file)["ATTENDEE"]) for file in (to_requester, to_owner)] == [
        f"mailto:{REQUESTER}",
        f"mailto:{OPERATOR}",
    ]
    assert OPERATOR not in to_requester.replace("\r\n ", "")
    assert REQUESTER not in to_owner.replace("\r\n ", "")
    assert thread.enquiry.token not in to_owner.replace("\r\n ", "")
    assert thread.recipients[0].token not in to_requester.replace("\r\n ", "")
    assert event_in(to_owner)["SUMMARY"] == "LSM 880: Rita Researcher"
    organizers = {str(event_in(file)["ORGANIZER"]) for file in (to_requester, to_owner)}
    assert organizers == {f"mailto:{app.config['MAIL_FROM']}"}
    assert event_in(to_owner)["ORGANIZER"].params["CN"] == "LSM 880"


def test_a_letter_carries_the_file_as_an_invitation_and_as_a_file(app: Flask) -> None:
    thread_id = asked_for(FIRST)
    thread = changed(thread_id)
    choose(thread, slot_of(thread, FIRST), by=operator(thread))
    [stored] = letters_to(REQUESTER)
    message = compose(as_letter(stored))
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_content_disposition() for part in parts] == [None, "attachment"]
    assert parts[0].get_param("method") == "REQUEST"
    for part in parts:
        assert Calendar.from_ical(part.get_payload(decode=True)).events == Calendar.from_ical(stored.calendar).events


def test_a_letter_about_several_listings_carries_no_file(app: Flask) -> None:
    thread = changed(asked_for(FIRST, of=[microscope("LSM 880"), microscope("LSM 900")]))
    assert enquiry_letter(thread.enquiry.recipients).calendar == ""


def test_a_downloaded_file_invites_nobody(app: Flask) -> None:
    thread = changed(asked_for(FIRST))
    assert thread.booking is not None
    file = download(thread, thread.booking, Reader(thread.enquiry.path, "en", asks=True))
    assert Calendar.from_ical(file)["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event_in(file)


ODD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120)
NASTY = (
    "\r\nATTENDEE:mailto:x@example.org",
    '";X=y:',
    "a\\nEND:VEVENT",
    "BEGIN:VALARM\n",
    "å" * 90,
    "a,b;c\\",
    "\x85DTEND:1",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listing=ODD | st.sampled_from(NASTY), name=ODD | st.sampled_from(NASTY), address=ODD | st.sampled_from(NASTY))
def test_nothing_that_is_typed_adds_to_an_event(app: Flask, listing: str, name: str, address: str) -> None:
    thread = _made_up(listing, name, address)
    with app.test_request_context():
        assert thread.booking is not None
        for reader in (for_requester(thread), for_recipient(thread.recipients[0])):
            file = invitation(thread, reader)
            event = event_in(file)
            assert set(event) == {
                "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "CLASS", "SUMMARY", "DESCRIPTION", "URL",
                "ORGANIZER", "ATTENDEE", "LOCATION",
            }  # fmt: skip
            assert event.subcomponents == []
            assert event["ORGANIZER"].params.keys() == {"CN"}
            shown = one_line(listing) if reader.asks else f"{one_line(listing)}: {one_line(name)}"
            assert event["SUMMARY"] == f"Not yet confirmed: {shown}"
            assert max(len(line) for line in file.encode().split(b"\r\n")) <= 75


def _made_up(listing: str, name: str, address: str) -> Thread:
    """A thread with a tentative booking that is not stored."""
    from facilities.catalogue.models import Instrument
    from tests.enquiry_cast import enquiry_to

    instrument = Instrument(name=listing, address=address, country="SE", city="Lund", postal_code="")
    enquiry = enquiry_to(instrument, question="Can I come?")
    enquiry.requester_name, enquiry.token, enquiry.requester_organisation = name, "t" * 43, ""
    enquiry.locale = "en"
    thread = enquiry.threads[0]
    thread.booking = Booking(
        uid="u", sequence=0, state=BookingState.TENTATIVE, starts_at=FIRST.starts_at, ends_at=FIRST.ends_at,
        changed_at=FIRST.starts_at,
    )  # fmt: skip
    return thread
