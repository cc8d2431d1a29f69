"""The index says what the database says, whatever changed it."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.actions import confirm_listing, publish_listing, update_listing, withdraw_listing
from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.migrating import migrations
from facilities.outbox.models import Job, JobStatus
from facilities.search import index as indexing
from search_index import Query
from search_index.postgresql import PostgreSQLIndex
from tests.conftest import Reusable, running_app
from tests.listings import small_catalogue


def found(text: str) -> list[int]:
    return indexing.index().search(Query(text=text)).ids


def agrees() -> bool:
    differences = indexing.check()
    return not (differences.missing or differences.stale or differences.unexpected)


def test_a_search_after_an_edit_shows_it_on_both_databases(app_on: Flask) -> None:
    microscope = small_catalogue()[2]
    update_listing(microscope, {"name": "Kryptonoscope"}, by="owner")
    assert found("kryptonoscope") == [microscope.id]
    assert agrees()


@pytest.fixture
def app_with_index_in_database(reusable_on_postgresql: Reusable) -> Iterator[Flask]:
    with reusable_on_postgresql.as_new() as app:
        app.config["SEARCH_ENGINE"] = "postgresql"
        indexing.init_app(app)
        db.session.execute(sa.text("DROP SCHEMA IF EXISTS search_index CASCADE"))
        db.session.commit()
        yield app


def test_a_site_with_its_index_in_the_database_makes_follows_and_checks_it(
    app_with_index_in_database: Flask,
) -> None:
    app = app_with_index_in_database
    runner = app.test_cli_runner()
    university, facility, microscope = small_catalogue()
    assert "Indexed 3 listings" in runner.invoke(args=["search", "rebuild"]).output
    update_listing(university, {"name": "Fjordland University"}, by="owner")
    assert set(found("fjordland")) == {university.id, facility.id, microscope.id}
    withdraw_listing(microscope, reason="Sold", by="owner")
    assert set(found("fjordland")) == {university.id, facility.id}
    assert "Index and database agree: 2 listings" in runner.invoke(args=["search", "check"]).output
    page = app.test_client().get("/search?q=fjordlnad").get_data(as_text=True)
    assert "Fjordland University" in page
    assert not (Path(app.config["INSTANCE_PATH"]) / "index").exists()


def test_a_job_waits_while_the_index_in_the_database_is_busy(
    app_with_index_in_database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    university = small_catalogue()[0]
    indexing.rebuild()
    monkeypatch.setattr(indexing, "LONGEST_WAIT", 0.1)
    with PostgreSQLIndex(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)).writing(5):
        update_listing(university, {"name": "Fjordland University"}, by="owner")
        assert found("fjordland") == []
    assert indexing.catch_up() > 0
    assert university.id in found("fjordland")


def test_migrations_know_nothing_of_the_index_in_the_database(
    app_with_index_in_database: Flask, tmp_path: Path
) -> None:
    indexing.rebuild()
    address = app_with_index_in_database.config["DATABASE_URL"]
    with running_app(tmp_path / "migrating", tables=False, DATABASE_URL=address):
        assert migrations().compare_metadata() == []


def test_renaming_an_organisation_reaches_everything_below_it(app: Flask) -> None:
    university, facility, microscope = small_catalogue()
    update_listing(university, {"name": "Fjordland University"}, by="owner")
    assert set(found("fjordland")) == {university.id, facility.id, microscope.id}
    assert agrees()


def test_a_withdrawn_listing_is_gone_and_comes_back_when_published(app: Flask) -> None:
    microscope = small_catalogue()[2]
    withdraw_listing(microscope, reason="Sold", by="owner")
    assert found("lsm880") == []
    publish_listing(microscope, by="owner")
    confirm_listing(microscope, by="owner")
    assert found("lsm880") == [microscope.id]
    assert agrees()


def test_every_change_keeps_what_was_said_before_and_who_changed_it(app: Flask) -> None:
    microscope = small_catalogue()[2]
    update_listing(microscope, {"name": "LSM 900", "city": "Lund"}, by="Ada")
    [revision] = microscope.revisions
    assert revision.changes == {"name": ["Zeiss LSM 880", "LSM 900"], "city": ["", "Lund"]}
    assert revision.made_by == "Ada"


def test_an_edit_that_changes_nothing_saves_nothing(app: Flask) -> None:
    microscope = small_catalogue()[2]
    update_listing(microscope, {"name": microscope.name}, by="owner")
    assert microscope.revisions == []


def test_while_another_process_writes_the_edit_waits_for_the_worker(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    microscope = small_catalogue()[2]
    monkeypatch.setattr(indexing, "LONGEST_WAIT", 0.1)
    holding, release = multiprocessing.Event(), multiprocessing.Event()
    holder = multiprocessing.Process(target=hold_the_lock, args=(app.config["INSTANCE_PATH"], holding, release))
    holder.start()
    holding.wait(20)
    update_listing(microscope, {"name": "Kryptonoscope"}, by="owner")
    assert found("kryptonoscope") == []
    release.set()
    holder.join()
    assert indexing.catch_up() == 1
    assert found("kryptonoscope") == [microscope.id]


def hold_the_lock(
    instance: Path, holding: "multiprocessing.synchronize.Event", release: "multiprocessing.synchronize.Event"
) -> None:
    from search_index import WhooshIndex

    with WhooshIndex(instance / "index").writing(5):
        holding.set()
        release.wait(20)


def test_a_rebuild_keeps_what_changes_while_it_runs(app: Flask) -> None:
    microscope = small_catalogue()[2]

    def change_in_the_middle(documents):  # type: ignore[no-untyped-def]
        yield from documents
        update_listing(microscope, {"name": "Kryptonoscope"}, by="owner")

    indexing.rebuild(change_in_the_middle)
    assert found("kryptonoscope") == [microscope.id]
    assert agrees()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_killed_in_the_middle_of_a_hundred_changes_nothing_committed_is_lost(database: str, tmp_path: Path) -> None:
    with running_app(tmp_path, DATABASE_URL=database):
        microscope_id = small_catalogue()[2].id
    told, tell = multiprocessing.Pipe(duplex=False)
    changer = multiprocessing.get_context("spawn").Process(
        target=change_a_hundred_times, args=(tmp_path, database, microscope_id, tell)
    )
    changer.start()
    tell.close()
    committed = [told.recv() for _ in range(37)][-1]
    os.kill(changer.pid or 0, signal.SIGKILL)
    changer.join()
    with running_app(tmp_path, tables=False, DATABASE_URL=database):
        said = db.session.get_one(Listing, microscope_id).summary
        assert int(said.split()[-1]) >= committed
        indexing.catch_up()
        assert agrees()
        assert not db.session.scalars(sa.select(Job).where(Job.status == JobStatus.WAITING)).all()


def change_a_hundred_times(
    instance: Path, database: str, listing_id: int, tell: "multiprocessing.connection.Connection"
) -> None:
    with running_app(instance, tables=False, DATABASE_URL=database):
        listing = db.session.get_one(Listing, listing_id)
        for number in range(100):
            update_listing(listing, {"summary": f"Version {number}"}, by="changer")
            tell.send(number)


def test_check_names_what_differs_and_rebuild_mends_it(app: Flask) -> None:
    university, _facility, microscope = small_catalogue()
    index = indexing.index()
    index.apply([], [microscope.id])
    db.session.execute(sa.update(Listing.__table__).where(Listing.id == university.id).values(name="Renamed"))
    db.session.commit()
    commands = app.test_cli_runner()
    told = commands.invoke(args=["search", "check"])
    assert told.exit_code == 1
    assert f"missing: 1 (listings {microscope.id})" in told.output
    assert "out of date" in told.output
    assert commands.invoke(args=["search", "rebuild"]).exit_code == 0
    assert commands.invoke(args=["search", "check"]).exit_code == 0


def test_without_an_index_names_are_searched_with_a_notice(app: Flask, client: FlaskClient) -> None:
    from tests.listings import Kind, add

    add(Kind.INSTRUMENT, "Zeiss LSM 880")
    page = client.get("/search?q=lsm").text
    assert "Zeiss LSM 880" in page
    assert "index is being built" in page
