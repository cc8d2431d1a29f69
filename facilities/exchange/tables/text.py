"""Reading CSV and TSV as people have them: any usual encoding, separator and kind of quotation."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from charset_normalizer import from_bytes
from flask_babel import gettext as _

from facilities.exchange.tables.limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Unusable,
    too_long_cell,
    too_many_columns,
    too_many_rows,
)
from facilities.exchange.tables.synonyms import is_known

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte order marks, the longer one first where one begins like another."""

LOCAL = ["cp1252", "mac_roman", "cp1250", "cp850"]
NORDIC = re.compile("[åäöæøéüÅÄÖÆØÉÜß’–µ°]")
SEPARATORS = ";\t,|"
LOOKED_AT = 50
SAMPLE = 64 * 1024


def decode(data: bytes) -> str:
    """The text of a file in whatever encoding it is. Raises Unusable for something that is no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\x00" in data[:SAMPLE]:
        return _decoded(data, _wide(data))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, _local(data))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise Unusable(_("The text of the file cannot be read: save it as “CSV UTF-8”.")) from None


def _wide(data: bytes) -> str:
    """UTF-16 without a mark, by which bytes of its ASCII letters are zero."""
    even, odd = data[:SAMPLE:2].count(0), data[1:SAMPLE:2].count(0)
    if max(even, odd) < len(data[:SAMPLE]) / 4 or min(even, odd) * 10 > max(even, odd):
        raise Unusable(_("The file is not a spreadsheet: choose a CSV, TSV or XLSX file."))
    return "utf-16-le" if odd > even else "utf-16-be"


def _local(data: bytes) -> str:
    """Which of the encodings of older programs: the one in which most letters beyond ASCII are those of our languages,
    else what charset-normalizer makes of it."""
    lines = b"\n".join(line for line in data.splitlines() if not line.isascii())[:SAMPLE]
    found = {encoding: len(NORDIC.findall(lines.decode(encoding, "replace"))) for encoding in LOCAL}
    likeliest = max(LOCAL, key=lambda encoding: found[encoding])
    if found[likeliest]:
        return likeliest
    guess = from_bytes(lines, cp_isolation=LOCAL).best()
    return guess.encoding if guess else "cp1252"


def read_text(data: bytes) -> Iterator[list[str]]:
    """The rows of the file, of differing length. Raises Unusable beyond a limit."""
    text = decode(data)
    csv.field_size_limit(4 * LONGEST_CELL)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator_of(text))
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except csv.Error:
            raise too_long_cell(number) from None
        if cells is None:
            return
        yield _checked(cells, number)


def _checked(cells: list[str], number: int) -> list[str]:
    if len(cells) > MOST_COLUMNS:
        filled = max((at for at, cell in enumerate(cells, 1) if cell), default=0)
        if filled > MOST_COLUMNS:
            raise too_many_columns(filled)
    if number > MOST_ROWS + LOOKED_AT:
        raise too_many_rows()
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise too_long_cell(number)
    return cells


def separator_of(text: str) -> str:
    """The separator by which a row has the most known headings; else the one that cuts the rows most evenly."""
    if text[:4].lower() == "sep=" and len(text) > 4:
        return text[4]
    beginning = text[:SAMPLE]
    return max(SEPARATORS, key=lambda separator: _fit(beginning, separator))


def _fit(text: str, separator: str) -> tuple[int, float, int]:
    """(known headings in one row, part of the rows that have the most usual number of cells, that number)."""
    rows: list[list[str]] = []
    try:
        rows += islice(csv.reader(StringIO(text, newline=""), delimiter=separator), LOOKED_AT)
    except csv.Error:
        return 0, 0.0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0.0, 0
    known = max(sum(map(is_known, row)) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return known if known > 1 else 0, count / len(rows), width
