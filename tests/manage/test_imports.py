"""Importing spreadsheets: what is checked is what is saved, once, and can be undone."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import User
from facilities.catalogue import content
from facilities.catalogue.actions import update_listing
from facilities.catalogue.history import content_at
from facilities.catalogue.models import (
    Instrument,
    Kind,
    Listing,
    Organisation,
    Review,
    Revision,
    Status,
)
from facilities.db import db, now, writing
from facilities.manage.importing import runs
from facilities.manage.importing.findings import findings_of
from facilities.manage.importing.forgetting import forget_old_imports
from facilities.manage.models import ImportState
from facilities.moderation.models import Proposal, ProposalState
from facilities.outbox.models import Job, JobKind
from facilities.outbox.worker import work_once
from facilities.search.index import check as check_index
from tests.listings import add, small_catalogue
from tests.manage.importing import accepted, app_of, checked, counts, csv_of, get_run, imported, instance, undone
from tests.people import add_user
from tests.vocabulary import add_technique

HEAD = ("ID", "Benämning", "Fabrikat", "Modell", "Facilitet", "Beskrivning", "E-post")
FIRST = ("A1", "Konfokalmikroskop", "Leica", "Stellaris", "Lumen Imaging", "Skarpt.", "anna@skerry.example")
SECOND = ("A2", "Cellsorterare", "Sony", "SH800", "", "", "")


@pytest.fixture
def university(app_on: Flask) -> Organisation:
    """The small catalogue, with a vocabulary of one word."""
    add_technique("word", "Word")
    return small_catalogue()[0]


@pytest.fixture
def manager(university: Organisation) -> User:
    return add_user("Mia Manager", manager_of=university)


def named(name: str) -> Any:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Listing).where(Listing.name == name)).one()


def agree() -> None:
    """Index, history and rows say the same."""
    db.session.rollback()
    db.session.expire_all()
    assert not check_index()
    for listing in db.session.scalars(sa.select(Listing)):
        assert content_at(listing, listing.version) == content.read(listing)


def test_nothing_is_saved_before_it_is_accepted(university: Organisation, manager: User) -> None:
    run = checked(university, manager, csv_of(HEAD, FIRST, SECOND))
    assert (run.state, counts(run)) == (ImportState.CHECKED, (2, 0, 0, 0))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Instrument)) == 1


def test_accepted_rows_become_listings_below_the_organisation(university: Organisation, manager: User) -> None:
    run = imported(university, manager, csv_of(HEAD, FIRST, SECOND))
    assert run.state == ImportState.DONE
    microscope, sorter = named("Konfokalmikroskop"), named("Cellsorterare")
    assert (microscope.status, microscope.manufacturer) == (Status.PUBLISHED, "Leica")
    assert (microscope.parent.name, sorter.parent.name) == ("Lumen Imaging", "Skerry University")
    assert microscope.organisation_id == sorter.organisation_id == university.id
    assert [contact.email for contact in microscope.contacts] == ["anna@skerry.example"]
    [revision] = microscope.revisions
    assert (revision.import_id, revision.made_by, revision.version) == (run.id, "Mia Manager", 1)
    agree()


def test_importing_again_changes_only_what_changed_in_the_file(university: Organisation, manager: User) -> None:
    imported(university, manager, csv_of(HEAD, FIRST, SECOND))
    again = imported(university, manager, csv_of(HEAD, FIRST, SECOND))
    assert counts(again) == (0, 0, 2, 0)
    writing()
    update_listing(named("Konfokalmikroskop"), {"description": "Written by its owner."}, by="owner")
    renamed = ("A1", "Konfokal", *FIRST[2:])
    assert counts(imported(university, manager, csv_of(HEAD, renamed, SECOND))) == (0, 1, 1, 0)
    assert named("Konfokal").description == "Written by its owner."
    agree()


def test_an_emptied_cell_empties_what_the_file_had_said(university: Organisation, manager: User) -> None:
    imported(university, manager, csv_of(HEAD, FIRST))
    imported(university, manager, csv_of(HEAD, ("A1", "Konfokalmikroskop", "Leica", "", "", "", "")))
    microscope = named("Konfokalmikroskop")
    assert (microscope.model, microscope.description, microscope.contacts) == ("", "", [])
    assert microscope.parent.name == "Lumen Imaging"
    agree()


def test_an_import_is_undone_as_a_whole(university: Organisation, manager: User) -> None:
    imported(university, manager, csv_of(HEAD, FIRST))
    run = imported(university, manager, csv_of(HEAD, ("A1", "Renamed", "Zeiss", *FIRST[3:]), SECOND))
    run = undone(run, manager)
    assert (run.state, run.report["restored"]) == (ImportState.UNDONE, 2)
    microscope = named("Konfokalmikroskop")
    assert (microscope.manufacturer, microscope.status) == ("Leica", Status.PUBLISHED)
    assert named("Cellsorterare").status == Status.ARCHIVED
    agree()


def test_what_was_undone_can_be_imported_again(university: Organisation, manager: User) -> None:
    data = csv_of(HEAD, FIRST, SECOND)
    undone(imported(university, manager, data), manager)
    assert counts(imported(university, manager, data)) == (0, 2, 0, 0)
    assert named("Cellsorterare").status == Status.PUBLISHED
    assert counts(imported(university, manager, data)) == (0, 0, 2, 0)
    agree()


def test_undoing_leaves_and_names_what_was_changed_since(university: Organisation, manager: User) -> None:
    run = imported(university, manager, csv_of(HEAD, FIRST, SECOND))
    writing()
    update_listing(named("Cellsorterare"), {"room": "B2"}, by="somebody")
    run = undone(run, manager)
    assert [name for _id, name in run.report["kept"]] == ["Cellsorterare"]
    assert named("Cellsorterare").status == Status.PUBLISHED
    assert named("Konfokalmikroskop").status == Status.ARCHIVED
    agree()


def test_an_import_that_changed_meanwhile_is_shown_again_and_not_saved(university: Organisation, manager: User) -> None:
    imported(university, manager, csv_of(HEAD, FIRST))
    run = checked(university, manager, csv_of(HEAD, ("A1", "Renamed", *FIRST[2:])))
    writing()
    update_listing(named("Konfokalmikroskop"), {"name": "Named by another"}, by="somebody")
    run = accepted(run)
    assert (run.state, run.report["changed"]) == (ImportState.CHECKED, True)
    assert named("Named by another").version == 2
    assert accepted(run).state == ImportState.DONE
    assert named("Renamed").version == 3


def test_where_the_desk_accepts_changes_an_import_waits(university: Organisation, manager: User) -> None:
    imported(university, manager, csv_of(HEAD, FIRST))
    writing()
    db.session.get_one(Organisation, university.id).review = Review.DESK
    db.session.commit()
    run = imported(university, manager, csv_of(HEAD, ("A1", "Renamed", *FIRST[2:]), SECOND))
    assert named("Cellsorterare").status == Status.IN_REVIEW
    assert named("Konfokalmikroskop").status == Status.PUBLISHED
    proposal = db.session.scalars(sa.select(Proposal)).one()
    assert proposal.changes == {"name": ["Konfokalmikroskop", "Renamed"]}
    run = undone(run, manager)
    assert run.report["taken_back"] == 1
    db.session.expire_all()
    assert db.session.scalars(sa.select(Proposal)).one().state == ProposalState.TAKEN_BACK
    agree()


def test_rows_with_errors_stop_the_import_unless_the_others_are_wanted(university: Organisation, manager: User) -> None:
    head = ("ID", "Name", "Country", "Quantity")
    data = csv_of(head, ("1", "Good", "Sverige", "1"), ("2", "Bad", "Atlantis", "many"))
    run = checked(university, manager, data)
    assert counts(run) == (1, 0, 0, 1)
    problems = [(found["row"], found["key"]) for found in findings_of(run.id, "problems")]
    assert problems == [(3, "country"), (3, "quantity")]
    assert accepted(run).state == ImportState.FAILED
    run = accepted(checked(university, manager, data), skip_errors=True)
    assert named("Good").country == "SE"


def test_listings_of_others_are_out_of_reach(university: Organisation, manager: User) -> None:
    stranger = add(Kind.ORGANISATION, "Other University")
    theirs = add(Kind.INSTRUMENT, "Their microscope", parent=stranger)
    head = ("Listing", "Name", "Facility")
    run = checked(university, manager, csv_of(head, (str(theirs.id), "Mine now", ""), ("", "New", "Other University")))
    assert counts(run) == (1, 0, 0, 1)
    accepted(run, skip_errors=True)
    assert named("Their microscope").version == theirs.version
    assert named("New").parent.name == "Skerry University"


def test_a_file_may_bring_facilities_and_what_belongs_to_them(university: Organisation, manager: User) -> None:
    head = ("ID", "Type", "Name", "Facility")
    rows = (("i", "equipment", "Sorter", "Flow Core"), ("f", "facility", "Flow Core", ""))
    run = imported(university, manager, csv_of(head, *rows))
    assert counts(run) == (2, 0, 0, 0)
    assert named("Sorter").parent.name == "Flow Core"
    agree()
    undone(run, manager)
    assert {named("Sorter").status, named("Flow Core").status} == {Status.ARCHIVED}
    agree()


def test_listings_gone_from_the_file_can_be_withdrawn(university: Organisation, manager: User) -> None:
    imported(university, manager, csv_of(HEAD, FIRST, SECOND))
    run = checked(university, manager, csv_of(HEAD, FIRST))
    assert run.gone == 1
    run = accepted(run, withdraw_gone=True)
    assert named("Cellsorterare").status == Status.WITHDRAWN
    agree()
    undone(run, manager)
    assert named("Cellsorterare").status == Status.PUBLISHED
    assert counts(checked(university, manager, csv_of(HEAD, FIRST, SECOND))) == (0, 0, 2, 0)
    agree()


def test_an_instrument_known_by_its_inventory_number_is_not_doubled(university: Organisation, manager: User) -> None:
    add(Kind.INSTRUMENT, "Typed in", parent=university, inventory_number="777", description="By hand.")
    run = imported(
        university, manager, csv_of(("Inventarienummer", "Namn", "Beskrivning"), ("777", "From the register", ""))
    )
    assert counts(run) == (0, 1, 0, 0)
    assert named("From the register").description == "By hand."


def test_likely_duplicates_are_named(university: Organisation, manager: User) -> None:
    twin = add(Kind.INSTRUMENT, "Sorter", parent=university, manufacturer="Sony", serial_number="S-1")
    head = ("ID", "Name", "Manufacturer", "Serial number")
    run = checked(university, manager, csv_of(head, ("1", "Cell sorter", "Sony", "S-1"), ("2", "Laser", "Sony", "S-2")))
    [likely] = findings_of(run.id, "likely")
    assert (likely["row"], likely["id"], likely["signs"]) == (2, twin.id, ["serial_number"])


def test_a_row_is_compared_with_what_is_public_and_what_is_the_importers_own(
    university: Organisation, manager: User
) -> None:
    other = add(Kind.ORGANISATION, "Other University", country="SE")
    secret = add(Kind.INSTRUMENT, "Secret sorter", parent=other, manufacturer="Sony", serial_number="S-1")
    own = add(Kind.INSTRUMENT, "Own sorter", parent=university, manufacturer="Sony", serial_number="S-2")
    public = add(Kind.INSTRUMENT, "Public sorter", parent=other, manufacturer="Sony", serial_number="S-3")
    secret.status = own.status = Status.DRAFT
    db.session.commit()
    rows = [(str(number), f"Sorter {number}", "Sony", f"S-{number}") for number in (1, 2, 3)]
    run = checked(university, manager, csv_of(("ID", "Name", "Manufacturer", "Serial number"), *rows))
    assert [each["id"] for each in findings_of(run.id, "likely")] == [own.id, public.id]


def test_a_job_done_twice_saves_once(university: Organisation, manager: User) -> None:
    from facilities.manage.importing.doing import do

    run = imported(university, manager, csv_of(HEAD, FIRST))
    do(run.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Revision).where(Revision.import_id == run.id)) == 1
    assert get_run(run.id).state == ImportState.DONE


def test_what_nobody_accepted_is_dropped_and_files_are_not_kept_for_ever(
    university: Organisation, manager: User
) -> None:
    saved = imported(university, manager, csv_of(HEAD, FIRST))
    left = checked(university, manager, csv_of(HEAD, SECOND))
    assert forget_old_imports(at=left.made_at + timedelta(days=29)) == 0
    assert forget_old_imports(at=left.made_at + timedelta(days=31)) == 1
    assert [folder.name for folder in (instance() / "imports").iterdir()] == [str(saved.id)]
    forget_old_imports(at=saved.made_at + timedelta(days=91))
    assert not list((instance() / "imports").iterdir())
    assert undone(saved, manager).state == ImportState.UNDONE


def test_a_crash_in_the_middle_saves_nothing_and_is_made_good(university: Organisation, manager: User) -> None:
    """The worker dies while it holds the write lock; the next one takes the import up when the lease has run out."""
    run = checked(
        university, manager, csv_of(HEAD, *((f"B{number}", f"Laser {number}", *[""] * 5) for number in range(600)))
    )
    writing()
    runs.accept_run(db.session.merge(run), skip_errors=False, withdraw_gone=False)
    died = (
        "import os; from facilities import create_app; from facilities.manage.importing import doing\n"
        "from facilities.manage.importing.saving import Saver\n"
        "save = Saver.save\n"
        "def once(saver, rows):\n    save(saver, rows)\n    os._exit(9)\n"
        "Saver.save = once\n"
        "from facilities.outbox.worker import work_once; work_once(create_app())\n"
    )
    environment = os.environ | {"INSTANCE_PATH": str(instance()), "DATABASE_URL": app_of().config["DATABASE_URL"]}
    assert subprocess.run([sys.executable, "-c", died], env=environment, check=False).returncode == 9
    run = get_run(run.id)
    assert run.state == ImportState.SAVING
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Instrument)) == 1
    writing()
    db.session.execute(sa.update(Job).where(Job.kind == JobKind.IMPORT).values(due_at=now()))
    db.session.commit()
    work_once(app_of())
    assert (get_run(run.id).state, get_run(run.id).created) == (ImportState.DONE, 600)
    agree()
