"""Taking listings out, and bringing them back without a change."""

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import SiteRole, User
from facilities.catalogue import content
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Kind, Listing, Organisation
from facilities.catalogue.vocabulary import Vocabulary
from facilities.db import db, writing
from facilities.exchange.tables.cells import cells_of, plain, safe
from facilities.exchange.tables.mapping import understand
from facilities.exchange.tables.synonyms import UNIQUIP
from facilities.manage import exporting
from facilities.manage.importing.findings import findings_of
from tests.conftest import running_app
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.manage.importing import checked, counts, imported
from tests.people import add_user, client_of
from tests.vocabulary import add_technique


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_files: Path) -> Iterator[Flask]:
    """The demo catalogue, which tests of this module only read."""
    with running_app(copytree(demo_files, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)) as app:
        yield app


def everything() -> sa.Select[int]:
    return sa.select(Listing.id)


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_demo_organisation_with_all_below_comes_back_without_a_change(demo: Flask, ending: str) -> None:
    desk = db.session.scalar(sa.select(User)) or add_user("Desk", site_role=SiteRole.MODERATOR)
    top = db.session.scalars(sa.select(Organisation).where(Organisation.name == "Tvärhav University")).one()
    ids = sa.select(Listing.id).where(sa.or_(Listing.id == top.id, Listing.organisation_id == top.id))
    data = exporting.listings_xlsx(ids) if ending == "xlsx" else b"".join(exporting.listings_csv(ids))
    run = checked(top, desk, data, name=f"export.{ending}")
    assert (run.created, run.updated, run.rejected) == (0, 0, 0), list(findings_of(run.id, "problems"))
    assert run.unchanged == exporting.count(ids) > 40


def test_every_demo_listing_says_the_same_in_cells_and_out_of_them(demo: Flask) -> None:
    vocabulary = Vocabulary.load()
    for listing in db.session.scalars(sa.select(Listing)):
        said = content.read(listing)
        cells = {key: plain(safe(text)) for key, text in cells_of(said).items()}
        understood = understand(1, cells, kind=listing.kind, vocabulary=vocabulary, exact=True)
        assert not understood.problems
        assert understood.fields == {name: value for name, value in said.items() if value not in (None, "", [], {})}


@pytest.fixture
def cast(app: Flask) -> tuple[Organisation, User]:
    add_technique("word", "Word")
    university = small_catalogue()[0]
    return university, add_user("Mia Manager", manager_of=university)


def test_only_the_cells_that_were_changed_are_changed(cast: tuple[Organisation, User]) -> None:
    university, manager = cast
    data = b"".join(exporting.listings_csv(everything())).decode("utf-8-sig")
    writing()
    microscope = db.session.scalars(sa.select(Listing).where(Listing.name == "Zeiss LSM 880")).one()
    update_listing(microscope, {"description": "Rewritten meanwhile."}, by="colleague")
    run = imported(university, manager, data.replace("LSM 880,", "LSM 980,").encode())
    assert counts(run) == (0, 1, 2, 0)
    db.session.expire_all()
    microscope = db.session.get_one(Listing, microscope.id)
    assert (microscope.name, microscope.description) == ("Zeiss LSM 980", "Rewritten meanwhile.")


def test_what_two_people_changed_is_said(cast: tuple[Organisation, User]) -> None:
    university, manager = cast
    data = b"".join(exporting.listings_csv(everything())).decode("utf-8-sig")
    writing()
    update_listing(db.session.get_one(Listing, university.id), {"city": "Visby"}, by="colleague")
    run = checked(university, manager, data.replace("Uppsala", "Lund").encode())
    noted = [(problem["key"], problem["fatal"]) for problem in findings_of(run.id, "problems")]
    assert noted == [("city", False)]


def test_formulas_are_made_harmless_and_come_back_as_they_were(cast: tuple[Organisation, User]) -> None:
    university, manager = cast
    evil = ["=1+1", "+46 18 471", "-cmd|' /C calc'!A0", "@SUM(A1)", "'=quoted", "-12.5", "Plain - text"]
    for text in evil:
        add(Kind.INSTRUMENT, text, parent=university)
    data = b"".join(exporting.listings_csv(everything()))
    names = {row["Name"] for row in rows_of(data)}
    assert {"'=1+1", "'+46 18 471", "'-cmd|' /C calc'!A0", "'@SUM(A1)", "''=quoted", "-12.5", "Plain - text"} <= names
    for sent in (data, exporting.listings_xlsx(everything())):
        assert counts(checked(university, manager, sent)) == (0, 0, 10, 0)


def test_uniquip_has_its_columns_and_no_organisation(cast: tuple[Organisation, User]) -> None:
    rows = rows_of(b"".join(exporting.uniquip_csv(everything())))
    assert list(rows[0]) == list(UNIQUIP)
    assert [(row["Type"], row["Name"]) for row in rows] == [
        ("facility", "Lumen Imaging"), ("equipment", "Zeiss LSM 880")
    ]  # fmt: skip
    assert rows[1]["Related Facility ID"] == rows[0]["ID"]


def test_the_file_has_what_its_user_may_edit_and_nothing_else(app: Flask, cast: tuple[Organisation, User]) -> None:
    add(Kind.ORGANISATION, "Stranger")
    pages = client_of(app, cast[1])
    for format_, kind in (("csv", "text/csv"), ("xlsx", "spreadsheetml"), ("uniquip-csv", "text/csv"),
                          ("uniquip-xlsx", "spreadsheetml"), ("json", "ndjson")):  # fmt: skip
        answer = pages.get(f"/manage/export/file?format={format_}")
        assert answer.status_code == 200 and kind in answer.content_type
        assert "attachment" in answer.headers["Content-Disposition"]
        assert b"Stranger" not in answer.data
    lines = [json.loads(line) for line in pages.get("/manage/export/file?format=json").data.splitlines()]
    assert {line["name"] for line in lines} == {"Skerry University", "Lumen Imaging", "Zeiss LSM 880"}


def test_a_selection_is_exported(app: Flask, cast: tuple[Organisation, User]) -> None:
    pages = client_of(app, cast[1])
    assert "One listing" in pages.get(f"/manage/export?listing={cast[0].id}").text
    rows = rows_of(pages.get(f"/manage/export/file?format=csv&listing={cast[0].id}").data)
    assert [row["Name"] for row in rows] == ["Skerry University"]


def test_what_stands_below_others_is_refused(app: Flask, cast: tuple[Organisation, User]) -> None:
    other = add(Kind.ORGANISATION, "Stranger")
    pages = client_of(app, cast[1])
    assert pages.get(f"/manage/export/file?format=csv&below={other.id}").status_code == 403
    assert pages.get("/manage/export/file?format=exe").status_code == 404
    assert client_of(app, None).get("/manage/export").status_code == 303


def test_the_page_asks_as_much_of_the_database_with_many_listings(app: Flask, cast: tuple[Organisation, User]) -> None:
    pages = client_of(app, cast[1])
    pages.get("/manage/export")
    with statements() as few:
        pages.get("/manage/export")
    for number in range(20):
        add(Kind.FACILITY, f"Facility {number}", parent=cast[0])
    with statements() as many:
        pages.get("/manage/export")
    assert len(many) == len(few) <= 12


def test_a_workbook_opens_in_a_spreadsheet_program(cast: tuple[Organisation, User]) -> None:
    load_workbook = pytest.importorskip("openpyxl").load_workbook

    sheet = load_workbook(BytesIO(exporting.listings_xlsx(everything()))).active
    assert sheet is not None and [cell.value for cell in sheet[1]][:5] == [
        "Listing",
        "Version",
        "ID",
        "Kind",
        "Belongs to",
    ]
    assert sheet.max_row == 4
