"""The pages of an import, from the file to its undoing."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilities.accounts.models import SiteRole, User
from facilities.catalogue.models import Kind, Listing, Organisation, Review, Status
from facilities.db import db
from facilities.manage.models import ColumnMapping, ImportRun, ImportState
from facilities.outbox.worker import work_once
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.manage.importing import csv_of, get_run
from tests.people import add_user, client_of
from tests.vocabulary import add_technique

REGISTER = csv_of(
    ("Inventarienummer", "Benämning", "Land", "Antal"),
    ("7", "Sorter", "Sverige", "1"), ("8", "Laser", "Atlantis", "2"), ("9", "=1+1", "Norge", "many"),
)  # fmt: skip
GOOD = csv_of(("Inventarienummer", "Benämning", "Land"), ("7", "Sorter", "Sverige"), ("8", "Laser", "Norge"))


@pytest.fixture
def university(app: Flask) -> Organisation:
    app.config["WTF_CSRF_ENABLED"] = False
    add_technique("word", "Word")
    return small_catalogue()[0]


@pytest.fixture
def manager(university: Organisation) -> User:
    return add_user("Mia Manager", manager_of=university)


@pytest.fixture
def pages(app: Flask, manager: User) -> FlaskClient:
    return client_of(app, manager)


def send(pages: FlaskClient, listing: Listing, data: bytes, name: str = "register.csv") -> TestResponse:
    return pages.post("/manage/import", data={"listing": str(listing.id), "file": (BytesIO(data), name)})


def only_run() -> ImportRun:
    db.session.rollback()
    return get_run(db.session.scalars(sa.select(ImportRun.id)).one())


def check(app: Flask, pages: FlaskClient, run: ImportRun, **given: str) -> TestResponse:
    """Take the columns as guessed and have the worker check the file."""
    chosen = {f"column_{number}": run.columns[heading] for number, heading in enumerate(run.report["headings"])}
    form: dict[str, Any] = {"kind": "instrument", "source": run.source, **chosen, **given}
    answer = pages.post(f"/manage/import/{run.id}/columns", data=form)
    work_once(app)
    return answer


def test_a_register_is_sent_checked_saved_and_undone(app: Flask, pages: FlaskClient, university: Organisation) -> None:
    answer = send(pages, university, GOOD)
    run = only_run()
    assert answer.status_code == 303 and answer.location == f"/manage/import/{run.id}/columns"
    assert run.columns == {"Inventarienummer": "inventory_number", "Benämning": "name", "Land": "country"}
    page = pages.get(answer.location).text
    assert "Benämning" in page and "Sorter" in page
    assert check(app, pages, run).status_code == 303
    page = pages.get(f"/manage/import/{run.id}").text
    assert "Save 2 listings" in page and "Nothing is saved yet" in page
    assert pages.post(f"/manage/import/{run.id}/accept").status_code == 303
    assert "data-progress" in pages.get(f"/manage/import/{run.id}").text
    work_once(app)
    assert "The import is saved" in pages.get(f"/manage/import/{run.id}").text
    assert "Sorter" in pages.get("/search?q=sorter").text
    assert "2 listings go back" in pages.get(f"/manage/import/{run.id}/undo").text
    assert pages.post(f"/manage/import/{run.id}/undo").status_code == 303
    work_once(app)
    assert "2 listings are as they were before" in pages.get(f"/manage/import/{run.id}").text
    assert only_run().state == ImportState.UNDONE


def test_errors_name_row_and_column_and_what_to_do(app: Flask, pages: FlaskClient, university: Organisation) -> None:
    send(pages, university, REGISTER)
    run = only_run()
    check(app, pages, run)
    page = pages.get(f"/manage/import/{run.id}").text
    assert "Row 3" in page and "C “Land”" in page and "write its two-letter code" in page
    answer = pages.post(f"/manage/import/{run.id}/accept")
    assert answer.status_code == 422 and "Tick this to import the rest" in answer.text
    lines = pages.get(f"/manage/import/{run.id}/problems.csv").text.splitlines()
    assert len(lines) == 3 and "'=1+1" in lines[2]
    assert pages.post(f"/manage/import/{run.id}/accept", data={"skip_errors": "y"}).status_code == 303
    work_once(app)
    assert only_run().created == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 not a table", "PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or locked"),
        (b"<html><table><tr><td>Name</td></tr></table>", "web page"),
        (b"", "empty"),
        (
            b",".join(b"c%d" % n for n in range(10_000)) + b"\n" + b",".join(b"x" for _ in range(10_000)),
            "10,000 columns",
        ),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(
    pages: FlaskClient, university: Organisation, data: bytes, said: str
) -> None:
    answer = send(pages, university, data, "list.xlsx")
    assert answer.status_code == 422 and said in answer.text
    assert db.session.scalar(sa.select(sa.func.count(ImportRun.id))) == 0


def test_a_claim_of_two_gigabytes_is_refused_before_it_is_read(pages: FlaskClient) -> None:
    answer = pages.post(
        "/manage/import", input_stream=BytesIO(b"x"), content_type="multipart/form-data; boundary=b",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3)},
    )  # fmt: skip
    assert answer.status_code == 413 and "smaller" in answer.text


def test_a_file_beyond_twenty_megabytes_is_refused(
    pages: FlaskClient, university: Organisation, tmp_path: Path
) -> None:
    answer = send(pages, university, b"Name\n" + b"x" * 20 * 1024 * 1024)
    answer.request.input_stream.close()
    assert answer.status_code == 422 and "larger than 20 MB" in answer.text
    assert not list((tmp_path / "imports").glob("*"))


def test_the_columns_are_asked_for_again_where_they_make_no_sense(
    app: Flask, pages: FlaskClient, university: Organisation
) -> None:
    send(pages, university, GOOD)
    run = only_run()
    answer = check(app, pages, run, column_1="country")
    assert answer.status_code == 422
    assert "“Benämning” is that field already" in answer.text and "which column holds the name" in answer.text
    assert only_run().state == ImportState.UPLOADED


def test_columns_saved_by_name_can_be_used_for_the_next_file(
    app: Flask, pages: FlaskClient, university: Organisation
) -> None:
    send(pages, university, GOOD)
    run = only_run()
    check(app, pages, run, column_2="", mapping_name="Register")
    mapping = db.session.scalars(sa.select(ColumnMapping)).one()
    pages.post(f"/manage/import/{run.id}/columns", data={"act": "mapping", "mapping": str(mapping.id)})
    assert only_run().columns["Land"] == ""


def test_the_source_of_others_cannot_be_taken(app: Flask, pages: FlaskClient, university: Organisation) -> None:
    send(pages, university, GOOD)
    answer = check(app, pages, only_run(), source="listing-999")
    assert answer.status_code == 422 and "taken by others" in answer.text


def test_only_managers_see_an_import(app: Flask, pages: FlaskClient, university: Organisation) -> None:
    send(pages, university, GOOD)
    run = only_run()
    other = add(Kind.ORGANISATION, "Other")
    for person in (add_user("Stranger", manager_of=other), add_user("Editor", editor_of=university)):
        theirs = client_of(app, person)
        for address in ("", "/columns", "/undo", "/progress", "/problems.csv"):
            assert theirs.get(f"/manage/import/{run.id}{address}").status_code == 403
        for act in ("columns", "accept", "undo", "drop"):
            assert theirs.post(f"/manage/import/{run.id}/{act}").status_code == 403
        assert send(theirs, university, GOOD).status_code == 422
    assert pages.get("/manage/import/99999").status_code == 404


def test_what_a_moderator_sent_is_saved_by_the_rights_of_whoever_accepts_it(
    app: Flask, pages: FlaskClient, university: Organisation
) -> None:
    db.session.execute(sa.update(Organisation).values(review=Review.DESK))
    desk = add_user("Dora Desk", site_role=SiteRole.MODERATOR)
    theirs = client_of(app, desk)
    send(theirs, university, GOOD)
    check(app, theirs, only_run())
    run = only_run()
    assert (run.state, run.made_by) == (ImportState.CHECKED, "Dora Desk")
    pages.post(f"/manage/import/{run.id}/accept")
    work_once(app)
    assert only_run().made_by == "Mia Manager"
    imported = sa.select(Listing.status).where(Listing.name.in_(("Sorter", "Laser")))
    assert Status.PUBLISHED not in db.session.scalars(imported).all()


def test_a_dropped_file_is_gone(pages: FlaskClient, university: Organisation, tmp_path: Path) -> None:
    send(pages, university, GOOD)
    assert pages.post(f"/manage/import/{only_run().id}/drop").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(ImportRun.id))) == 0
    assert not list((tmp_path / "imports").glob("*"))


def test_another_sheet_of_a_workbook_can_be_read(pages: FlaskClient, university: Organisation) -> None:
    import xlsxwriter

    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        for name in ("Read me", "Instruments"):
            book.add_worksheet(name).write_column(0, 0, ["Name", f"{name} row"])
    send(pages, university, packed.getvalue(), "book.xlsx")
    run = only_run()
    assert run.sheet == "Read me"
    pages.post(f"/manage/import/{run.id}/columns", data={"act": "sheet", "sheet": "Instruments"})
    assert only_run().sheet == "Instruments"
    assert "Instruments row" in pages.get(f"/manage/import/{run.id}/columns").text


def test_the_pages_ask_as_much_of_the_database_with_many_rows(
    app: Flask, pages: FlaskClient, university: Organisation
) -> None:
    rows = [(str(number), f"Instrument {number}") for number in range(60)]
    send(pages, university, csv_of(("ID", "Name"), *rows))
    run = only_run()
    check(app, pages, run)
    for address, most in (("/manage/import", 16), (f"/manage/import/{run.id}?show=created", 16)):
        pages.get(address)
        with statements() as sent:
            assert pages.get(address).status_code == 200
        assert len(sent) <= most, sent
    assert "page=3" in pages.get(f"/manage/import/{run.id}?show=created").text
