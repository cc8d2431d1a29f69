"""The pages on which a booking is agreed, changed and called off: by link, by account, and what each shows."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.booking.actions import choose, propose
from facilities.enquiries.models import Booking, BookingState, EnquiryStatus, Stage, Thread
from facilities.enquiries.threads.queries import thread_to_read
from tests.counting import statements
from tests.enquiries.answering import Lab, app, lab
from tests.enquiries.bookings import asked_for, changed, day, event_in, operator, requester, slot_of
from tests.manage.owner_pages import owner_pages
from tests.people import add_user

__all__ = ["app", "lab"]

FIRST, SECOND, THIRD = day(10), day(11), day(12)
TYPED = {"day1": f"{THIRD.starts_at:%Y-%m-%d}", "from1": "09:00", "to1": "11:00"}


@pytest.fixture
def thread(lab: Lab) -> Thread:
    """A request to the microscope of the lab for one of two times."""
    return now_of(asked_for(FIRST, SECOND, of=[lab.microscope]))


def now_of(thread: Thread | int) -> Thread:
    db.session.close()
    found = thread_to_read(thread if isinstance(thread, int) else thread.id)
    assert found is not None
    return found


def visitors(app: Flask) -> FlaskClient:
    """Someone without an account."""
    return owner_pages(app, None)


def by_account(lab: Lab, thread: Thread) -> tuple[FlaskClient, str, str]:
    return lab.pages(lab.manager), f"/manage/enquiries/{thread.id}", f"/manage/enquiries/{thread.id}/booking"


def by_link(lab: Lab, thread: Thread) -> tuple[FlaskClient, str, str]:
    path = thread.recipients[0].path
    return visitors(lab.app), path, f"{path}/booking"


def as_requester(lab: Lab, thread: Thread) -> tuple[FlaskClient, str, str]:
    path = thread.enquiry.path
    return visitors(lab.app), path, f"{path}/booking/{thread.id}"


Entrance = Callable[[Lab, Thread], tuple[FlaskClient, str, str]]


@pytest.mark.parametrize("entrance", [by_account, by_link])
def test_owners_agree_to_a_time_on_the_threads_page(lab: Lab, thread: Thread, entrance: Entrance) -> None:
    pages, path, at = entrance(lab, thread)
    page = pages.get(path).text
    assert page.count('name="slot"') == 2
    assert f'action="{at}/choose"' in page
    answer = pages.post(f"{at}/choose", data={"slot": slot_of(now_of(thread), SECOND)})
    assert (answer.status_code, answer.location) == (303, path)
    booking = now_of(thread).booking
    assert booking is not None
    assert (booking.state, booking.starts_at) == (BookingState.CONFIRMED, SECOND.starts_at)
    page = pages.get(path).text
    assert "Confirmed" in page
    assert 'name="slot"' not in page


@pytest.mark.parametrize("entrance", [by_account, by_link, as_requester])
def test_each_side_proposes_cancels_and_gets_the_file(lab: Lab, thread: Thread, entrance: Entrance) -> None:
    pages, path, at = entrance(lab, thread)
    assert pages.get(f"{at}/times").status_code == 200
    assert pages.post(f"{at}/times", data=TYPED).location == path
    booking = now_of(thread).booking
    assert booking is not None
    assert (booking.sequence, f"{booking.starts_at:%Y-%m-%d}") == (1, TYPED["day1"])
    file = pages.get(f"{at}.ics")
    assert file.content_type == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(file.data)["METHOD"] == "PUBLISH"
    assert str(event_in(file.text)["URL"]).endswith(path)
    assert pages.post(f"{at}/cancel", data={"body": "Sorry."}).status_code == 303
    assert now_of(thread).messages[-1].body == "Sorry."


def test_the_requester_agrees_to_what_the_owner_proposes(lab: Lab, thread: Thread) -> None:
    owners = changed(thread.id)
    propose(owners, [THIRD], by=operator(owners))
    pages, path, at = as_requester(lab, now_of(thread))
    page = pages.get(path).text
    assert f'action="{at}/choose"' in page
    assert pages.post(f"{at}/choose", data={"slot": slot_of(now_of(thread), THIRD)}).status_code == 303
    assert "Confirmed" in pages.get(path).text


def test_who_comes_too_late_is_told_how_it_stands(lab: Lab, thread: Thread) -> None:
    slots = [slot_of(thread, FIRST), slot_of(thread, SECOND)]
    pages, _path, at = by_account(lab, thread)
    assert pages.post(f"{at}/choose", data={"slot": slots[0]}).status_code == 303
    late = pages.post(f"{at}/choose", data={"slot": slots[1]})
    assert late.status_code == 409
    assert "This has changed meanwhile" in late.text
    assert f"{FIRST.starts_at:%A}" in late.text
    assert pages.post(f"{at}/choose", data={"slot": slots[0]}).status_code == 303


def test_a_form_that_was_opened_before_others_acted_is_shown_again_with_its_words(lab: Lab, thread: Thread) -> None:
    pages, _path, at = as_requester(lab, thread)
    seen = _value(pages.get(f"{at}/cancel").text, "seen")
    owners = changed(thread.id)
    choose(owners, slot_of(owners, FIRST), by=operator(owners))
    again = pages.post(f"{at}/cancel", data={"seen": seen, "body": "I found another one."})
    assert again.status_code == 409
    assert "This booking was changed meanwhile" in again.text
    assert "I found another one." in again.text
    assert pages.post(f"{at}/cancel", data={"seen": _value(again.text, "seen")}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Day: choose the day of at least one time."),
        ({"day1": "soon", "from1": "09:00", "to1": "10:00"}, "Day: write the day as year-month-day"),
        (TYPED | {"from1": ""}, "From: enter when it begins."),
        (TYPED | {"to1": "08:00"}, "To: enter a time after the beginning."),
        (TYPED | {"last1": f"{day(60).starts_at:%Y-%m-%d}"}, "Last day: choose at most 31 days."),
        (TYPED | {"day1": "0001-01-01", "from1": "00:30"}, "Day: choose a time that is still to come."),
        (TYPED | {"day1": "9999-12-31", "to1": "23:59"}, "Day: choose a day within the next three years."),
        (TYPED | {"last1": "0001-01-01", "to1": "00:30"}, "Last day: choose a time that is still to come."),
        (TYPED | {"last1": "9999-12-31", "to1": "23:59"}, "Last day: choose a day within the next three years."),
        (TYPED | {"day5": "2020-01-01", "from5": "09:00", "to5": "10:00"}, "Day: choose a time that is still to come."),
    ],
)
def test_wrong_times_are_shown_again_beside_what_to_do(
    lab: Lab, thread: Thread, typed: dict[str, str], error: str
) -> None:
    pages, _path, at = by_account(lab, thread)
    page = pages.post(f"{at}/times", data=typed | {"body": "My words."})
    assert page.status_code == 422
    assert error in page.text
    assert "My words." in page.text
    for value in filter(None, typed.values()):
        assert f'value="{value}"' in page.text


def test_a_time_may_end_on_another_day(lab: Lab, thread: Thread) -> None:
    pages, _path, at = by_account(lab, thread)
    night = TYPED | {"from1": "20:00", "to1": "06:00", "last1": f"{day(13).starts_at:%Y-%m-%d}"}
    assert pages.post(f"{at}/times", data=night).status_code == 303
    booking = now_of(thread).booking
    assert booking is not None
    assert booking.ends_at - booking.starts_at == timedelta(hours=10)


def test_nothing_is_chosen_without_a_choice(lab: Lab, thread: Thread) -> None:
    pages, _path, at = by_account(lab, thread)
    page = pages.post(f"{at}/choose", data={})
    assert (page.status_code, "Choose one of the times." in page.text) == (422, True)


def test_owners_see_which_time_overlaps_another_booking(lab: Lab, thread: Thread) -> None:
    taken = changed(asked_for(FIRST, of=[_anew(lab.microscope)]))
    choose(taken, slot_of(taken, FIRST), by=operator(taken))
    pages, path, at = by_account(lab, now_of(thread))
    assert pages.get(path).text.count("Overlaps a confirmed booking") == 1
    pages.post(f"{at}/choose", data={"slot": slot_of(now_of(thread), FIRST)})
    assert "It overlaps another one" in pages.get(path).text
    requesters, its_path, _at = as_requester(lab, now_of(thread))
    assert "verlaps" not in requesters.get(its_path).text


def test_the_desk_promises_nobodys_time(lab: Lab, thread: Thread) -> None:
    pages = lab.pages(lab.moderator)
    assert pages.post(f"/manage/enquiries/{thread.id}/booking/cancel").status_code == 403
    assert f"/manage/enquiries/{thread.id}/booking" not in pages.get(f"/manage/enquiries/{thread.id}").text


def test_a_link_opens_only_its_own_bookings(lab: Lab, thread: Thread) -> None:
    other = now_of(asked_for(FIRST, of=[_anew(lab.facility)]))
    mine = now_of(thread)
    pages = visitors(lab.app)
    for address in (
        f"{other.enquiry.path}/booking/{mine.id}/cancel",
        f"/enquiries/answer/{mine.enquiry.token}/booking/cancel",
    ):
        assert pages.post(address).status_code == 404
    assert pages.get(f"{other.enquiry.path}/booking/{mine.id}.ics").status_code == 404
    assert lab.pages(add_user("Other")).post(f"/manage/enquiries/{mine.id}/booking/cancel").status_code == 404


def test_an_expired_link_changes_nothing(lab: Lab, thread: Thread) -> None:
    _change(thread, link_expires_at=now() - timedelta(days=1))
    pages, path, at = as_requester(lab, now_of(thread))
    assert pages.post(f"{at}/cancel").location == path
    assert db.session.scalar(sa.select(Booking.state)) == BookingState.TENTATIVE


def test_nothing_gets_out_of_an_enquiry_that_the_desk_holds(lab: Lab, thread: Thread) -> None:
    _change(thread, stage=Stage.HELD)
    pages, _path, at = as_requester(lab, now_of(thread))
    assert pages.post(f"{at}/times", data=TYPED).status_code == 409
    assert now_of(thread).own_messages == []


def test_a_thread_held_as_spam_books_nothing(lab: Lab, thread: Thread) -> None:
    slot = slot_of(thread, FIRST)
    changed(thread.id).status = EnquiryStatus.SPAM
    db.session.commit()
    pages, _path, at = by_account(lab, thread)
    assert pages.post(f"{at}/choose", data={"slot": slot}).status_code == 409
    assert db.session.scalar(sa.select(Booking.state)) == BookingState.TENTATIVE


def test_private_pages_are_kept_out_of_caches_and_referrers(lab: Lab, thread: Thread) -> None:
    for entrance in (by_link, as_requester):
        pages, _path, at = entrance(lab, now_of(thread))
        for address in (f"{at}/times", f"{at}.ics"):
            headers = pages.get(address).headers
            assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "same-origin")


def test_a_page_takes_the_same_few_statements_however_much_was_said(lab: Lab, thread: Thread) -> None:
    pages, _path, at = by_account(lab, thread)
    pages.get(f"{at}/times")
    with statements() as few:
        pages.get(f"{at}/times")
    for when in (FIRST, SECOND, THIRD):
        for side in (operator, requester):
            said = changed(thread.id)
            propose(said, [when, day(20)], by=side(said))
    with statements() as many:
        pages.get(f"{at}/times")
    assert len(many) == len(few)
    assert len(many) <= 14


def _anew(listing: Listing) -> Listing:
    return db.session.get_one(Listing, listing.id)


def _change(thread: Thread, **fields: object) -> None:
    enquiry = changed(thread.id).enquiry
    for name, value in fields.items():
        setattr(enquiry, name, value)
    db.session.commit()


def _value(page: str, name: str) -> str:
    """What a hidden field holds."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field
    value = re.search(r'value="([^"]*)"', field.group(0))
    assert value
    return value.group(1)
