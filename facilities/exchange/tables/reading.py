"""A file as a table: what kind of file it really is, where its headings are, and its rows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from flask_babel import gettext as _

from facilities.exchange.tables import text, workbook
from facilities.exchange.tables.limits import MOST_BYTES, MOST_ROWS, Unusable, too_large, too_many_rows
from facilities.exchange.tables.synonyms import is_known

FIRST_ROWS = 30
SAMPLES = 200
FOREIGN = (
    (b"\xd0\xcf\x11\xe0", lambda: _("The file is an old or locked Excel file: save it as XLSX without a password.")),
    (b"%PDF", lambda: _("The file is a PDF document: export the table as CSV or XLSX instead.")),
    (b"{\\rtf", lambda: _("The file is a text document: export the table as CSV or XLSX instead.")),
    (b"\x89PNG", lambda: _("The file is a picture: choose a CSV, TSV or XLSX file.")),
    (b"\xff\xd8\xff", lambda: _("The file is a picture: choose a CSV, TSV or XLSX file.")),
    (b"GIF8", lambda: _("The file is a picture: choose a CSV, TSV or XLSX file.")),
    (b"\x1f\x8b", lambda: _("The file is packed: unpack it and choose the CSV, TSV or XLSX file inside.")),
    (b"7z\xbc\xaf", lambda: _("The file is packed: unpack it and choose the CSV, TSV or XLSX file inside.")),
    (b"Rar!", lambda: _("The file is packed: unpack it and choose the CSV, TSV or XLSX file inside.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as the spreadsheet program shows it, and {heading: text}."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """A readable file. `headings` are unique and never empty; `samples` are the first rows. `rows()` reads them all."""

    path: Path
    sheets: list[str]
    sheet: str
    headings: list[str] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    samples: list[Line] = field(default_factory=list)
    rows_total: int = 0
    first: int = 1
    places: list[tuple[int, str]] = field(default_factory=list)

    def rows(self) -> Iterator[Line]:
        """The rows below the headings that say anything. Raises Unusable beyond a limit."""
        for number, cells in enumerate(_cells(self.path, self.sheet), 1):
            if number < self.first:
                continue
            if said := self.said(cells):
                yield Line(number, said)

    def said(self, cells: list[str]) -> dict[str, str]:
        """{heading: text} of a row, without its empty cells."""
        return {name: said for at, name in self.places if at < len(cells) and (said := cells[at].strip())}


def open_table(path: Path, sheet: str = "") -> Table:
    """Recognise a file, find its headings and count its rows. Raises Unusable with what to do."""
    sheets = _sheets(path)
    sheet = sheet if sheet in sheets else sheets[0]
    cells = _cells(path, sheet)
    beginning = list(islice(cells, FIRST_ROWS))
    at = _heading_row(beginning)
    table = Table(path, sheets, sheet, first=at + 2)
    shape = _Shape()
    for number, row in enumerate(chain(beginning[at + 1 :], cells), table.first):
        shape.note(number, row)
    table.places = _named(_headings(beginning, at), shape.filled)
    table.headings = [name for _place, name in table.places]
    table.letters = {name: letter_of(place) for place, name in table.places}
    table.samples = [Line(number, table.said(row)) for number, row in shape.samples]
    table.rows_total = shape.rows
    if not table.rows_total:
        raise Unusable(_("There are no rows below the headings: write one listing in each row."))
    return table


@dataclass
class _Shape:
    """What one look at all rows tells: how many say anything, in which columns; and the first of them."""

    rows: int = 0
    filled: set[int] = field(default_factory=set)
    samples: list[tuple[int, list[str]]] = field(default_factory=list)

    def note(self, number: int, row: list[str]) -> None:
        places = [at for at, cell in enumerate(row) if cell and not cell.isspace()]
        if not places:
            return
        self.rows += 1
        self.filled.update(places)
        if len(self.samples) < SAMPLES:
            self.samples.append((number, row))
        if self.rows > MOST_ROWS:
            raise too_many_rows()


def _sheets(path: Path) -> list[str]:
    """The sheets of a workbook; one without a name for a text. Raises Unusable for anything else."""
    if path.stat().st_size > MOST_BYTES:
        raise too_large()
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        raise Unusable(_("The file is empty."))
    for mark, say in FOREIGN:
        if start.startswith(mark):
            raise Unusable(say())
    if start.lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise Unusable(_("The file is a web page or XML: save it as CSV or XLSX."))
    if start.startswith(b"PK"):
        return workbook.sheet_names(path.read_bytes()) or _no_sheet()
    return [""]


def _no_sheet() -> list[str]:
    raise Unusable(_("The workbook has no visible sheet."))


def _cells(path: Path, sheet: str) -> Iterator[list[str]]:
    data = path.read_bytes()
    return workbook.read_sheet(data, sheet) if data.startswith(b"PK") else text.read_text(data)


def _heading_row(rows: list[list[str]]) -> int:
    """The index of the row that holds the headings: the one with the most known headings, else the first that fills
    at least half of the width."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    if not any(filled):
        raise Unusable(_("The first rows of the file are empty: write the headings in the first row."))
    known = [sum(is_known(cell) for cell in row) for row in rows]
    if max(known) >= 2:
        return known.index(max(known))
    return next(at for at, count in enumerate(filled) if count * 2 >= max(filled))


def _headings(rows: list[list[str]], at: int) -> list[str]:
    """The heading of each column, with what stands above several of them at once."""
    headings = [" ".join(cell.split()) for cell in rows[at]]
    groups = _groups(rows[at - 1], headings) if at else [""] * len(headings)
    return [f"{group} {heading}".strip() for group, heading in zip(groups, headings, strict=True)]


def _named(headings: list[str], filled: set[int]) -> list[tuple[int, str]]:
    """(place, name) of each column: by its heading; numbered where it has that of another; by its letter where it has
    none but holds values."""
    headings = headings + [""] * (max(filled, default=-1) + 1 - len(headings))
    seen: Counter[str] = Counter()
    named = []
    for place, heading in enumerate(headings):
        if not heading and place not in filled:
            continue
        name = heading or _("Column %(letter)s", letter=letter_of(place))
        seen[name] += 1
        named.append((place, f"{name} ({seen[name]})" if seen[name] > 1 else name))
    return named


def _groups(above: list[str], headings: list[str]) -> list[str]:
    """What stands above several headings at once (“Contact” over “Name” and “Email”), for each heading."""
    said = [cell.strip() for cell in above[: len(headings)]] + [""] * (len(headings) - len(above))
    several = sum(map(bool, said)) >= 2 or (any(said[1:]) and len(set(headings)) < len(headings))
    if not several or all(said):
        return [""] * len(headings)
    groups, last = [], ""
    for group, heading in zip(said, headings, strict=True):
        last = group or (last if heading else "")
        groups.append(last if heading else "")
    return groups


def letter_of(place: int) -> str:
    """0 -> A, 27 -> AB."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def values_of(lines: Iterable[Line], heading: str) -> list[str]:
    """What a column says in these rows, empty cells left out."""
    return [line.cells[heading] for line in lines if heading in line.cells]
