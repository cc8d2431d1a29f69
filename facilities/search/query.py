"""What the visitor asked: cleaned once, written back as an address, handed to the index."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

import search_index
from facilities.catalogue.confirmation import overdue_before
from facilities.search.index import index
from facilities.search.near import WIDEST, Spot, box_text, read_box, spot
from facilities.search.ranges import EVERYTHING, Range, read_range
from facilities.search.understanding import Understood, understand
from search_index import Box, Near, Sort, normalise

PER_PAGE = 20
MOST_PER_PAGE = 100
LONGEST_TEXT = 300
MOST_VALUES = 20
MOST_PAGES = 500
LONGEST_VALUE = 120
SORTS: tuple[Sort, ...] = ("relevance", "distance", "name", "updated")
VIEWS = ("list", "map")
RANGES = {"price": (1, 4), "lead": (0, 3650), "area": (0, 999_999)}
"""Least and most of what is searched by ranges: price level, lead time in days, area of premises in m²."""

NUMBERS = {"price": "price_level", "lead": "lead_time_days", "area": "area_m2"}
"""What the index calls them."""

Choice = TypeVar("Choice", bound=str)


class BadParameter(ValueError):
    """A parameter of a search that cannot be understood. `name` is the parameter, the message says what to write."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class SearchQuery:
    """A search as the visitor meant it. Immutable: a changed search is a new one with an address of its own.

    `base` is the page it belongs to: that of the site, or of a network's part of it, where `fixed` are the filters
    (facet, value) that the page stands for and its address does not repeat.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = PER_PAGE
    near: str = ""
    radius: int | None = None
    within: Box | None = None
    price: Range = EVERYTHING
    lead: Range = EVERYTHING
    area: Range = EVERYTHING
    view: str = "list"
    literal: tuple[str, ...] = ()
    base: str = "/search"
    fixed: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @classmethod
    def from_args(cls, args: MultiDict[str, str], dropped: tuple[tuple[str, str], ...] = ()) -> "SearchQuery":
        """Read a request's arguments; what is not understood is dropped or capped, so a visitor always gets a page.
        `dropped` names it and what was typed."""
        try:
            return replace(cls.strict(args), dropped=dropped)
        except BadParameter as bad:
            kept = MultiDict([(name, value) for name, value in args.items(multi=True) if name != bad.name])
            return cls.from_args(kept, (*dropped, (bad.name, _clean(args.get(bad.name, ""))[:LONGEST_VALUE])))

    @classmethod
    def strict(cls, args: MultiDict[str, str]) -> "SearchQuery":
        """Read a program's arguments. Raises BadParameter for a value that cannot be understood."""
        sort = _one_of(args, "sort", SORTS)
        near = _place(args)
        if sort == "distance" and not (near or args.get("q")):
            raise BadParameter("sort", "To sort by distance, name a place with near.")
        return cls(
            text=_clean(args.get("q", ""))[:LONGEST_TEXT],
            filters=_filters(args),
            sort=sort,
            page=_number(args, "page", 1, MOST_PAGES),
            per_page=_number(args, "per_page", PER_PAGE, MOST_PER_PAGE),
            near=near,
            radius=_number(args, "radius", 0, WIDEST) or None,
            within=_box(args),
            price=_range(args, "price"),
            lead=_range(args, "lead"),
            area=_range(args, "area"),
            view=_one_of(args, "view", VIEWS),
            literal=_values(args, "literal", LONGEST_TEXT),
        )

    @cached_property
    def spot(self) -> Spot | None:
        """The point of `near`."""
        return spot(self.near) if self.near else None

    @cached_property
    def understood(self) -> Understood:
        """What the text means; words in `literal` are taken as typed."""
        return understand(self.text, self.literal, stands=_stands)

    @property
    def point(self) -> Near | None:
        """Where to be near to: the place chosen, else the one the text names."""
        if self.spot:
            return Near(self.spot.lat, self.spot.lng, self.radius)
        named = self.understood.near
        return replace(named, radius_km=self.radius) if named else None

    def for_index(self) -> search_index.Query:
        understood = self.understood
        return search_index.Query(
            text=understood.text,
            filters={**understood.filters, **{name: values for name, values in self.filters.items() if values}}
            | {facet: (value,) for facet, value in self.fixed},
            meanings=understood.meanings,
            prefer=understood.prefer,
            sort=self.sort,
            offset=(self.page - 1) * self.per_page,
            limit=self.per_page,
            confirmed_since=overdue_before().timestamp(),
            near=self.point,
            within=self.within,
            ranges=self.numbers(understood.ranges),
        )

    @cached_property
    def args(self) -> list[tuple[str, str]]:
        """The arguments that say this search and nothing more, in a stable order."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name in search_index.FACETS for value in self.filters.get(name, ())]
        pairs += [("near", self.near)] if self.near else []
        pairs += [("radius", str(self.radius))] if self.radius else []
        pairs += [("bbox", box_text(self.within))] if self.within else []
        pairs += [(name, str(each)) for name, each in self.ranges() if each]
        pairs += [("sort", self.sort)] if self.sort != "relevance" else []
        pairs += [("literal", words) for words in self.literal]
        pairs += [("view", self.view)] if self.view != "list" else []
        pairs += [("per_page", str(self.per_page))] if self.per_page != PER_PAGE else []
        return pairs + ([("page", str(self.page))] if self.page > 1 else [])

    @property
    def url(self) -> str:
        return self.base + ("?" + urlencode(self.args) if self.args else "")

    def has(self, facet: str, value: str) -> bool:
        return value in self.filters.get(facet, ())

    def without(self, facet: str, value: str) -> "SearchQuery":
        kept = tuple(each for each in self.filters.get(facet, ()) if each != value)
        return replace(self, filters={**self.filters, facet: kept}, page=1)

    def without_filters(self) -> "SearchQuery":
        sort = "relevance" if self.sort == "distance" else self.sort
        return SearchQuery(
            self.text,
            sort=sort,
            per_page=self.per_page,
            view=self.view,
            literal=self.literal,
            base=self.base,
            fixed=self.fixed,
        )

    def changed(self, **changes: Any) -> "SearchQuery":
        """The first page of the same search with other values of some fields."""
        return replace(self, page=1, **changes)

    def ranges(self) -> list[tuple[str, Range]]:
        """The ranges by their parameters."""
        return [("price", self.price), ("lead", self.lead), ("area", self.area)]

    def numbers(self, implied: Mapping[str, Range]) -> dict[str, tuple[float | None, float | None]]:
        """The ranges as the index is asked for them; those `implied` by words unless the visitor chose others."""
        wanted = {**implied, **{name: each for name, each in self.ranges() if each}}
        return {NUMBERS[name]: (each.low, each.high) for name, each in wanted.items()}

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the text narrows the search."""
        return any(self.filters.values()) or any(
            (self.near, self.radius, self.within, self.price, self.lead, self.area)
        )

    def sorted_by(self, sort: Sort) -> "SearchQuery":
        return replace(self, sort=sort, page=1)

    def on_page(self, page: int) -> "SearchQuery":
        return replace(self, page=page)

    def saying(self, text: str) -> "SearchQuery":
        return replace(self, text=text, page=1)

    def taking(self, *words: str) -> "SearchQuery":
        """The same search with these words of it taken as typed."""
        return replace(self, literal=tuple(dict.fromkeys((*self.literal, *words)))[-MOST_VALUES:], page=1)

    def leaving_out(self, words: str) -> "SearchQuery":
        """The same search without these words, where they stand first; not by distance if they named the place."""
        text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", " ", normalise(self.text), count=1)
        less = self.saying(" ".join(text.split()))
        return less if less.sort != "distance" or less.point else less.sorted_by("relevance")

    @property
    def is_literal(self) -> bool:
        """Whether the whole text is to be taken as typed, misspelt or not."""
        return self.text in self.literal

    def active_filters(self) -> Iterator[tuple[str, str]]:
        for name in search_index.FACETS:
            for value in self.filters.get(name, ()):
                yield name, value


def _clean(text: str) -> str:
    """Without control characters, blanks folded."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _stands(text: str) -> bool:
    """Whether a text stands, word for word, in a listing."""
    quoted = search_index.Query('"{}"'.format(text.replace('"', " ")), limit=0, facets=(), snippets=False)
    return index().exists() and index().search(quoted).total > 0


def _values(args: MultiDict[str, str], name: str, longest: int) -> tuple[str, ...]:
    """All values of a parameter, each once, as many of their characters."""
    values = (_clean(value)[:longest] for value in args.getlist(name))
    return tuple(dict.fromkeys(filter(None, values)))[:MOST_VALUES]


def _filters(args: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    """Known filters only, each value once, at most MOST_VALUES of a facet."""
    found = {name: [_clean(value)[:120] for value in args.getlist(name)] for name in search_index.FACETS}
    return {
        name: tuple(dict.fromkeys(filter(None, values)))[:MOST_VALUES] for name, values in found.items() if any(values)
    }


def _one_of(args: MultiDict[str, str], name: str, values: tuple[Choice, ...]) -> Choice:
    """One of the values, the first of them if there is none."""
    typed = args.get(name) or values[0]
    for value in values:
        if value == typed:
            return value
    raise BadParameter(name, f"Use one of {', '.join(values)}.")


def _place(args: MultiDict[str, str]) -> str:
    near = _clean(args.get("near", ""))[:LONGEST_VALUE]
    if near and spot(near) is None:
        raise BadParameter("near", "Name a town, or write latitude,longitude in degrees.")
    return near


def _box(args: MultiDict[str, str]) -> Box | None:
    text = args.get("bbox", "")
    try:
        return read_box(text) if text else None
    except ValueError as bad:
        raise BadParameter("bbox", "Write west,south,east,north in degrees.") from bad


def _range(args: MultiDict[str, str], name: str) -> Range:
    least, most = RANGES[name]
    try:
        return read_range(args.getlist(name), least, most)
    except ValueError as bad:
        raise BadParameter(name, f"Write a range of whole numbers from {least} to {most}: 1-3, -3 or 1-.") from bad


def _number(args: MultiDict[str, str], name: str, default: int, most: int) -> int:
    text = args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise BadParameter(name, f"Write a whole number from 1 to {most}.")
    return int(text)
