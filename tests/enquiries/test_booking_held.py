"""What a requester sees of a booking whose request is held, and what becomes of the times that were proposed."""

import re

import pytest
import sqlalchemy as sa

from facilities.db import db
from facilities.enquiries.booking.actions import choose, propose
from facilities.enquiries.booking.times import Span
from facilities.enquiries.keeping.taking_along import enquiry_data
from facilities.enquiries.models import Author, Booking, BookingState, EnquiryStatus, Stage, Thread
from facilities.enquiries.spam.deciding import release
from facilities.enquiries.spam.holding import mark_spam
from facilities.enquiries.spam.queries import enquiry_to_judge
from facilities.enquiries.threads.ending import reopen
from facilities.enquiries.threads.speakers import THE_SITE
from facilities.outbox.models import StoredLetter
from tests.enquiries.answering import Lab, app, lab
from tests.enquiries.bookings import asked_for, changed, day, files_to, operator, requester, slot_of, told
from tests.enquiries.test_booking_pages import as_requester, now_of

__all__ = ["app", "lab"]

FIRST, SECOND, THIRD, FOURTH = day(10), day(11), day(12), day(13)
OWNER = "scope@example.org"
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


STEPS = [
    "mark agree agree cancel cancel",
    "mark agree times keep",
    "mark times cancel times cancel",
    "agree mark cancel times",
    "agree move mark keep cancel",
    "agree move mark times keep",
]
"""What is done after the owner has proposed the third day: `mark` one request as spam, `move` each booking to another
day if they are asked; the rest is what both requesters do."""


@pytest.mark.parametrize("steps", STEPS)
def test_whose_request_is_held_reads_the_same_after_each_step(lab: Lab, steps: str) -> None:
    held, usual = proposed_to(lab), proposed_to(lab)
    for step in steps.split():
        assert take(lab, held, step) == take(lab, usual, "" if step == "mark" else step), step
        assert as_read(lab, held) == as_read(lab, usual), step


@pytest.mark.parametrize(
    ("steps", "state", "when"),
    [
        ("mark agree", BookingState.CONFIRMED, THIRD),
        ("agree mark cancel", BookingState.CANCELLED, THIRD),
        ("mark agree cancel", BookingState.CANCELLED, THIRD),
        ("agree move mark agree", BookingState.CONFIRMED, FOURTH),
        ("agree move mark keep", BookingState.CONFIRMED, THIRD),
        ("mark cancel times", BookingState.TENTATIVE, None),
    ],
)
def test_what_was_done_while_held_is_done_and_told_once_it_is_held_no_longer(
    lab: Lab, steps: str, state: BookingState, when: Span | None
) -> None:
    thread_id = proposed_to(lab)
    for step in steps.split():
        take(lab, thread_id, step)
        if step == "mark":
            before, known = len(letters_stored()), len(files_to(OWNER))
            stood = as_stored(thread_id)
    assert (as_stored(thread_id), len(letters_stored())) == (stood, before)
    free(lab, thread_id)
    booking = now_of(thread_id).booking
    assert booking is not None and (booking.state, booking.starts_at) == as_stored(thread_id)
    assert (booking.state, when is None or booking.starts_at == when.starts_at) == (state, True)
    assert len(letters_stored()) > before
    if stood != as_stored(thread_id):
        assert len(files_to(OWNER)) > known
        assert told(files_to(OWNER)[-1])[1:] == (state.value.upper(), booking.sequence, booking.starts_at)


def test_a_time_that_has_begun_when_the_thread_is_freed_is_agreed_no_more(lab: Lab) -> None:
    thread_id = proposed_to(lab)
    take(lab, thread_id, "mark")
    take(lab, thread_id, "agree")
    reopen(changed(thread_id), at=THIRD.starts_at)
    assert as_stored(thread_id)[0] == BookingState.TENTATIVE


def test_a_request_withdrawn_before_the_desk_sends_it_on_is_closed_then(lab: Lab, thread: Thread) -> None:
    held = changed(thread.id)
    held.enquiry.stage = Stage.HELD
    mark_spam(held, by=THE_SITE)
    assert take(lab, thread.id, "cancel") == 303
    free(lab, thread.id)
    sent = now_of(thread.id)
    assert (sent.status, sent.ended_by) == (EnquiryStatus.CLOSED, Author.REQUESTER)
    assert as_stored(thread.id)[0] == BookingState.CANCELLED
    assert told(files_to(OWNER)[-1])[1] == "CANCELLED"


def proposed_to(lab: Lab) -> int:
    """A request for the first two days, to which the owner has proposed the third."""
    thread_id = asked_for(FIRST, SECOND, of=[lab.microscope])
    said = changed(thread_id)
    propose(said, [THIRD], by=operator(said))
    return thread_id


def take(lab: Lab, thread_id: int, step: str) -> int:
    """Have it done; gives the answer's status for what the requester does."""
    if step == "mark":
        said = changed(thread_id)
        mark_spam(said, by=operator(said))
    elif step == "move":
        said = changed(thread_id)
        propose(said, [FOURTH], by=operator(said))
    elif step:
        return _press(lab, thread_id, step)
    return 0


def _press(lab: Lab, thread_id: int, step: str) -> int:
    pages, _path, at = as_requester(lab, now_of(thread_id))
    if step == "agree":
        owners = [message for message in now_of(thread_id).own_messages if message.author == Author.OWNER]
        return pages.post(f"{at}/choose", data={"slot": owners[-1].slots[0].id}).status_code
    seen = re.findall(r'name="seen"[^>]*value="([^"]*)"', pages.get(f"{at}/{step}").text)
    typed = TYPED if step == "times" else {"body": "Thank you."}
    return pages.post(f"{at}/{step}", data=typed | {"seen": seen[0] if seen else ""}).status_code


def as_read(lab: Lab, thread_id: int) -> dict[str, object]:
    """What the requester reads of it, without what is another for each request: ids, tokens, minutes."""
    db.session.close()
    pages, path, at = as_requester(lab, now_of(thread_id))
    found = re.search(r'<section class="private-thread".*</section>', pages.get(path).text, re.DOTALL)
    assert found
    page = re.sub(r"<time.*?</time>", "", found[0].replace(path, "PATH"))
    page = re.sub(r'(?<=[-/"])\d+(?=[-/".])|name="csrf_token"[^>]*', "", page)
    file = re.sub(r"(UID|URL|DTSTAMP|DESCRIPTION)[:;].*?\r\n(?! )", "", pages.get(f"{at}.ics").text, flags=re.DOTALL)
    [data] = enquiry_data(now_of(thread_id).enquiry)["threads"]
    data["booking"].pop("uid")
    return {"page": page, "file": file, "booking": data["booking"], "status": data["status"]}


def as_stored(thread_id: int) -> tuple[BookingState, object]:
    booking = now_of(thread_id).booking
    assert booking is not None
    return booking.state, booking.starts_at


def letters_stored() -> list[StoredLetter]:
    return list(db.session.scalars(sa.select(StoredLetter)))


def free(lab: Lab, thread_id: int) -> None:
    enquiry = enquiry_to_judge(now_of(thread_id).enquiry_id, to_change=True)
    assert enquiry is not None
    release(enquiry, by=lab.moderator)
