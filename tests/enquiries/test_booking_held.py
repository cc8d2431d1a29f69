"""What a requester sees of a booking whose request is held, and what becomes of the times that were proposed."""

import re

import pytest
import sqlalchemy as sa

from facilities.db import db
from facilities.enquiries.booking.actions import choose, propose
from facilities.enquiries.models import Booking, BookingState, EnquiryStatus, Stage, Thread
from facilities.outbox.models import StoredLetter
from tests.enquiries.answering import Lab, app, lab
from tests.enquiries.bookings import asked_for, changed, day, operator, requester, slot_of
from tests.enquiries.test_booking_pages import as_requester, now_of

__all__ = ["app", "lab"]

FIRST, SECOND, THIRD = day(10), day(11), day(12)
TYPED = {"day1": f"{THIRD.starts_at:%Y-%m-%d}", "from1": "09:00", "to1": "11:00"}


@pytest.fixture
def thread(lab: Lab) -> Thread:
    """A request to the microscope of the lab for one of two times."""
    return now_of(asked_for(FIRST, SECOND, of=[lab.microscope]))


def test_whose_request_is_held_can_do_what_all_can_and_reaches_nobody(lab: Lab, thread: Thread) -> None:
    pages, path, at = as_requester(lab, now_of(thread))
    usual = pages.get(path).text
    assert f"{at}/times" in usual
    held = changed(thread.id)
    held.status, held.enquiry.stage = EnquiryStatus.SPAM, Stage.HELD
    db.session.commit()
    sections = [
        re.search(r'<section class="booking".*?</section>', text, re.DOTALL) for text in (usual, pages.get(path).text)
    ]
    assert sections[0] and sections[1] and sections[0][0] == sections[1][0]
    [seen] = re.findall(r'name="seen"[^>]*value="([^"]*)"', pages.get(f"{at}/times").text)
    assert pages.post(f"{at}/times", data=TYPED | {"seen": seen}).status_code == 303
    assert [message.slots[0].starts_at.date() for message in now_of(thread).own_messages] == [THIRD.starts_at.date()]
    assert db.session.scalars(sa.select(StoredLetter)).all() == []
    assert now_of(thread).status == EnquiryStatus.SPAM


def test_who_is_held_agrees_to_a_time_and_fills_nobodys_calendar(lab: Lab, thread: Thread) -> None:
    said = changed(thread.id)
    propose(said, [THIRD], by=operator(said))
    changed(thread.id).status = EnquiryStatus.SPAM
    db.session.commit()
    pages, _path, at = as_requester(lab, now_of(thread))
    assert pages.post(f"{at}/choose", data={"slot": slot_of(now_of(thread), THIRD)}).status_code == 303
    assert db.session.scalar(sa.select(Booking.state)) == BookingState.TENTATIVE


def test_the_agreed_time_stands_in_the_conversation_and_the_others_are_gone(lab: Lab, thread: Thread) -> None:
    said = changed(thread.id)
    propose(said, [SECOND, THIRD], by=operator(said))
    said = changed(thread.id)
    choose(said, slot_of(said, THIRD), by=requester(said))
    pages, path, _at = as_requester(lab, now_of(thread))
    rows = re.findall(
        r'<li( class="talk-gone")?><time datetime="([^"]+)">.*?class="quiet">(.*?)</span>', pages.get(path).text
    )
    gone, stands = SECOND.starts_at.isoformat(), THIRD.starts_at.isoformat()
    assert rows[:2] == [(' class="talk-gone"', gone, "No longer open"), ("", stands, "Agreed")]
