"""Times in the enquiry form: on the site's clock, one enquiry's first message, the same in letters and pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from facilities.db import now
from facilities.enquiries.emails import enquiry_letter, receipt_letter
from facilities.enquiries.models import BookingState, Enquiry
from facilities.enquiries.queries import enquiry_by_token
from tests.enquiry_cast import Catalogue, Visitor, errors_on

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NEXT_YEAR = now().year + 1
SUMMER, WINTER = f"{NEXT_YEAR}-07-05", f"{NEXT_YEAR}-01-11"
NINE_TO_ONE: dict[str, Any] = {
    "kind": "booking", "first_date": SUMMER, "first_from": "09:00", "first_to": "13:00"
}  # fmt: skip


def last_sunday(month: int) -> str:
    """The day of next year on which the clocks change, for March and October."""
    last = date(NEXT_YEAR, month, 31)
    return (last - timedelta(days=(last.weekday() + 1) % 7)).isoformat()


def times_of(enquiry: Enquiry) -> list[tuple[datetime, datetime]]:
    return [(slot.starts_at, slot.ends_at) for slot in enquiry.messages[0].slots]


def test_times_are_on_the_clock_of_the_site_in_summer_and_winter(visitor: Visitor, catalogue: Catalogue) -> None:
    winter = {"second_date": WINTER, "second_from": "09:00", "second_to": "10:30"}
    with visitor.app.app_context():
        enquiry = enquiry_by_token(visitor.sent(catalogue.microscope, **NINE_TO_ONE, **winter))
        assert enquiry is not None
        july, january = date.fromisoformat(SUMMER), date.fromisoformat(WINTER)
        assert times_of(enquiry) == [
            (datetime(july.year, 7, july.day, 7, tzinfo=UTC), datetime(july.year, 7, july.day, 11, tzinfo=UTC)),
            (datetime(january.year, 1, 11, 8, tzinfo=UTC), datetime(january.year, 1, 11, 9, 30, tzinfo=UTC)),
        ]


def test_each_listing_asked_gets_an_event_for_the_first_choice(visitor: Visitor, catalogue: Catalogue) -> None:
    with visitor.app.app_context():
        enquiry = enquiry_by_token(visitor.sent(catalogue.microscope, catalogue.service, **NINE_TO_ONE))
        assert enquiry is not None
        bookings = [thread.booking for thread in enquiry.threads]
        assert len({booking.uid for booking in bookings if booking}) == 2
        assert {booking.state for booking in bookings if booking} == {BookingState.TENTATIVE}


def test_letters_name_the_times_with_their_zone(visitor: Visitor, catalogue: Catalogue) -> None:
    with visitor.app.app_context():
        enquiry = enquiry_by_token(visitor.sent(catalogue.microscope, **NINE_TO_ONE))
        assert enquiry is not None
        shown = f"{date.fromisoformat(SUMMER):%A, %-d %B %Y}, 09:00–13:00 CEST"
        for letter in (enquiry_letter(enquiry.recipients), receipt_letter(enquiry)):
            assert f"Preferred time: {shown}" in letter.words.text
        assert "METHOD:REQUEST" in enquiry_letter(enquiry.recipients).calendar
        assert receipt_letter(enquiry).calendar == ""


def test_a_day_without_hours_is_a_preferred_date_as_before(visitor: Visitor, catalogue: Catalogue) -> None:
    with visitor.app.app_context():
        enquiry = enquiry_by_token(visitor.sent(catalogue.microscope, kind="booking", first_date=SUMMER))
        assert enquiry is not None
        assert (enquiry.preferred_dates, times_of(enquiry)) == ([SUMMER], [])
        assert enquiry.threads[0].booking is None


def test_the_form_names_the_zone_beside_the_times(visitor: Visitor, catalogue: Catalogue) -> None:
    page = visitor.get(f"/enquiries/new?listing={catalogue.microscope}").text
    assert "Times are in Central European Time (Stockholm)." in page


def test_other_hours_make_another_enquiry_and_the_same_hours_the_same(visitor: Visitor, catalogue: Catalogue) -> None:
    first = visitor.sent(catalogue.microscope, **NINE_TO_ONE)
    assert visitor.sent(catalogue.microscope, **NINE_TO_ONE) == first
    assert visitor.sent(catalogue.microscope, **NINE_TO_ONE | {"first_to": "14:00"}) != first


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"first_to": ""}, "To: enter when it ends."),
        ({"first_from": ""}, "From: enter when it begins."),
        ({"first_date": ""}, "First choice: choose the day."),
        ({"first_to": "08:00"}, "To: enter a time after the beginning."),
        ({"first_to": "09:00"}, "To: enter a time after the beginning."),
        ({"first_from": "nine"}, "From: write the time as hours and minutes, for instance 09:30."),
        ({"first_date": "9999-12-31"}, "First choice: choose a day within the next three years."),
        ({"first_date": now().astimezone(STOCKHOLM).date().isoformat(), "first_from": "00:00", "first_to": "00:01"},
         "First choice: choose a time that is still to come."),
        ({"first_date": last_sunday(3), "first_from": "02:30", "first_to": "05:00"},
         "From: the clocks go forward that night and leave this time out. Choose 03:00."),
        ({"first_date": last_sunday(10), "first_from": "01:00", "first_to": "02:30"},
         "To: the clocks go back that night and show this time twice. Choose 03:00."),
    ],
)  # fmt: skip
def test_times_that_cannot_be_are_refused_beside_their_field_and_kept(
    visitor: Visitor, catalogue: Catalogue, answers: dict[str, str], error: str
) -> None:
    page = visitor.send(catalogue.microscope, **NINE_TO_ONE | answers)
    assert (page.status_code, errors_on(page)) == (422, [error])
    for typed in filter(None, (NINE_TO_ONE | answers).values()):
        assert f'value="{typed}"' in page.text


def test_hours_across_the_change_of_the_clocks_are_counted_as_they_pass(visitor: Visitor, catalogue: Catalogue) -> None:
    answers = NINE_TO_ONE | {"first_date": last_sunday(3), "first_from": "01:00", "first_to": "04:00"}
    with visitor.app.app_context():
        enquiry = enquiry_by_token(visitor.sent(catalogue.microscope, **answers))
        assert enquiry is not None
        [(starts_at, ends_at)] = times_of(enquiry)
        assert ends_at - starts_at == timedelta(hours=2)
