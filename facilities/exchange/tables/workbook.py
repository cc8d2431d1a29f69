"""Reading XLSX. A workbook is a packed folder of XML: it is looked through before anything unpacks it whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from flask_babel import gettext as _
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from facilities.exchange.tables.limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_PACKED,
    MOST_PARTS,
    MOST_ROWS,
    MOST_UNPACKED,
    Unusable,
    too_long_cell,
    too_many_columns,
    too_many_rows,
)

CONTENT = "[Content_Types].xml"
SMALL = 1_000_000
"""Bytes below which it does not matter how well a part packs."""

CHUNK = 1 << 16
EMPTY_TAIL = 500
"""Rows beyond the limit that may be formatted, but empty."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the cells of a sheet reach."""

    rows: int = 0
    columns: int = 0


class _Forbidden(Exception):
    """The XML declares a document type: no spreadsheet program writes one, attacks do."""


def sheet_names(data: bytes) -> list[str]:
    """The names of the visible sheets. Raises Unusable for a workbook that is none, or no harmless one."""
    _look_through(data)
    with _opened(data) as book:
        return [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]


def read_sheet(data: bytes, name: str) -> Iterator[list[str]]:
    """The rows of a sheet as text, from its first row on, of a workbook that `sheet_names` took. Raises Unusable."""
    with _opened(data) as book:
        sheet = book.get_sheet_by_name(name)
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield [_said(cell, number) for cell in row]


@contextmanager
def _opened(data: bytes) -> Iterator[CalamineWorkbook]:
    """The workbook; whatever its reader stumbles over is one kind of refusal. Its crashes are no `Exception`."""
    try:
        yield CalamineWorkbook.from_filelike(BytesIO(data))
    except (Unusable, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise _broken() from error


def _broken() -> Unusable:
    return Unusable(_("The workbook is damaged: open it in a spreadsheet program and save it anew."))


def _look_through(data: bytes) -> None:
    """Refuse bombs, tricks and sheets beyond the limits before the reader sees them."""
    try:
        with ZipFile(BytesIO(data)) as packed:
            parts = packed.infolist()
            _check_parts(parts)
            for part in parts:
                if _is_read(part):
                    _check_xml(packed, part)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, expat.ExpatError) as error:
        raise _broken() from error
    except _Forbidden:
        raise Unusable(
            _("The workbook holds something that spreadsheet programs never write. Save it anew and try again.")
        ) from None


def _is_read(part: ZipInfo) -> bool:
    name = part.filename.lower()
    return name.endswith((".xml", ".rels")) and not name.startswith(("customxml/", "docprops/", "xl/drawings/"))


def _check_parts(parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if CONTENT not in names or not any(name.lower() == "xl/workbook.xml" for name in names):
        raise Unusable(_("The file is packed, but no XLSX workbook: choose a CSV, TSV or XLSX file."))
    if len(parts) > MOST_PARTS or len(set(names)) != len(names):
        raise _broken()
    unpacked = sum(part.file_size for part in parts if _is_read(part))
    bomb = any(part.file_size > SMALL and part.file_size > MOST_PACKED * part.compress_size for part in parts)
    if bomb or unpacked > MOST_UNPACKED:
        raise Unusable(
            _("Unpacked, the workbook is too large to be read: keep the sheet with the listings and remove the others.")
        )


def _check_xml(packed: ZipFile, part: ZipInfo) -> None:
    """Read one part without building anything; measures it if it is a sheet. Raises _Forbidden, Unusable."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _forbid
    measure = _Measure()
    if part.filename.lower().startswith("xl/worksheets/"):
        parser.StartElementHandler = measure
    read = 0
    with packed.open(part) as file:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            if read > part.file_size:
                raise _broken()
            parser.Parse(chunk)
    parser.Parse(b"", True)  # noqa: FBT003 (the name of the parameter is not ours)
    _check_extent(Extent(measure.last_row, measure.last_column))


def _forbid(*_said: Any) -> None:
    raise _Forbidden


def _check_extent(extent: Extent) -> None:
    if extent.columns > MOST_COLUMNS:
        raise too_many_columns(extent.columns)
    if extent.rows > MOST_ROWS + EMPTY_TAIL:
        raise too_many_rows()


class _Measure:
    """How far the cells of a sheet reach, by their addresses ("C7") or, without, by counting."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0

    def __call__(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._cell(attributes.get("r", ""))
            case "row":
                self.row, self.column = int(attributes.get("r") or self.row + 1), 0

    def _cell(self, address: str) -> None:
        letters = address.rstrip("0123456789")
        if letters:
            self.column, self.row = _column(letters), int(address[len(letters) :] or self.row)
        else:
            self.column += 1
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)


def _column(letters: str) -> int:
    """AB -> 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _said(cell: Any, row: int) -> str:
    """A cell as a person would type it: 1001.0 -> "1001"; the value of a formula, never the formula."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            midnight = cell.time() == time()
            return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    text = str(cell)
    if len(text) > LONGEST_CELL:
        raise too_long_cell(row)
    return text
