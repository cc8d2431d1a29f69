"""Facts as pages and files print them: in the visitor's language, with coverage said and what is withheld marked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from facilities.catalogue.models.vocabulary import label_in
from facilities.formats import number
from facilities.insight.facts.figure import Chart, Group
from facilities.insight.facts.report import Facts
from facilities.insight.facts.suppression import Why


@dataclass(frozen=True, slots=True)
class ShownRow:
    """`value` is None where it is withheld; `search` are the (facet, value)s that find what was counted. Beside one of
    an edition is today's: `now` and by how much that is more, None where either is withheld or missing."""

    key: str
    label: str
    value: int | None
    of: int | None
    text: str
    search: Sequence[Sequence[str]]
    now: str = ""
    more: int | None = None

    @property
    def drawn(self) -> int:
        """How long its bar is: the value, of a share the per cent."""
        return share(self.value, self.of) if self.of else self.value or 0


@dataclass(frozen=True, slots=True)
class ShownFigure:
    name: str
    group: str
    title: str
    definition: str
    unit: str
    labels: str
    chart: str
    rows: list[ShownRow]
    coverage: str
    total: str
    sources: str
    why: str = ""
    """The sentence that says why something is not shown."""

    def first(self, most: int) -> "ShownFigure":
        """The same with its first rows only."""
        return replace(self, rows=self.rows[:most])

    @property
    def has_shares(self) -> bool:
        return self.chart == Chart.SHARES or any(row.of is not None for row in self.rows)


def shown(facts: Facts, today: Facts | None = None) -> list[ShownFigure]:
    """All figures of the facts; beside those of an edition what is true `today`."""
    if today is None:
        return [_figure(figure, None) for figure in facts["figures"]]
    beside = {figure["name"]: _amounts(figure) for figure in today["figures"]}
    return [_figure(figure, beside.get(figure["name"]) or _none_of(figure)) for figure in facts["figures"]]


def shown_figure(facts: Facts, name: str) -> ShownFigure | None:
    """The one with that name, if the scope has it."""
    return next((_figure(figure, None) for figure in facts["figures"] if figure["name"] == name), None)


def by_group(figures: Sequence[ShownFigure]) -> Iterator[tuple[Group, list[ShownFigure]]]:
    """The parts of the page that have any figures."""
    for group in Group:
        inside = [figure for figure in figures if figure.group == group]
        if inside:
            yield group, inside


def day_of(facts: Facts) -> date:
    """The day on which they were counted."""
    return date.fromisoformat(facts["on"])


def amount(value: int | None, of: int | None = None) -> str:
    """A value as a word: a share in per cent, or that it is withheld."""
    if value is None:
        return _("not shown")
    return _("%(number)s%%", number=number(share(value, of))) if of else number(value)


def share(value: int | None, of: int | None) -> int:
    """In whole per cent, to the nearest."""
    return round(100 * (value or 0) / of) if of else 0


def _figure(figure: Mapping[str, Any], beside: Mapping[str, tuple[int | None, int | None]] | None) -> ShownFigure:
    title, definition, unit, labels = (label_in(figure[text]) for text in ("title", "definition", "unit", "labels"))
    return ShownFigure(
        figure["name"], figure["group"], title, definition, unit, labels, figure["chart"],
        [_row(row, beside) for row in figure["rows"]],
        _coverage(figure),
        "" if figure["total"] is None else number(figure["total"]),
        ", ".join(figure["sources"]),
        _why(figure),
    )  # fmt: skip


def _row(row: Mapping[str, Any], beside: Mapping[str, tuple[int | None, int | None]] | None) -> ShownRow:
    value, of = row["value"], row["of"]
    label = row["label"] if isinstance(row["label"], str) else label_in(row["label"])
    printed = ShownRow(row["key"], label, value, of, amount(value, of), row["search"])
    if beside is None:
        return printed
    now, now_of = beside.get(row["key"], (0, of))
    more = None if value is None or now is None else now - value
    if of and more is not None:
        more = share(now, now_of) - share(value, of)
    return ShownRow(row["key"], label, value, of, printed.text, row["search"], amount(now, now_of), more)


def _amounts(figure: Mapping[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    return {row["key"]: (row["value"], row["of"]) for row in figure["rows"]}


def _none_of(figure: Mapping[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    """What today's facts say of a figure that they lack: where numbers may have to be withheld, not that they are 0."""
    return {row["key"]: (None, row["of"]) for row in figure["rows"]} if figure["protected"] else {}


def _why(figure: Mapping[str, Any]) -> str:
    """The first editions were frozen without the reason."""
    lacks = any(row["value"] is None for row in figure["rows"])
    why = figure.get("why") or (Why.FEW.value if lacks else "")
    return next((str(each.label) for each in Why if each.value == why), "")


def _coverage(figure: Mapping[str, Any]) -> str:
    """How many say it."""
    known, of = figure["known"], figure["of"]
    if known is None or not of or known == of == figure["total"]:
        return ""
    if known == of:
        return _("Stated by all %(of)s.", of=number(of))
    return _("Stated by %(known)s of %(of)s.", known=number(known), of=number(of))
