"""A booking from the request to its end: who can do what when, and what both sides are told."""

import re
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from facilities.db import db, now
from facilities.enquiries.booking.actions import TimeGone, TimePassed, cancel, choose, keep, propose
from facilities.enquiries.booking.queries import booked_besides
from facilities.enquiries.booking.standing import standing
from facilities.enquiries.booking.times import Span
from facilities.enquiries.models import Booking, BookingState, EnquiryStatus, SlotState, Thread
from facilities.enquiries.threads.ending import assign, close, decline
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speakers import THE_SITE, Speaker
from tests.enquiries.bookings import (
    OPERATOR,
    REQUESTER,
    asked_for,
    changed,
    day,
    files_to,
    letters_to,
    microscope,
    operator,
    requester,
    slot_of,
    told,
)
from tests.people import add_user

FIRST, SECOND, THIRD = day(10), day(11), day(12)


@pytest.fixture
def app(app_on: Flask) -> Iterator[Flask]:
    return app_on


def booked(thread: Thread) -> tuple[BookingState, Span, int]:
    booking = thread.booking
    assert booking is not None
    return booking.state, Span(booking.starts_at, booking.ends_at), booking.sequence


def test_a_request_keeps_its_first_choice_free_until_it_is_answered(app: Flask) -> None:
    thread = changed(asked_for(FIRST, SECOND))
    assert booked(thread) == (BookingState.TENTATIVE, FIRST, 0)
    assert [slot.starts_at for slot in standing(thread, asks=False).choices] == [FIRST.starts_at, SECOND.starts_at]
    assert standing(thread, asks=True).choices == []


def test_the_owner_agrees_to_one_of_the_times(app: Flask) -> None:
    thread = changed(asked_for(FIRST, SECOND))
    choose(thread, slot_of(thread, SECOND), by=operator(thread), body="See you then.")
    assert booked(thread) == (BookingState.CONFIRMED, SECOND, 1)
    assert thread.status == EnquiryStatus.ACCEPTED
    assert thread.first_answered_at is not None
    [to_requester], [to_owner] = letters_to(REQUESTER), letters_to(OPERATOR)
    assert "See you then." in to_requester.text
    assert to_requester.calendar
    assert to_owner.calendar


def test_nothing_can_be_chosen_after_another_time_was_agreed(app: Flask) -> None:
    thread_id = asked_for(FIRST, SECOND)
    thread = changed(thread_id)
    choose(thread, slot_of(thread, SECOND), by=operator(thread))
    thread = changed(thread_id)
    with pytest.raises(TimeGone):
        choose(thread, slot_of(thread, FIRST), by=operator(thread))
    assert booked(thread) == (BookingState.CONFIRMED, SECOND, 1)


def test_agreeing_twice_to_the_same_time_is_agreeing_once(app: Flask) -> None:
    thread_id = asked_for(FIRST)
    slot_id = slot_of(changed(thread_id), FIRST)
    for _click in range(2):
        thread = changed(thread_id)
        choose(thread, slot_id, by=operator(thread))
    assert booked(thread) == (BookingState.CONFIRMED, FIRST, 1)
    assert len(letters_to(REQUESTER)) == 1


def test_of_two_colleagues_who_agree_to_different_times_at_once_one_is_told(app: Flask) -> None:
    thread_id = asked_for(FIRST, SECOND)
    thread = changed(thread_id)
    slots = [slot_of(thread, FIRST), slot_of(thread, SECOND)]
    db.session.commit()
    start, said = threading.Barrier(2), []

    def agree(slot_id: int) -> None:
        with app.app_context():
            start.wait()
            thread = thread_to_change(thread_id)
            assert thread is not None
            try:
                choose(thread, slot_id, by=operator(thread))
                said.append("agreed")
            except TimeGone:
                db.session.rollback()
                said.append("told")

    both = [threading.Thread(target=agree, args=(slot_id,)) for slot_id in slots]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(said) == ["agreed", "told"]
    assert len(letters_to(REQUESTER)) == 1


def test_a_time_that_has_begun_cannot_be_chosen(app: Flask) -> None:
    thread = changed(asked_for(day(-1), day(3)))
    assert len(standing(thread, asks=False).choices) == 1
    with pytest.raises(TimePassed):
        choose(thread, slot_of(thread, day(-1)), by=operator(thread))


def test_nobody_agrees_to_what_they_proposed_themselves(app: Flask) -> None:
    thread = changed(asked_for(FIRST))
    with pytest.raises(TimeGone):
        choose(thread, slot_of(thread, FIRST), by=requester(thread))


def test_the_owner_proposes_other_times_and_the_requester_agrees_to_one(app: Flask) -> None:
    thread_id = asked_for(FIRST)
    thread = changed(thread_id)
    propose(thread, [SECOND, THIRD], by=operator(thread), body="We are closed that day.")
    assert booked(thread) == (BookingState.TENTATIVE, SECOND, 1)
    assert thread.status == EnquiryStatus.ANSWERED
    thread = changed(thread_id)
    with pytest.raises(TimeGone):
        choose(thread, slot_of(thread, FIRST), by=operator(thread))
    choose(thread, slot_of(thread, THIRD), by=requester(thread))
    assert booked(thread) == (BookingState.CONFIRMED, THIRD, 2)
    expected = [("REQUEST", "TENTATIVE", 1, SECOND.starts_at), ("REQUEST", "CONFIRMED", 2, THIRD.starts_at)]
    assert [told(file) for file in files_to(REQUESTER)] == expected
    assert [told(file) for file in files_to(OPERATOR)] == expected


def test_an_agreed_time_stands_until_another_is_agreed(app: Flask) -> None:
    thread_id = agreed(FIRST)
    thread = changed(thread_id)
    propose(thread, [SECOND], by=requester(thread))
    assert booked(thread) == (BookingState.CONFIRMED, FIRST, 1)
    assert letters_to(OPERATOR)[-1].calendar == ""
    thread = changed(thread_id)
    choose(thread, slot_of(thread, SECOND), by=operator(thread))
    assert booked(thread) == (BookingState.CONFIRMED, SECOND, 2)
    assert "moved" in letters_to(REQUESTER)[-1].subject
    assert [slot.state for message in thread.own_messages for slot in message.slots].count(SlotState.CHOSEN) == 1


@pytest.mark.parametrize("refuses", [operator, requester])
def test_the_agreed_time_can_be_kept(app: Flask, refuses: object) -> None:
    thread_id = agreed(FIRST)
    thread = changed(thread_id)
    propose(thread, [SECOND], by=requester(thread))
    thread = changed(thread_id)
    keep(thread, by=_side(refuses, thread))
    assert booked(thread) == (BookingState.CONFIRMED, FIRST, 1)
    assert thread.status == EnquiryStatus.ACCEPTED
    with pytest.raises(TimeGone):
        choose(thread, slot_of(thread, SECOND), by=operator(thread))


@pytest.mark.parametrize(("side", "ends"), [(operator, EnquiryStatus.DECLINED), (requester, EnquiryStatus.CLOSED)])
def test_either_side_cancels_what_was_agreed(app: Flask, side: object, ends: EnquiryStatus) -> None:
    thread_id = agreed(FIRST)
    for _click in range(2):
        thread = changed(thread_id)
        cancel(thread, by=_side(side, thread), body="The laser is broken.")
    assert booked(thread) == (BookingState.CANCELLED, FIRST, 2)
    assert thread.status == ends
    for address in (REQUESTER, OPERATOR):
        assert told(files_to(address)[-1]) == ("CANCEL", "CANCELLED", 2, FIRST.starts_at)
        assert len(files_to(address)) == 2


def test_a_cancelled_booking_can_be_taken_up_again_as_the_same_event(app: Flask) -> None:
    thread_id = agreed(FIRST)
    thread = changed(thread_id)
    cancel(thread, by=operator(thread))
    thread = changed(thread_id)
    assert standing(thread, asks=True).proposal is None
    propose(thread, [SECOND], by=operator(thread))
    thread = changed(thread_id)
    choose(thread, slot_of(thread, SECOND), by=requester(thread))
    assert booked(thread) == (BookingState.CONFIRMED, SECOND, 4)


def test_what_one_listing_declines_another_can_still_agree_to(app: Flask) -> None:
    first, second = microscope("LSM 880"), microscope("LSM 900")
    thread_id = asked_for(FIRST, of=[first, second])
    thread = changed(thread_id)
    other_id = thread.enquiry.threads[1].id
    cancel(thread, by=operator(thread))
    other = changed(other_id)
    choose(other, slot_of(other, FIRST), by=operator(other))
    assert booked(other)[0] == BookingState.CONFIRMED
    assert booked(changed(thread_id))[0] == BookingState.CANCELLED


def test_a_thread_that_ends_without_a_yes_frees_the_time(app: Flask) -> None:
    thread = changed(asked_for(FIRST))
    close(thread, by=THE_SITE)
    assert booked(thread)[0] == BookingState.CANCELLED
    assert [told(files_to(address)[-1])[0] for address in (REQUESTER, OPERATOR)] == ["CANCEL", "CANCEL"]
    assert "Nobody answered" in letters_to(REQUESTER)[-1].text


def test_ending_a_conversation_does_not_cancel_what_was_agreed(app: Flask) -> None:
    thread = changed(agreed(FIRST))
    decline(thread, by=operator(thread))
    assert booked(thread)[0] == BookingState.CONFIRMED


def test_a_colleague_to_whom_the_thread_is_left_gets_the_event_too(app: Flask) -> None:
    thread_id = asked_for(FIRST)
    thread = changed(thread_id)
    assign(thread, add_user("Colleague", editor_of=thread.listing), by=operator(thread))
    thread = changed(thread_id)
    choose(thread, slot_of(thread, FIRST), by=operator(thread))
    assert len(files_to("colleague@example.org")) == len(files_to(OPERATOR)) == 1


def test_proposing_the_same_times_twice_is_proposing_them_once(app: Flask) -> None:
    thread_id = asked_for(FIRST)
    for _click in range(2):
        thread = changed(thread_id)
        propose(thread, [SECOND], by=operator(thread))
    assert booked(thread) == (BookingState.TENTATIVE, SECOND, 1)
    assert len(letters_to(REQUESTER)) == 1


def test_owners_are_warned_of_another_booking_at_the_same_time(app: Flask) -> None:
    listing = microscope()
    taken, asked = asked_for(FIRST, of=[listing]), asked_for(FIRST, of=[listing])
    assert booked_besides(changed(asked)) == []
    thread = changed(taken)
    choose(thread, slot_of(thread, FIRST), by=operator(thread))
    assert booked_besides(changed(asked)) == [FIRST]
    thread = changed(asked)
    choose(thread, slot_of(thread, FIRST), by=operator(thread))
    assert "overlaps" in letters_to(OPERATOR)[-1].text
    assert "overlaps" not in letters_to(REQUESTER)[-1].text


def test_what_is_typed_is_text_in_the_html_of_a_letter(app: Flask) -> None:
    thread = changed(asked_for(FIRST, of=[microscope("<b>LSM</b>")], name="<i>Rita</i>"))
    choose(thread, slot_of(thread, FIRST), by=operator(thread), body="<script>alert(1)</script>")
    [to_requester], [to_owner] = letters_to(REQUESTER), letters_to(OPERATOR)
    for letter in (to_requester, to_owner):
        assert not re.search(r"<(b|i|script)>", letter.html)
        assert "&lt;script&gt;" in letter.html
    assert "<b>LSM</b>" in to_requester.subject
    assert "<i>Rita</i>" in to_owner.text


def test_the_event_is_gone_with_its_enquiry(app: Flask) -> None:
    thread = changed(asked_for(FIRST))
    db.session.delete(thread.enquiry)
    db.session.commit()
    assert db.session.query(Booking).count() == 0


def agreed(when: Span) -> int:
    """A thread with a confirmed booking."""
    thread_id = asked_for(when)
    thread = changed(thread_id)
    choose(thread, slot_of(thread, when), by=operator(thread), at=now())
    return thread_id


def _side(side: object, thread: Thread) -> Speaker:
    assert callable(side)
    speaker: Speaker = side(thread)
    return speaker
