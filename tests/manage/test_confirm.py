"""Owners are asked by letter to confirm their listings, and do so behind its link without a password."""

import re
import time
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue.actions import confirm_listing, create_listing, update_listing, withdraw_listing
from facilities.catalogue.models import Kind, Listing, RevisionAct, Source, SourceRecord, Status
from facilities.db import db, now
from facilities.manage.confirm_link import ConfirmLink
from facilities.manage.confirmation import ask_for_confirmation, overdue_clause
from facilities.manage.in_charge import Person
from facilities.moderation.models import Duplicate
from facilities.moderation.preferences import set_preferences
from facilities.outbox.models import Job, JobKind, StoredLetter
from facilities.outbox.worker import work
from facilities.search.index import check, rebuild
from tests.counting import statements
from tests.manage.importing import app_of
from tests.people import add_user

MONTH = timedelta(days=30)
YEARS = timedelta(days=500)
CONTACT = {"role": "Facility manager", "name": "Kim Contact", "email": "Kim@lumen.example.org"}


def new(
    kind: Kind, name: str, parent: Listing | None = None, *, confirmed: timedelta = YEARS, **fields: Any
) -> Listing:
    """A published listing, last confirmed so long ago."""
    listing = create_listing(kind, {"name": name, **fields}, parent=parent, by="test", status=Status.PUBLISHED)
    confirm_listing(listing, by="test", at=now() - confirmed)
    return listing


@pytest.fixture
def lab(app_on: Flask) -> Listing:
    """An overdue facility with a contact, below an organisation that is not overdue."""
    rebuild()
    university = new(Kind.ORGANISATION, "Skerry University", confirmed=MONTH)
    return new(Kind.FACILITY, "Lumen Imaging", university, contacts=[CONTACT], summary="Light microscopy for all.")


def letters(at: datetime | None = None) -> dict[str, StoredLetter]:
    """What a round writes, by mailbox."""
    known = set(db.session.scalars(sa.select(StoredLetter.id)))
    ask_for_confirmation(at)
    written = db.session.scalars(sa.select(StoredLetter)).all()
    if at is not None:
        for letter in written:
            letter.written_at = at if letter.id not in known else letter.written_at
        db.session.commit()
    return {letter.to: letter for letter in written if letter.id not in known}


def link_in(letter: StoredLetter) -> str:
    return re.findall(r"http://catalogue\.test(/confirm-listings/\S+)", letter.text)[0]


def refreshed(listing: Listing) -> Listing:
    return db.session.get_one(Listing, listing.id, populate_existing=True)


# Who is asked


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


# The link


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def press(client: FlaskClient, path: str, **changed: Any) -> Any:
    """Send the form as the page offers it, or with other ticks."""
    page = page_of(client, path)
    ticked = re.findall(r'name="listing" value="([^"]+)"[^>]* checked', page)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    return client.post(path, data={"csrf_token": token, "listing": ticked} | changed)


@pytest.fixture
def client_on(app_on: Flask) -> FlaskClient:
    return app_on.test_client()


def test_opening_the_link_changes_nothing_and_pressing_the_button_confirms(
    lab: Listing, client_on: FlaskClient
) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    version = lab.version

    page = page_of(client_on, path)
    assert "Light microscopy for all." in page
    assert "lumen.example.org" not in page
    assert refreshed(lab).version == version

    answer = press(client_on, path)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    confirmed = refreshed(lab)
    assert now() - (confirmed.confirmed_at or now()) < timedelta(minutes=1)
    assert (confirmed.confirmed_by, confirmed.revisions[-1].act) == ("Kim Contact", RevisionAct.CONFIRMED)
    after = page_of(client_on, path)
    assert "1 listing is confirmed." in after
    assert "All of it is confirmed" in after
    assert not check()


def test_an_owner_confirms_under_their_account(lab: Listing, client_on: FlaskClient) -> None:
    user = add_user("Mia Manager", manager_of=lab)

    press(client_on, link_in(letters()[user.email]))

    assert refreshed(lab).revisions[-1].user_id == user.id


def test_only_what_is_ticked_is_confirmed(lab: Listing, client_on: FlaskClient) -> None:
    instrument = new(Kind.INSTRUMENT, "Zeiss LSM 880", lab)
    path = link_in(letters()["Kim@lumen.example.org"])

    press(client_on, path, listing=[f"{instrument.id}-{instrument.version}"])

    assert [overdue(lab), overdue(instrument)] == [True, False]
    assert "checked" in page_of(client_on, path)


def test_pressing_without_a_tick_says_what_to_do(lab: Listing, client_on: FlaskClient) -> None:
    answer = press(client_on, link_in(letters()["Kim@lumen.example.org"]), listing=[])

    assert answer.status_code == 422
    assert "Tick the listings that are right." in answer.text


def test_what_changed_since_the_letter_is_marked_and_not_ticked(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    update_listing(lab, {"summary": "Closed for ever."}, by="Eve Editor")

    page = page_of(client_on, path)

    assert "Changed by Eve Editor" in page
    assert "checked" not in page


def test_what_changes_while_the_page_is_read_is_not_confirmed_unseen(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    seen = f"{lab.id}-{lab.version}"
    update_listing(lab, {"summary": "Closed for ever."}, by="Eve Editor")

    press(client_on, path, listing=[seen])

    assert overdue(lab)
    assert "1 has changed while you were reading" in page_of(client_on, path)


def test_a_link_confirms_nothing_but_what_its_letter_named(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])
    other = new(Kind.INSTRUMENT, "Zeiss LSM 880", lab)

    press(client_on, path, listing=[f"{other.id}-{other.version}"])

    assert overdue(other)


@pytest.mark.parametrize("loss", ["grant", "account", "contact"])
def test_a_link_ends_with_the_right_of_its_reader(lab: Listing, client_on: FlaskClient, loss: str) -> None:
    user = add_user("Mia Manager", manager_of=lab) if loss != "contact" else None
    path = link_in(next(iter(letters().values())))
    lose(user, lab, loss)

    answer = client_on.get(path)

    assert answer.status_code == 410
    assert "somebody else looks after them now" in answer.text
    assert client_on.post(path, data={"listing": f"{lab.id}-{lab.version}"}).status_code in (400, 410)
    assert overdue(lab)


def test_a_link_is_good_for_sixty_days(app_on: Flask, lab: Listing, client_on: FlaskClient) -> None:
    answers = [client_on.get(made_link(app_on, lab, days)).status_code for days in (59, 61)]

    assert answers == [200, 410]


def test_a_link_that_was_not_made_here_leads_nowhere(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])

    for tampered in (
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        "/confirm-listings/x",
        "/confirm-listings/" + "é" * 9,
    ):
        assert client_on.get(tampered).status_code == 404


def test_a_link_is_neither_kept_nor_listed_and_says_no_address(lab: Listing, client_on: FlaskClient) -> None:
    path = link_in(letters()["Kim@lumen.example.org"])

    headers = client_on.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


def test_the_page_asks_the_same_few_questions_for_any_number_of_listings(lab: Listing, client_on: FlaskClient) -> None:
    def asked(at: datetime | None) -> int:
        path = link_in(letters(at)["Kim@lumen.example.org"])
        db.session.expunge_all()
        with statements() as sent:
            page_of(client_on, path)
        return len(sent)

    one = asked(None)
    for number in range(6):
        new(Kind.INSTRUMENT, f"Microscope {number}", lab, confirmed=2 * YEARS)

    assert asked(now() + 2 * MONTH) <= one + 1
    assert one <= 14


# Search and cards


def test_overdue_listings_carry_a_mark_and_sink_below_their_equals(app: Flask, client: FlaskClient) -> None:
    rebuild()
    stale = new(Kind.FACILITY, "Lumen Imaging", summary="A")
    fresh = new(Kind.FACILITY, "Lumen Imaging", summary="B", confirmed=MONTH)

    found = client.get("/api/v1/search?q=lumen").get_json()["items"]
    assert [item["id"] for item in found] == [fresh.id, stale.id]
    assert "check with the owner" in client.get("/search?q=lumen").text

    confirm_listing(stale, by="test")
    confirm_listing(fresh, by="test", at=now() - YEARS)
    found = client.get("/api/v1/search?q=lumen").get_json()["items"]
    assert [item["id"] for item in found] == [stale.id, fresh.id]


def test_a_shorter_interval_marks_and_sinks_at_once(app: Flask, client: FlaskClient) -> None:
    rebuild()
    older = new(Kind.FACILITY, "Lumen Imaging", confirmed=4 * MONTH)
    newer = new(Kind.FACILITY, "Lumen Imaging", confirmed=MONTH)
    assert [item["id"] for item in client.get("/api/v1/search?q=lumen").get_json()["items"]] == [older.id, newer.id]

    set_preferences(confirmation_months=3, decisions_public=False, registration_open=True)
    db.session.commit()

    assert [item["id"] for item in client.get("/api/v1/search?q=lumen").get_json()["items"]] == [newer.id, older.id]
    assert "check with the owner" in client.get(older.path).text


def test_what_was_never_confirmed_becomes_overdue_too(app: Flask, client: FlaskClient) -> None:
    lab = create_listing(Kind.FACILITY, {"name": "Lumen"}, parent=None, by="test", status=Status.PUBLISHED)
    assert "Not confirmed yet" in client.get(lab.path).text

    refreshed(lab).created_at = now() - YEARS
    db.session.commit()

    assert "Never confirmed, check with the owner" in client.get(lab.path).text


def overdue(listing: Listing) -> bool:
    query = sa.select(Listing.id).where(overdue_clause(now()), Listing.id == listing.id)
    return db.session.scalar(query) is not None


def lose(user: User | None, lab: Listing, loss: str) -> None:
    if loss == "contact":
        update_listing(lab, {"contacts": [CONTACT | {"email": "new@lumen.example.org"}]}, by="test")
    elif loss == "grant":
        db.session.execute(sa.delete(Grant).where(Grant.role == OwnerRole.MANAGER))
    elif user is not None:
        user.active = False
    db.session.commit()


def made_link(app: Flask, lab: Listing, days: int) -> str:
    secret = app.config["SECRET_KEY"]
    mark = Person("kim@lumen.example.org", "Kim").mark(secret)
    token = ConfirmLink((lab.id,), mark, now() - timedelta(days=days)).token(secret)
    return f"/confirm-listings/{token}"
