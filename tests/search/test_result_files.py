"""The results of a search as files and as a feed."""

import csv
import json
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from facilities.catalogue.actions import (
    confirm_listing,
    create_listing,
    publish_listing,
    update_listing,
    withdraw_listing,
)
from facilities.catalogue.models import LISTINGS, Kind, Mode, Status
from facilities.catalogue.queries import newest
from facilities.db import db, now
from facilities.search import downloads
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.search.test_results import links_on

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).data.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def feed(client: FlaskClient, address: str) -> ET.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.data)


def names(element: ET.Element) -> list[str]:
    return [title.text or "" for title in element.findall("a:entry/a:title", ATOM)]


def test_results_come_as_a_table_in_their_order(app_on: Flask) -> None:
    university, facility, microscope = small_catalogue()
    add(Kind.SERVICE, "Imaging service", parent=facility, lead_time_min=3, lead_time_max=5, access={"price_level": 2})
    rebuild()
    client = app_on.test_client()
    found = rows_of(client, "/search.csv?q=zeiss")
    assert [row["Name"] for row in found] == [microscope.name]
    assert (found[0]["Manufacturer"], found[0]["Facility"], found[0]["Organisation"]) == (
        "Zeiss", facility.name, university.name,
    )  # fmt: skip
    assert found[0]["Web page"] == f"http://catalogue.test{microscope.path}"
    [service] = rows_of(client, "/search.csv?kind=service")
    assert (service["Lead time in working days, from"], service["Lead time in working days, to"]) == ("3", "5")
    assert service["Price level"] == "2"


def test_csv_xlsx_and_json_say_the_same(app: Flask, client: FlaskClient) -> None:
    small_catalogue()
    table = rows_of(client, "/search.csv?sort=name")
    items = json.loads(client.get("/search.json?sort=name").data)["items"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(client.get("/search.xlsx?sort=name").data)).get_sheet_by_index(0)
    headings, *cells = sheet.to_python(skip_empty_area=False)
    assert len(table) == len(items) == len(cells) == 3
    assert [row["Name"] for row in table] == [item["name"] for item in items] == [row[2] for row in cells]
    assert list(table[0]) == headings


def test_a_workbook_has_numbers_and_dates_and_labels_where_json_has_codes(app: Flask, client: FlaskClient) -> None:
    access = {"price_level": 4, "modes": ["mail_in"], "groups": ["companies"]}
    service = add(Kind.SERVICE, "Imaging", lead_time_min=3, lead_time_max=5, access=access, country="NO")
    confirm_listing(service, by="test")
    rebuild()
    sheet = CalamineWorkbook.from_filelike(BytesIO(client.get("/search.xlsx?q=imaging").data)).get_sheet_by_index(0)
    headings, cells = sheet.to_python(skip_empty_area=False)
    row = dict(zip(headings, cells, strict=True))
    assert (row["ID"], row["Price level"], row["Lead time in working days, to"]) == (service.id, 4, 5)
    assert row["Last confirmed"] == now().date()
    assert (row["Kind"], row["Country"], row["Mode of access"]) == ("Service", "Norway", str(Mode.MAIL_IN.label))
    [item] = json.loads(client.get("/search.json?q=imaging").data)["items"]
    assert item["access"] == {"groups": ["companies"], "modes": ["mail_in"], "price_level": 4}
    assert (item["country"], item["lead_time_days"], item["confirmed_on"]) == ("NO", [3, 5], str(now().date()))


def test_nothing_in_a_table_is_taken_for_a_formula(app: Flask, client: FlaskClient) -> None:
    add(Kind.INSTRUMENT, '=HYPERLINK("http://bad.example","Microscope")')
    rebuild()
    assert rows_of(client, "/search.csv?q=microscope")[0]["Name"].startswith("'=")
    assert json.loads(client.get("/search.json?q=microscope").data)["items"][0]["name"].startswith("=")


def test_a_file_ends_at_its_most_rows(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        add(Kind.INSTRUMENT, f"Microscope {number}")
    rebuild()
    monkeypatch.setattr(downloads, "MOST_ROWS", 4)
    monkeypatch.setattr(downloads, "BATCH", 3)
    assert len(rows_of(client, "/search.csv?q=microscope")) == 4


def test_a_file_says_how_far_away_each_is(app: Flask, client: FlaskClient) -> None:
    small_catalogue()
    assert float(rows_of(client, "/search.csv?q=lumen&near=Uppsala")[0]["Distance in km"]) < 5
    assert rows_of(client, "/search.csv?q=lumen")[0]["Distance in km"] == ""


def test_a_file_sends_few_statements_for_each_batch(app: Flask, client: FlaskClient) -> None:
    small_catalogue()
    client.get("/search?q=once")  # a process reads the vocabulary once
    with statements() as sent:
        assert len(rows_of(client, "/search.csv")) == 3
    assert len(sent) <= 4, "\n".join(sent)


def test_the_results_page_leads_to_files_feed_and_letters(app: Flask, client: FlaskClient) -> None:
    small_catalogue()
    page = client.get("/search?q=microscope&country=SE&sort=name&page=1").text
    assert "/search.atom?q=microscope&country=SE" in links_on(page, "/search.atom")
    assert "/search.csv?q=microscope&country=SE&sort=name" in links_on(page, "/search.csv")
    assert "/saved-searches/new?q=microscope&country=SE" in links_on(page, "/saved")
    for link in (*links_on(page, "/search."), *links_on(page, "/saved")):
        assert client.get(link).status_code == 200


def test_a_feed_has_what_a_reader_needs(app_on: Flask) -> None:
    """The elements that RFC 4287 asks for, each once, with the kinds of values it asks for."""
    small_catalogue()
    add(Kind.INSTRUMENT, "Confocal <b>&amp;\x0b microscope")
    rebuild()
    root = feed(app_on.test_client(), "/search.atom?q=confocal")
    for element in (root, *root.findall("a:entry", ATOM)):
        for needed in ("id", "title", "updated"):
            assert len(element.findall(f"a:{needed}", ATOM)) == 1, needed
        assert datetime.fromisoformat(element.findtext("a:updated", "", ATOM)).tzinfo is not None
        assert element.find("a:link[@rel='alternate']", ATOM) is not None
    assert root.findtext("a:author/a:name", "", ATOM)
    own = root.find("a:link[@rel='self']", ATOM)
    assert own is not None
    assert own.get("href") == root.findtext("a:id", "", ATOM) == "http://catalogue.test/search.atom?q=confocal"
    ids = [each.text for each in root.findall("a:entry/a:id", ATOM)]
    assert len(ids) == len(set(ids)) == 2
    newest = max(each.text or "" for each in root.findall("a:entry/a:updated", ATOM))
    assert root.findtext("a:updated", "", ATOM) == newest


def test_a_feed_begins_with_what_became_public_last(app_on: Flask) -> None:
    draft = create_listing(Kind.INSTRUMENT, {"name": "Microscope A"}, parent=None, by="test", status=Status.DRAFT)
    older = add(Kind.INSTRUMENT, "Microscope B")
    long_ago = now() - timedelta(days=9)
    db.session.execute(sa.update(LISTINGS).where(LISTINGS.c.id == older.id).values(created_at=long_ago))
    add(Kind.INSTRUMENT, "Microscope C")
    publish_listing(draft, by="test")
    rebuild()
    assert names(feed(app_on.test_client(), "/search.atom?q=microscope")) == [
        "Microscope A", "Microscope C", "Microscope B",
    ]  # fmt: skip


def test_a_feed_of_a_broad_search_is_the_same_as_of_a_narrow_one(
    app_on: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many results are looked for among the newest listings, few are asked for by number."""
    for number in range(6):
        add(Kind.INSTRUMENT if number % 2 else Kind.ORGANISATION, f"Microscope {number}")
    rebuild()
    client = app_on.test_client()
    by_number = names(feed(client, "/search.atom?kind=instrument"))
    monkeypatch.setattr(newest, "FEW", 2)
    assert names(feed(client, "/search.atom?kind=instrument")) == by_number
    assert by_number == ["Microscope 5", "Microscope 3", "Microscope 1"]


def test_an_entry_keeps_its_id_when_the_listing_changes(app: Flask, client: FlaskClient) -> None:
    listing = create_listing(
        Kind.INSTRUMENT, {"name": "Microscope"}, parent=None, by="test", status=Status.PUBLISHED
    )  # fmt: skip
    rebuild()
    before = feed(client, "/search.atom?q=microscope").findtext("a:entry/a:id", "", ATOM)
    update_listing(listing, {"name": "Better microscope"}, by="test")
    after = feed(client, "/search.atom?q=microscope")
    assert names(after) == ["Better microscope"]
    assert after.findtext("a:entry/a:id", "", ATOM) == before
    assert client.get(before.removeprefix("http://catalogue.test")).status_code in (301, 302, 303, 308)
    withdraw_listing(listing, reason="", by="test")
    assert names(feed(client, "/search.atom?q=microscope")) == []


def test_a_reader_that_has_the_feed_is_told_so(app: Flask, client: FlaskClient) -> None:
    small_catalogue()
    first = client.get("/search.atom?q=confocal")
    again = client.get("/search.atom?q=confocal", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_feed_sends_few_statements(app: Flask, client: FlaskClient) -> None:
    small_catalogue()
    client.get("/search?q=once")  # a process reads the vocabulary once
    with statements() as sent:
        client.get("/search.atom?q=confocal")
    assert len(sent) <= 3, "\n".join(sent)


def test_no_other_ending_is_a_file(client: FlaskClient) -> None:
    assert client.get("/search.pdf").status_code == 404
