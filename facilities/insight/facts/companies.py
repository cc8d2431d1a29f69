"""Rows made of what single organisations state: what is withheld comes without a value."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from facilities.catalogue.models import Organisation
from facilities.catalogue.models.terms import Phase
from facilities.db import db
from facilities.insight.facts.figure import Counted, Question, Row, Text
from facilities.insight.facts.frozen import ALL
from facilities.insight.facts.suppression import LEAST, Why

SIZE_LABELS = {
    "micro": _("Micro (fewer than 10)"), "small": _("Small (10 to 49)"),
    "medium": _("Medium (50 to 249)"), "large": _("Large (250 or more)"),
}  # fmt: skip
MOST_SOURCES = 5
MOST_INDICATIONS = 15
TABLE = Organisation.__table__.c


def by_size(asked: Question) -> Counted:
    amounts = _amounts(asked, "size")
    rows, total = _rows(amounts, SIZE_LABELS, SIZE_LABELS.get), amounts.get(ALL, 0)
    return Counted(rows, total, asked.organisations, total, why=_why(asked, "size"))


def employees(asked: Question) -> Counted:
    return _stated(asked, "employees", TABLE.employees_source)


def turnover(asked: Question) -> Counted:
    """Drawn where all of it is in one currency."""
    counted = _stated(asked, "turnover", TABLE.turnover_source)
    return replace(counted, comparable=len({_by_year(row.key)[0] for row in counted.rows}) == 1)


def pipeline(asked: Question) -> Counted:
    amounts = _amounts(asked, "pipeline")
    labels: dict[str, Text] = {phase.value: phase.label for phase in Phase}
    stating = len(asked.protected.stating("pipeline", asked.scope.key))
    rows, why = _rows(amounts, labels, labels.get), _why(asked, "pipeline")
    return Counted(rows, stating, asked.organisations, amounts.get(ALL), why=why)


def indications(asked: Question) -> Counted:
    """Those of most projects; where it is withheld how many, they come last."""
    amounts = _amounts(asked, "indications")
    keys = sorted((key for key in amounts if key not in ("", ALL)), key=lambda key: (-(amounts[key] or 0), key))
    rows = _rows(amounts, [key for key in keys if amounts[key]][:MOST_INDICATIONS], str.capitalize)
    stating = len(asked.protected.stating("indications", asked.scope.key))
    why = _why(asked, "indications")
    return Counted(rows, stating, asked.organisations, why="" if why == Why.FEW.value else why)


def enquiries(asked: Question) -> Counted:
    amounts = _amounts(asked, "enquiries")
    years = sorted(key for key in amounts if key != ALL)
    return Counted(_rows(amounts, years, str), total=amounts.get(ALL), why=_why(asked, "enquiries"))


def answers(asked: Question) -> Counted:
    """How many working days the first answer usually takes; of the site and of networks."""
    if asked.scope.hub:
        return Counted([])
    amounts = _amounts(asked, "answers")
    return Counted(_rows(amounts, ["usual"], lambda _key: _("First answer")), why=_why(asked, "answers"))


def _stated(asked: Question, figure: str, source: sa.ColumnElement[str]) -> Counted:
    """Sums by year, the oldest first; an empty year is one that was not said."""
    amounts = _amounts(asked, figure)
    keys = sorted((key for key in amounts if key != ALL), key=_by_year)
    rows = _rows(amounts, keys, _year_label)
    stating = len(asked.protected.stating(figure, asked.scope.key))
    sources = _sources(asked, source) if rows else ()
    return Counted(rows, stating, asked.organisations, amounts.get(ALL), sources, _why(asked, figure))


def _year_label(key: str) -> Text:
    if key[:1].isdigit():
        return key
    return _("%(currency)s, year not said", currency=key) if key else _("Year not said")


def _by_year(key: str) -> tuple[str, str]:
    """Keys are "2024", "2024 SEK", "SEK" or ""."""
    year = key[:4] if key[:1].isdigit() else ""
    return key.removeprefix(year).strip(), year


def _amounts(asked: Question, figure: str) -> dict[str, int | None]:
    return asked.protected.amounts(figure, asked.scope.key)


def _why(asked: Question, figure: str) -> str:
    return asked.protected.why(figure, asked.scope.key)


def _rows(amounts: dict[str, int | None], keys: Iterable[str], label: Callable[[str], Text | None]) -> list[Row]:
    return [Row(key, label(key) or key, amounts[key]) for key in keys if key in amounts]


def _sources(asked: Question, source: sa.ColumnElement[str]) -> list[str]:
    """The names of the sources of most organisations. One that fewer than LEAST state, such as the report of a single
    company, would say that this company is among those counted."""
    many = sa.func.count()
    query = sa.select(source).where(source != "", TABLE.id.in_(asked.scope.organisations()))
    common = query.group_by(source).having(many >= LEAST)
    return list(db.session.scalars(common.order_by(many.desc(), source).limit(MOST_SOURCES)))
