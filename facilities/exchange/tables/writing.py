"""Writing listings as spreadsheets: our own columns, which import again without a change, and UNIQUIP's."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from facilities.exchange.tables.cells import safe

WIDEST = 60
LONG = {"Description", "Summary", "Name"}


def as_csv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 with a mark, which Excel needs to recognise it; commas; formulas made harmless."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        text = StringIO()
        csv.writer(text).writerow([safe(cell) for cell in row])
        yield text.getvalue().encode()


def as_xlsx(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = "Listings") -> bytes:
    """A workbook of one sheet: headings that stay in view, every text as text, numbers and dates as such. A row at a
    time goes to a temporary file, so that many rows take little memory."""
    import xlsxwriter

    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            page.set_column(column, column, 40 if heading in LONG else min(max(len(heading) + 2, 12), WIDEST))
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        _write_row(page, 0, headings, book.add_format({"bold": True, "bottom": 1}))
        number = 0
        for number, row in enumerate(rows, 1):
            _write_row(page, number, row, None)
        page.autofilter(0, 0, number, max(len(headings) - 1, 0))
    return packed.getvalue()


def _write_row(page: Any, number: int, row: Sequence[Any], style: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, date):
            page.write_datetime(number, column, cell)
        elif isinstance(cell, int | float):
            page.write_number(number, column, cell, style)
        elif cell:
            page.write_string(number, column, safe(cell), style)
