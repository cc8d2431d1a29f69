"""How large a spreadsheet may be, and what is said to one that is larger."""

from flask_babel import gettext as _

from facilities.exchange.problems import Unreadable

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_ROWS = 50_000
MOST_COLUMNS = 300
LONGEST_CELL = 32_767
"""Characters in one cell: what Excel itself allows."""

MOST_PARTS = 2_000
"""Files inside a workbook; ordinary ones have some dozens, with many pictures some hundreds."""

MOST_UNPACKED = 60 * MEGABYTE
"""Of the parts of a workbook that are read. 50,000 rows of 30 columns take about 50 MB."""

MOST_PACKED = 200
"""How many times larger than packed a part may be. XML of spreadsheets packs 5 to 40 times, bombs 1,000 times."""


class Unusable(Unreadable):
    """A spreadsheet that is refused; the message, in the reader's language, says why and what to do."""


def too_large() -> Unusable:
    return Unusable(_("The file is larger than %(most)d MB: split it into several files.", most=MOST_BYTES // MEGABYTE))


def too_many_rows() -> Unusable:
    return Unusable(_("The file has more than %(most)s rows: split it into several files.", most=f"{MOST_ROWS:,}"))


def too_many_columns(columns: int) -> Unusable:
    return Unusable(
        _(
            "The file has %(columns)s columns; at most %(most)d are read. Remove those that are not needed.",
            columns=f"{columns:,}",
            most=MOST_COLUMNS,
        )
    )


def too_long_cell(row: int) -> Unusable:
    return Unusable(
        _(
            "Row %(row)s has a cell with more than %(most)s characters. Shorten it, or check that every quotation mark"
            " is closed.",
            row=f"{row:,}",
            most=f"{LONGEST_CELL:,}",
        )
    )
