"""What a figure is: a title, a definition and rows that are counted for a scope."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from facilities.catalogue.models.terms import Kind, Word
from facilities.insight.facts.protected import Protected
from facilities.insight.facts.scopes import Scope

Text: TypeAlias = LazyString | Mapping[str, Any] | str
"""Words of the interface, {language: text}, or what is the same in every language."""


class Group(Word):
    """The parts of the page."""

    ACTORS = "actors", _("Who they are")
    MEMBERS = "members", _("Members")
    COMPANIES = "companies", _("Employees and turnover")
    TOOLS = "tools", _("Instruments and services")
    OFFERS = "offers", _("Projects and offers")
    USE = "use", _("Enquiries")


class Chart(Word):
    """How a figure is drawn: bars that lie for words, columns for years, shares of a hundred, or not at all."""

    BARS = "bars", _("Bars")
    COLUMNS = "columns", _("Columns")
    SHARES = "shares", _("Shares")
    NONE = "none", _("No chart")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `value` is None where it is withheld; `of` is what it is a part of; `search` are the (facet, value)s
    that find what was counted."""

    key: str
    label: Text
    value: int | None
    of: int | None = None
    search: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted. `known` of `of` say anything about it; `total` is the sum where one is said; `sources` are the
    names of where the figures come from; `why` is the `Why` of what is withheld; only rows that are `comparable` are
    drawn on one scale."""

    rows: Sequence[Row]
    known: int | None = None
    of: int | None = None
    total: int | None = None
    sources: Sequence[str] = ()
    why: str = ""
    comparable: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure is counted for: a scope on a day, with the numbers that may have to be withheld."""

    scope: Scope
    today: date
    protected: Protected
    kinds: Mapping[Kind, int]
    """How many listings of each kind the scope has."""

    @property
    def organisations(self) -> int:
        return self.kinds[Kind.ORGANISATION]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. Where `protected`, its numbers are withheld as `suppression` says, and there is none of a place."""

    name: str
    group: Group
    title: LazyString
    definition: LazyString
    unit: LazyString
    count: Callable[[Question], Counted]
    chart: Chart = Chart.BARS
    protected: bool = False
    labels: LazyString = field(default_factory=lambda: _("What"))
    """The heading of the first column."""
