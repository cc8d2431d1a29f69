"""Enquiries are kept for so long; then, or when their requester wants it, what names a person or was said is gone."""

import io
import json
import os
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import Model, db, now
from facilities.enquiries.booking.actions import choose
from facilities.enquiries.files import take_file
from facilities.enquiries.keeping.erasing import erase, erase_all_of
from facilities.enquiries.keeping.retention import MONTH, empty_old
from facilities.enquiries.keeping.sweeping import sweep_files
from facilities.enquiries.models import (
    Booking,
    BookingState,
    Delivery,
    Enquiry,
    EnquiryFile,
    EnquiryStatus,
    Message,
    Quote,
    Recipient,
    Thread,
)
from facilities.enquiries.requesting import renew_link
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speaking import Said, note_internally, say
from facilities.outbox.letters import note_sent
from facilities.outbox.models import Job, JobStatus, StoredLetter
from tests.enquiries.bookings import OPERATOR, asked_for, changed, day, files_to, letters_to, operator, slot_of
from tests.enquiry_cast import Catalogue, Visitor, enquiry_to

WORDS = "Can you image thick sections?"
SECRETS = ("Anna Berg", "anna.berg@", "Silverbj", "thick sections", "Yes, in May", "plan.csv", "Ask Eva", "light@")
"""Traces of the requester and of what was said, any of which would be found in the database file."""


@pytest.fixture
def token(app: Flask, visitor: Visitor, catalogue: Catalogue) -> str:
    """An enquiry that the first recipient has got and answered, with a quote, a file and a note for colleagues."""
    token = visitor.sent(catalogue.microscope, duration="two hours")
    with app.app_context():
        thread = thread_to_change(visitor.enquiry(token).threads[0].id)
        assert thread is not None
        thread.recipients[0].delivery, thread.recipients[0].delivered_at = Delivery.SENT, now()
        by = speakers.mailbox(thread.recipients[0])
        offer = Quote(amount=Decimal(1200), currency="SEK", basis="hour", terms="Yes, in May only")
        say(thread, Said("Yes, in May.", quote=offer, files=[take_file("plan.csv", b"day,price\n1,1200\n")]), by=by)
        note_internally(thread, "Ask Eva first.", by=by)
    return token


def files_on_disk(app: Flask) -> list[str]:
    folder = Path(app.config["INSTANCE_PATH"]) / "enquiries"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def everything(app: Flask, *but: type[Model]) -> str:
    """All that all tables about enquiries and letters hold, as text."""
    with app.app_context():
        models = (Enquiry, Thread, Recipient, Message, Quote, EnquiryFile, StoredLetter, Job)
        tables = [each.__table__ for each in models if each not in but]
        return "\n".join(str(row) for table in tables for row in db.session.execute(sa.select(table)))


def long_after(app: Flask) -> datetime:
    return now() + (app.config["ENQUIRY_MONTHS"] + 1) * MONTH


def test_what_has_been_silent_for_long_is_emptied_but_counted(app: Flask, visitor: Visitor, token: str) -> None:
    assert all(secret in everything(app) or secret == "plan.csv" for secret in SECRETS)
    counted = [visitor.count(model) for model in (Enquiry, Thread, Recipient, Message)]
    with app.app_context():
        assert empty_old(at=long_after(app)) == 1
        assert empty_old(at=long_after(app)) == 0
    left = everything(app)
    assert [secret for secret in SECRETS if secret in left] == []
    assert [visitor.count(model) for model in (Enquiry, Thread, Recipient, Message)] == counted
    assert files_on_disk(app) == []
    emptied = visitor.enquiry(token)
    assert emptied.emptied_at is not None
    assert emptied.kind == "question"
    assert emptied.requester_group == "academia"
    assert emptied.threads[0].first_answered_at is not None
    assert emptied.threads[0].status == EnquiryStatus.CLOSED
    assert "erased" not in left


def test_the_pages_of_an_emptied_enquiry_say_so(app: Flask, visitor: Visitor, token: str) -> None:
    recipient = visitor.enquiry(token).recipients[0]
    with app.app_context():
        empty_old(at=long_after(app))
    assert visitor.get(f"/enquiries/{token}").status_code == 410
    assert visitor.get(f"/enquiries/{token}/export").status_code == 410
    assert WORDS not in visitor.get(recipient.path).text


def test_a_late_word_keeps_the_whole_enquiry(app: Flask, token: str) -> None:
    with app.app_context():
        db.session.execute(sa.update(Enquiry).values(created_at=now() - timedelta(days=3650)))
        db.session.commit()
        assert empty_old() == 0


def test_a_site_may_keep_enquiries_for_ever(app: Flask, token: str) -> None:
    app.config["ENQUIRY_MONTHS"] = 0
    with app.app_context():
        assert empty_old(at=now() + timedelta(days=36500)) == 0


def test_files_that_belong_to_nothing_are_swept_after_a_day(app: Flask, token: str) -> None:
    folder = Path(app.config["INSTANCE_PATH"]) / "enquiries"
    (kept,) = files_on_disk(app)
    for name, age in (("orphan", 25), ("just-written", 1)):
        (folder / name).write_bytes(b"x")
        written = (now() - timedelta(hours=age)).timestamp()
        os.utime(folder / name, (written, written))
    os.utime(folder / kept, (0, 0))
    with app.app_context():
        assert sweep_files() == 1
    assert files_on_disk(app) == sorted([kept, "just-written"])


def test_a_requester_takes_everything_along_but_the_owners_notes(visitor: Visitor, token: str) -> None:
    with visitor.get(f"/enquiries/{token}/export") as answer, ZipFile(io.BytesIO(answer.data)) as archive:
        assert answer.headers["Cache-Control"] == "no-store"
        data = json.loads(archive.read("enquiry.json"))
        (file,) = [name for name in archive.namelist() if name.startswith("files/")]
        assert archive.read(file) == b"day,price\n1,1200\n"
    (thread,) = data["threads"]
    assert data["said_to_all"][0]["words"].startswith(WORDS)
    assert [each["words"] for each in thread["messages"]] == ["Yes, in May."]
    assert thread["messages"][0]["quote"]["amount"] == "1200.00"
    assert thread["messages"][0]["files"][0]["name"] == file
    assert "@example.org" not in json.dumps(data)


def test_erasing_asks_first_and_tells_those_who_had_it(app: Flask, visitor: Visitor, token: str) -> None:
    path = f"/enquiries/{token}/erase"
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, {}).status_code == 422
    assert WORDS in everything(app)
    assert visitor.post(path, {"sure": "y"}).status_code == 303
    assert visitor.get(f"/enquiries/{token}").status_code == 410
    assert files_on_disk(app) == []
    with app.app_context():
        (letter,) = db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "erased")).all()
        assert letter.to == "light@example.org"
        assert "LSM 880" in letter.text
        waiting = db.session.scalars(sa.select(Job.subject_id).where(Job.status == JobStatus.WAITING)).all()
        assert waiting == [letter.id]
    left = everything(app, StoredLetter)
    assert [secret for secret in SECRETS if secret in left] == []


def test_who_never_got_the_enquiry_is_not_told_of_its_end(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    token = visitor.sent(catalogue.microscope)
    visitor.post(f"/enquiries/{token}/erase", {"sure": "y"})
    with app.app_context():
        assert db.session.scalars(sa.select(StoredLetter.name)).all() == []
        assert db.session.scalars(sa.select(Job.id).where(Job.status == JobStatus.WAITING)).all() == []


def test_the_desk_erases_all_that_a_person_asked(app: Flask, visitor: Visitor, catalogue: Catalogue) -> None:
    for question in ("One?", "Two?"):
        visitor.sent(catalogue.microscope, message=question)
    other = visitor.sent(catalogue.microscope, email="someone@example.net")
    with app.app_context():
        assert erase_all_of("Anna.Berg@Example.net ") == 2
        assert erase_all_of("anna.berg@example.net") == 0
    assert visitor.enquiry(other).emptied_at is None


def test_a_time_that_is_booked_leaves_the_calendars_of_those_who_had_it(app: Flask) -> None:
    with app.app_context():
        thread_id = asked_for(day(3))
        thread = changed(thread_id)
        choose(thread, slot_of(thread, day(3)), by=operator(thread))
        thread = changed(thread_id)
        thread.recipients[0].delivery = Delivery.SENT
        erase(thread.enquiry)
        (file,) = files_to(OPERATOR)[-1:]
        letter = letters_to(OPERATOR)[-1]
        assert (letter.name, "METHOD:CANCEL" in file) == ("erased", True)
        assert "Rita" not in letter.subject + letter.text + letter.html
        assert db.session.get_one(Booking, thread_id).state == BookingState.CANCELLED


def test_letters_about_a_whole_enquiry_forget_their_reader_and_the_link_with_it(
    app: Flask, visitor: Visitor, token: str
) -> None:
    with app.app_context():
        for sent in (True, False):
            renew_link(db.session.scalars(sa.select(Enquiry)).one())
            if sent:
                note_sent(db.session.scalars(sa.select(StoredLetter).where(StoredLetter.name == "new_link")).one())
                db.session.commit()
        other = enquiry_to(db.session.scalars(sa.select(Thread)).one().listing)
        other.requester_email = "anna.berg@example.net"
        db.session.add(other)
        db.session.commit()
        renew_link(other)
        erase(db.session.scalars(sa.select(Enquiry).order_by(Enquiry.id)).first())
        letters = sa.select(StoredLetter.to, StoredLetter.text).where(StoredLetter.name == "new_link")
        left = db.session.execute(letters.order_by(StoredLetter.id)).all()
        assert [row.to for row in left] == ["", "", "anna.berg@example.net"]
        assert [other.token in row.text for row in left] == [False, False, True]
        assert left[1].text == ""
