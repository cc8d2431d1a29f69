"""Facts as CSV: a line for each row of each figure, with its date and coverage, in the visitor's language."""

from collections.abc import Iterable, Iterator

from facilities.exchange.tables.writing import as_csv
from facilities.insight.facts.report import Facts
from facilities.insight.facts.showing import ShownFigure, ShownRow

COLUMNS = (
    "Scope", "Date", "Figure", "Title", "Key", "Label", "Value", "Of", "Unit", "Withheld", "Stated by", "Stated of",
    "Definition", "Why withheld",
)  # fmt: skip
"""The same in every language, so that files of several visits fit together."""

WITHHELD = ShownRow("", "", None, None, "", ())
"""The line of a figure of which nothing is shown."""


def csv_of(facts: Facts, figures: Iterable[ShownFigure]) -> bytes:
    """The figures as one file."""
    return b"".join(as_csv([COLUMNS, *_lines(facts, figures)]))


def _lines(facts: Facts, figures: Iterable[ShownFigure]) -> Iterator[list[str]]:
    stated = {figure["name"]: (figure["known"], figure["of"]) for figure in facts["figures"]}
    for figure in figures:
        known, of = stated[figure.name]
        for row in figure.rows or [WITHHELD]:
            yield [
                facts["scope"], facts["on"], figure.name, figure.title, row.key, row.label, _cell(row.value),
                _cell(row.of), figure.unit, "yes" if row.value is None else "", _cell(known), _cell(of),
                figure.definition, figure.why if row.value is None else "",
            ]  # fmt: skip


def _cell(value: int | None) -> str:
    return "" if value is None else str(value)
