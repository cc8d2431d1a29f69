"""Owners are asked by letter to confirm their listings: who, how often, about what."""

import time
from datetime import timedelta
from threading import Event, Thread

import sqlalchemy as sa

from facilities.catalogue.actions import confirm_listing, withdraw_listing
from facilities.catalogue.models import Kind, Listing, Source, SourceRecord
from facilities.db import db, now
from facilities.manage.confirmation import overdue_clause
from facilities.moderation.models import Duplicate
from facilities.moderation.preferences import set_preferences
from facilities.outbox.models import Job, JobKind, StoredLetter
from facilities.outbox.worker import work
from facilities.search.index import check
from tests.manage.confirming import CONTACT, MONTH, letters, link_in, new, refreshed
from tests.manage.importing import app_of
from tests.people import add_user


def test_the_nearest_managers_are_asked_before_editors_and_contacts(lab: Listing) -> None:
    assert lab.parent is not None
    add_user("Ed Editor", editor_of=lab)
    add_user("Mia Manager", manager_of=lab.parent)

    assert list(letters()) == ["mia.manager@example.org"]


def test_editors_are_asked_where_nobody_manages(lab: Listing) -> None:
    add_user("Ed Editor", editor_of=lab)
    add_user("Gone Editor", editor_of=lab, active=False)

    assert list(letters()) == ["ed.editor@example.org"]


def test_the_first_contact_above_is_asked_where_nobody_has_an_account(lab: Listing) -> None:
    new(Kind.INSTRUMENT, "Zeiss LSM 880", lab)

    written = letters()

    assert list(written) == ["Kim@lumen.example.org"]
    assert all(name in written["Kim@lumen.example.org"].text for name in ("Lumen Imaging", "Zeiss LSM 880"))


def test_one_person_gets_one_letter_that_a_worker_sends(lab: Listing) -> None:
    instrument = new(Kind.INSTRUMENT, "Zeiss LSM 880", lab)
    add_user("Mia Manager", manager_of=lab)

    letter = letters()["mia.manager@example.org"]

    assert letter.subject == "Are your 2 listings still right?"
    assert f"http://catalogue.test/manage/listings/{instrument.id}/edit" in letter.text
    jobs = db.session.scalars(sa.select(Job.subject_id).where(Job.kind == JobKind.LETTER)).all()
    assert jobs == [letter.id]


def test_a_letter_names_fifty_and_the_next_ones_the_rest(lab: Listing) -> None:
    for number in range(60):
        new(Kind.INSTRUMENT, f"Microscope {number}", lab)
    user = add_user("Mia Manager", manager_of=lab)

    letter = letters()[user.email]

    assert letter.text.count("/edit") == 50
    assert "and 11 more" in letter.text
    assert len(link_in(letter)) < 600
    asked = sa.select(sa.func.count(Listing.id)).where(Listing.confirmation_asked_at.is_not(None))
    assert db.session.scalar(asked) == 50


def test_people_are_asked_three_times_a_month_apart_then_no_more(lab: Listing) -> None:
    start = now()
    days = (0, 1, 29, 31, 40, 62, 93, 130)

    written = [day for day in days if letters(start + timedelta(days=day))]

    assert written == [0, 31, 62]
    overdue = sa.select(Listing.name).where(overdue_clause(start + timedelta(days=130)))
    assert "Lumen Imaging" in db.session.scalars(overdue).all()


def test_a_confirmation_ends_the_asking_until_it_is_overdue_again(lab: Listing) -> None:
    assert letters()
    confirm_listing(lab, by="Kim")

    assert letters(now() + 2 * MONTH) == {}
    assert letters(now() + timedelta(days=400))


def test_the_desk_sets_the_interval(lab: Listing) -> None:
    set_preferences(confirmation_months=24, decisions_public=False, registration_open=True)
    db.session.commit()

    assert letters() == {}


def test_nobody_is_asked_about_what_is_not_public_or_invented(lab: Listing) -> None:
    withdraw_listing(new(Kind.FACILITY, "Gone", contacts=[CONTACT]), reason="", by="test")
    db.session.add(Source(name="demo", title="Demo"))
    db.session.flush()
    db.session.add(SourceRecord(source="demo", source_id="1", listing_id=lab.id))
    db.session.commit()

    assert letters() == {}


def test_the_history_has_no_entry_for_asking(lab: Listing) -> None:
    version = lab.version

    letters()

    assert refreshed(lab).version == version
    assert not check()


def test_the_worker_asks_and_looks_for_duplicates_by_itself(lab: Listing) -> None:
    new(Kind.FACILITY, "Lumen Imaging", lab.parent)
    app, stop = app_of(), Event()
    db.session.rollback()
    worker = Thread(target=work, args=(app, stop))
    worker.start()

    deadline = time.monotonic() + 60
    while not (stored(StoredLetter) and stored(Duplicate)) and time.monotonic() < deadline:
        time.sleep(0.2)
    stop.set()
    worker.join()

    assert (stored(StoredLetter), stored(Duplicate)) == (1, 1)


def stored(table: type[StoredLetter | Duplicate]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(table.id))) or 0
