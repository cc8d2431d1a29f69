"""Spreadsheets as people have them are read; hostile and broken ones are refused with what to do."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask

from facilities.exchange.tables import Table, Unusable, open_table

pytestmark = pytest.mark.usefixtures("app")
Read = Callable[[bytes], Table]


@pytest.fixture
def read(tmp_path: Path, app: Flask) -> Read:
    """Read a file with these bytes."""

    def run(data: bytes) -> Table:
        path = tmp_path / "table"
        path.write_bytes(data)
        return open_table(path)

    return run


def cells(table: Table) -> list[dict[str, str]]:
    return [line.cells for line in table.rows()]


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("One"))
    return packed.getvalue()


def with_part(name: str, content: bytes, data: bytes | None = None) -> bytes:
    """A workbook in which one part is replaced or added."""
    data = data or workbook(lambda _book, sheet: sheet.write_column(0, 0, ["Name", "Sorter"]))
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_any_usual_encoding_and_separator_is_read(read: Read, encoding: str, separator: str) -> None:
    rows = [["Benämning", "Fabrikat", "Ort"], ["Mikroskop för höga förstoringar", "Zeiß", "Malmö"]]
    data = "\n".join(separator.join(row) for row in rows).encode(encoding)
    assert cells(read(data)) == [dict(zip(*rows, strict=True))]


def test_quoted_cells_may_hold_separators_and_line_breaks(read: Read) -> None:
    table = read(b'Name;Description;City\n"Sorter; large";"First\nsecond ""line""";Lund\nLaser;;Oslo\n')
    assert cells(table)[0] == {"Name": "Sorter; large", "Description": 'First\nsecond "line"', "City": "Lund"}
    assert [line.number for line in table.rows()] == [2, 3]


def test_headings_need_not_be_in_the_first_row_and_blank_rows_are_passed_over(read: Read) -> None:
    table = read(b"Utrustning 2026;;\n;;\nNamn;;Modell\nSorterare;;SH800\n;;\nLaser;;\n")
    assert table.headings == ["Namn", "Modell"]
    assert [(line.number, line.cells["Namn"]) for line in table.rows()] == [(4, "Sorterare"), (6, "Laser")]


def test_headings_below_a_merged_one_and_used_twice_are_told_apart(read: Read) -> None:
    table = read(b",Contact,,Deputy,\nName,Name,Email,Name,Email\nA,B,c@d.se,E,f@g.se\n")
    assert table.headings == ["Name", "Contact Name", "Contact Email", "Deputy Name", "Deputy Email"]
    assert read(b"Name,Notes,Notes,\nA,B,C,D\n").headings == ["Name", "Notes", "Notes (2)", "Column D"]


def test_cells_of_a_workbook_read_as_a_person_would_type_them(read: Read) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["Name", "ID", "Acquired", "Lat", "Booking", "Price", "Note"])
        sheet.write_row(2, 0, ["Sorter", 1001.0])
        sheet.write_datetime(2, 2, date(2021, 5, 17), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(2, 3, 59.85)
        sheet.write_boolean(2, 4, True)
        sheet.write_formula(2, 5, "=2*21", value=42)
        sheet.write_formula(2, 6, "=NA()", value="#N/A")

    [row] = read(workbook(fill)).rows()
    assert row.number == 3
    assert row.cells | {"Note": ""} == {
        "Name": "Sorter", "ID": "1001", "Acquired": "2021-05-17", "Lat": "59.85", "Booking": "TRUE", "Price": "42",
        "Note": "",
    }  # fmt: skip


def test_external_links_are_not_followed(read: Read) -> None:
    link = b'<Relationship Id="r1" Type="t" Target="http://127.0.0.1:1/x" TargetMode="External"/>'
    part = "xl/externalLinks/_rels/externalLink1.xml.rels"
    assert cells(read(with_part(part, b"<Relationships>%b</Relationships>" % link))) == [{"Name": "Sorter"}]


def refused(read: Read, data: bytes) -> str:
    with pytest.raises(Unusable) as refusal:
        read(data)
    return str(refusal.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(read: Read) -> None:
    assert "too large" in refused(read, with_part("xl/worksheets/sheet1.xml", b" " * 80_000_000))


def test_a_zip_with_too_many_parts_is_refused(read: Read) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *(f"x{number}" for number in range(3000))):
            new.writestr(name, b"<a/>")
    assert "damaged" in refused(read, packed.getvalue())


def test_entities_that_grow_are_refused(read: Read) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    assert "never write" in refused(read, with_part("xl/sharedStrings.xml", laughs))


def test_a_cell_at_the_far_end_of_the_sheet_is_refused(read: Read) -> None:
    assert "16,384 columns" in refused(read, workbook(lambda _book, sheet: sheet.write("XFD1048576", "x")))
    assert "more than 50,000 rows" in refused(read, workbook(lambda _book, sheet: sheet.write("A1048576", "x")))


def test_other_packed_and_damaged_files_are_refused(read: Read) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        new.writestr("readme.txt", b"hello")
    assert "no XLSX workbook" in refused(read, packed.getvalue())
    assert "damaged" in refused(read, b"PK\x03\x04 and nothing else")
    assert "damaged" in refused(read, with_part("xl/workbook.xml", b"<workbook"))


def test_too_many_rows_columns_and_letters_are_refused(read: Read) -> None:
    assert "10,000 columns" in refused(read, b",".join(b"c%d" % n for n in range(10_000)) + b"\nx\n")
    assert "more than 50,000 rows" in refused(read, b"Name;City\n" + b"a;b\n" * 50_001)
    assert "more than 32,767 characters" in refused(read, b"Name;City\na;" + b"b" * 40_000)


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"\x00\x01\x02\x03" * 200, b"MZ\x90\x00" + b"\x00\xff" * 300, b"Name\n"]
)
def test_what_has_no_rows_is_refused(read: Read, data: bytes) -> None:
    assert refused(read, data)


def test_the_template_of_uniquip_is_recognised(shared_data: Path, app: Flask) -> None:
    with pytest.raises(Unusable, match="no rows below the headings"):
        open_table(shared_data / "testing" / "uniquip" / "UniquipTemplate.xlsx")
