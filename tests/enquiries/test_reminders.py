"""Nobody is left waiting: the owner, the deputy and the desk are reminded, and the requester is told each time."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import User
from facilities.catalogue.models import AccessTerms, Contact, Instrument, Listing
from facilities.db import db, now, writing
from facilities.enquiries.models import Delivery, EnquiryStatus, Stage, Thread, Turn
from facilities.enquiries.reminders.offers import similar_to_ask
from facilities.enquiries.reminders.reminding import remind
from facilities.enquiries.routing import explain
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import thread_to_change, thread_to_read
from facilities.enquiries.threads.speaking import Said, say
from facilities.outbox.errands import errand
from facilities.outbox.models import Job, JobKind, StoredLetter
from tests.enquiry_cast import Catalogue, Visitor, enquiry_to
from tests.people import add_user
from tests.vocabulary import add_technique

LATER = timedelta(days=60)


@pytest.fixture
def thread(visitor: Visitor, catalogue: Catalogue) -> int:
    return visitor.enquiry(visitor.sent(catalogue.microscope)).threads[0].id


def due_of(app: Flask, thread_id: int) -> datetime | None:
    with app.app_context():
        return db.session.get_one(Thread, thread_id).remind_at


def remind_when_due(app: Flask, thread_id: int, times: int = 1) -> None:
    """Let the clock go on to each of the next reminders."""
    for _time in range(times):
        at = due_of(app, thread_id)
        assert at is not None
        with app.app_context():
            assert remind(at=at - timedelta(seconds=1)) == 0
            assert remind(at=at) == 1


def written(app: Flask, *names: str) -> list[tuple[str, str]]:
    """The reminders and letters about waiting that were written, in order: name and address."""
    about_waiting = names or ("reminder_owner", "reminder_deputy", "reminder_desk", "late")
    with app.app_context():
        query = sa.select(StoredLetter.name, StoredLetter.to).where(StoredLetter.name.in_(about_waiting))
        return [(name, to) for name, to in db.session.execute(query.order_by(StoredLetter.id))]


def text_of(app: Flask, name: str) -> str:
    """What the last letter of this name says."""
    with app.app_context():
        query = sa.select(StoredLetter.text).where(StoredLetter.name == name).order_by(StoredLetter.id.desc())
        return db.session.scalars(query).first() or ""


def change(app: Flask, thread_id: int, act: Any) -> None:
    with app.app_context():
        found = thread_to_change(thread_id)
        act(found)
        db.session.commit()


def test_owner_deputy_and_desk_are_reminded_one_after_the_other(app: Flask, thread: int) -> None:
    def has_deputy(found: Thread) -> None:
        found.recipients[0].contact.deputy_email = "Deputy@example.org"

    change(app, thread, has_deputy)
    remind_when_due(app, thread, 3)
    requester = ("late", "anna.berg@example.net")
    assert written(app) == [
        ("reminder_owner", "light@example.org"),
        requester,
        ("reminder_deputy", "Deputy@example.org"),
        requester,
        ("reminder_desk", "desk@example.org"),
        requester,
    ]
    assert due_of(app, thread) is None


def test_a_deputy_gets_a_link_of_their_own_and_the_page_says_why(app: Flask, thread: int) -> None:
    change(app, thread, lambda found: setattr(found.recipients[0].contact, "deputy_email", "deputy@example.org"))
    remind_when_due(app, thread, 2)
    with app.app_context():
        found = thread_to_read(thread)
        assert found is not None
        deputy = found.recipients[-1]
        assert deputy.email == "deputy@example.org"
        assert deputy.path in text_of(app, "reminder_deputy")
        assert "nobody had answered" in explain(deputy, "en")


def test_without_a_deputy_whoever_is_above_is_asked(app: Flask, thread: int) -> None:
    remind_when_due(app, thread, 2)
    assert written(app, "reminder_deputy") == [("reminder_deputy", "office@example.org")]


def test_where_nobody_is_above_managers_and_owners_are_asked(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    token = visitor.sent(catalogue.service)
    with app.app_context():
        organisation = db.session.get_one(Listing, catalogue.organisation)
        add_user("Maria Manager", manager_of=organisation)
    remind_when_due(app, visitor.enquiry(token).threads[0].id, 2)
    told = {to for _name, to in written(app, "reminder_deputy")}
    assert told == {"office@example.org", "maria.manager@example.org"}


def test_whom_a_thread_is_left_to_is_reminded_alone(app: Flask, thread: int) -> None:
    with app.app_context():
        eva = add_user("Eva", editor_of=db.session.get_one(Thread, thread).listing).id
    change(app, thread, lambda found: setattr(found, "assigned_to", db.session.get_one(User, eva)))
    remind_when_due(app, thread)
    assert written(app, "reminder_owner") == [("reminder_owner", "eva@example.org")]
    assert f"/manage/enquiries/{thread}" in text_of(app, "reminder_owner")
    remind_when_due(app, thread)
    assert written(app, "reminder_deputy") == [
        ("reminder_deputy", "light@example.org"),
        ("reminder_deputy", "office@example.org"),
    ]


def test_where_letters_come_back_whoever_is_next_is_asked_at_once(app: Flask, thread: int) -> None:
    change(app, thread, lambda found: setattr(found.recipients[0], "delivery", Delivery.BOUNCED))
    remind_when_due(app, thread)
    assert written(app) == [("reminder_owner", "office@example.org"), ("late", "anna.berg@example.net")]


def test_who_is_on_leave_by_then_is_not_reminded_but_the_deputy(app: Flask, thread: int) -> None:
    def goes_on_leave(found: Thread) -> None:
        contact = found.recipients[0].contact
        contact.deputy_email, contact.away_from = "deputy@example.org", now().date()

    change(app, thread, goes_on_leave)
    remind_when_due(app, thread)
    assert ("reminder_owner", "deputy@example.org") in written(app)
    assert ("reminder_owner", "light@example.org") not in written(app)


def test_where_nobody_can_be_reached_the_desk_hears_of_it_at_once(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    orphan = visitor.enquiry(visitor.sent(catalogue.orphan)).threads[0].id
    change(app, orphan, lambda found: setattr(found.recipients[0], "delivery", Delivery.FAILED))
    remind_when_due(app, orphan)
    assert ("reminder_desk", "desk@example.org") in written(app)


def test_how_far_the_first_letter_to_a_deputy_came_is_kept(app: Flask, thread: int) -> None:
    remind_when_due(app, thread, 2)
    with app.app_context():
        letter = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "reminder_deputy")).one()
        job = db.session.scalars(sa.select(Job).where(Job.subject_id == letter.id, Job.kind == JobKind.LETTER)).one()
        writing()
        sending = errand(job)
        assert sending is not None
        sending.note(Delivery.SENT, "250 Ok")
        db.session.commit()
    with app.app_context():
        found = thread_to_read(thread)
        assert found is not None
        office = found.recipients[-1]
        assert (office.email, office.delivery, office.delivery_detail) == ("office@example.org", "sent", "250 Ok")


def test_an_answer_ends_the_reminders_and_a_new_question_begins_them_anew(app: Flask, thread: int) -> None:
    remind_when_due(app, thread)
    change(app, thread, lambda found: say(found, Said("Yes."), by=speakers.mailbox(found.recipients[0])))
    with app.app_context():
        assert remind(at=now() + LATER) == 0
    change(app, thread, lambda found: say(found, Said("When?"), by=speakers.requester(found.enquiry)))
    remind_when_due(app, thread)
    assert [name for name, _to in written(app)].count("reminder_owner") == 2
    assert "When?" in text_of(app, "reminder_owner")


@pytest.mark.parametrize(
    "act",
    [
        lambda found: setattr(found.enquiry, "stage", Stage.HELD),
        lambda found: setattr(found.enquiry, "emptied_at", now()),
        lambda found: setattr(found, "status", EnquiryStatus.SPAM),
        lambda found: setattr(found, "turn", Turn.REQUESTER),
    ],
    ids=["held", "emptied", "spam", "the requester's turn"],
)
def test_nobody_is_reminded_of_what_nobody_has_to_answer(app: Flask, thread: int, act: Any) -> None:
    change(app, thread, act)
    with app.app_context():
        assert remind(at=now() + LATER) == 0
    assert written(app) == []


def test_several_listings_of_one_mailbox_are_one_letter(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    enquiry = visitor.enquiry(visitor.sent(catalogue.facility, catalogue.microscope))
    at = due_of(app, enquiry.threads[0].id)
    assert at is not None
    with app.app_context():
        assert remind(at=at) == 2
    assert written(app) == [("reminder_owner", "light@example.org"), ("late", "anna.berg@example.net")]
    said = text_of(app, "reminder_owner")
    assert all(recipient.path in said for recipient in enquiry.recipients)
    told = text_of(app, "late")
    assert told.count("We reminded it today") == 2


def test_the_requester_is_told_what_comes_next_and_offered_who_else_can_help(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    with app.app_context():
        technique = add_technique("confocal", "Confocal microscopy")
        asked = db.session.get_one(Listing, catalogue.microscope)
        similar, closed = Instrument(name="SP8"), Instrument(name="Own scope", access=AccessTerms(groups=["internal"]))
        for each in (asked, similar, closed):
            each.techniques.append(technique)
        db.session.add_all([similar, closed])
        db.session.commit()
        ask_it = f"/enquiries/new?listing={similar.id}"
    thread = visitor.enquiry(visitor.sent(catalogue.microscope)).threads[0].id
    remind_when_due(app, thread)
    said = text_of(app, "late")
    assert "LSM 880 has not answered yet" in said
    assert "we ask the deputy" in said
    assert ask_it in said
    assert "Own scope" not in said
    with app.app_context():
        found = thread_to_read(thread)
        assert found is not None
        assert [each.name for each in similar_to_ask(found)] == ["SP8"]


def test_a_facility_is_like_those_that_can_do_what_its_instruments_do(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    with app.app_context():
        technique = add_technique("confocal", "Confocal microscopy")
        for each in (db.session.get_one(Listing, catalogue.microscope), Instrument(name="SP8")):
            each.techniques.append(technique)
            db.session.add(each)
        db.session.commit()
    thread = visitor.enquiry(visitor.sent(catalogue.facility)).threads[0].id
    with app.app_context():
        found = thread_to_read(thread)
        assert found is not None
        assert [each.name for each in similar_to_ask(found)] == ["SP8"]


def test_one_enquiry_that_cannot_be_written_about_keeps_nobody_waiting(
    app: Flask, visitor: Visitor, catalogue: Catalogue
) -> None:
    first, second = (visitor.enquiry(visitor.sent(listing)) for listing in (catalogue.microscope, catalogue.service))
    at = due_of(app, second.threads[0].id)
    assert at is not None

    def lose_language(found: Thread) -> None:
        found.enquiry.locale = "no-such"

    change(app, first.threads[0].id, lose_language)
    with app.app_context():
        assert remind(at=at + timedelta(days=1)) == 1
    assert written(app, "reminder_owner") == [("reminder_owner", "office@example.org")]


MINUTES = 60
ENQUIRIES = 12


def test_two_workers_send_each_reminder_exactly_once(app_on_each: Flask) -> None:
    """An hour of simulated time, a step a minute, each step by both workers at once. Reminders fall due all through it;
    the days between the steps are left out."""
    app = app_on_each
    start = now()
    with app.app_context():
        listing = Instrument(name="LSM 880")
        listing.contacts = [
            Contact(role="Manager", email="light@example.org", deputy_email="deputy@example.org"),
        ]
        enquiries = [enquiry_to(listing, question=f"Question {number}") for number in range(ENQUIRIES)]
        for number, enquiry in enumerate(enquiries):
            enquiry.threads[0].remind_at = start + timedelta(minutes=5 * number)
        db.session.add_all(enquiries)
        db.session.commit()
    with ThreadPoolExecutor(2) as workers:
        for minute in range(MINUTES):
            at = start + timedelta(minutes=minute)
            list(workers.map(lambda _worker, at=at: _round(app, at), range(2)))
            _bring_next_forward(app, at)
    with app.app_context():
        letters = db.session.execute(sa.select(StoredLetter.name, StoredLetter.thread_id)).all()
        counted = Counter((name, thread_id) for name, thread_id in letters)
        once = {("reminder_owner", 1), ("reminder_deputy", 1), ("reminder_desk", 1), ("late", 3)}
        threads = db.session.scalars(sa.select(Thread.id)).all()
        assert counted == {(name, thread_id): times for thread_id in threads for name, times in once}
        assert set(db.session.scalars(sa.select(Thread.reminders))) == {3}


def _round(app: Flask, at: datetime) -> int:
    with app.app_context():
        return remind(at=at)


def _bring_next_forward(app: Flask, at: datetime) -> None:
    """What is due in some days is due in a minute: the hour goes through all three steps."""
    with app.app_context():
        writing()
        later = Thread.remind_at > at + timedelta(hours=2)
        db.session.execute(sa.update(Thread).where(later).values(remind_at=at + timedelta(minutes=1)))
        db.session.commit()
