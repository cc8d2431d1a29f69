"""A page of results as the templates print it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from facilities.catalogue.models import Listing
from facilities.catalogue.queries import published_by_ids
from facilities.search.asking import Answer, ask
from facilities.search.explaining import merged
from facilities.search.index import index
from facilities.search.labels import FACET_LABELS, labels_of
from facilities.search.links import in_view, other_forms
from facilities.search.narrowing import narrowed_by, notes, unknown_town
from facilities.search.near import RADII
from facilities.search.queries import names_like
from facilities.search.query import MOST_PAGES, SORTS, VIEWS, SearchQuery
from facilities.search.telling import as_typed, meant, outcome, said_by_words
from search_index import FACETS, Part, Result

SORT_LABELS = {
    "relevance": lazy_gettext("Relevance"),
    "distance": lazy_gettext("Distance"),
    "name": lazy_gettext("Name"),
    "updated": lazy_gettext("Recently updated"),
}
VIEW_LABELS = {"list": lazy_gettext("List"), "map": lazy_gettext("Map")}


@dataclass(frozen=True, slots=True)
class Card:
    """One found listing with the passage that shows why, what of the query it lacks, and how many km away it is."""

    listing: Listing
    snippet: list[tuple[str, bool]]
    score: float
    missing: list[str]
    distance: float | None = None
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool

    @property
    def key(self) -> str:
        """The value as a part of an HTML id."""
        return self.value.replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: LazyString
    values: list[FacetValue]

    @property
    def chosen(self) -> list[FacetValue]:
        return [value for value in self.values if value.selected]

    @property
    def chosen_first(self) -> list[FacetValue]:
        """All values, those that filter the search before the others."""
        return self.chosen + [value for value in self.values if not value.selected]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address of the search without it."""

    facet_label: LazyString
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Another spelling, and the address of its results; `instead` is that of the text as it was typed."""

    text: str
    url: str
    instead: str


@dataclass(frozen=True, slots=True)
class Sort:
    value: str
    label: LazyString
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages around this one; `numbers` are (number, url), (None, "") standing for a gap."""

    page: int
    pages: int
    previous_url: str | None
    next_url: str | None
    numbers: list[tuple[int | None, str]]


@dataclass(frozen=True)
class Results:
    query: SearchQuery
    total: int
    cards: list[Card]
    facets: list[Facet]
    corrected: Correction | None = None
    notice: str | None = None
    answer: Answer | None = None

    def page(self) -> dict[str, Any]:
        """What the results template prints."""
        return {
            "query": self.query,
            "total": self.total,
            "cards": self.cards,
            "facets": self.facets,
            "chips": self.chips,
            "pages": _pages(self.query, self.page_count),
            "sorts": self.sorts,
            "corrected": self.corrected,
            "clear_url": self.query.without_filters().url,
            "notice": self.notice,
            "notes": notes(self.query),
            "unknown_town": unknown_town(self.query),
            "outcome": outcome(self.answer),
            "said_by_words": said_by_words(self.answer),
            "meant": meant(self.answer.query) if self.answer else [],
            "typed_url": as_typed(self.answer.query) if self.answer else "",
            "views": self.views,
            "radii": RADII,
            **other_forms(self.answered),
        }

    @property
    def answered(self) -> SearchQuery:
        """The search whose results these are: the corrected one where the spelling was corrected."""
        return self.answer.query if self.answer and self.answer.corrected else self.query

    @property
    def page_count(self) -> int:
        return min(ceil(self.total / self.query.per_page), MOST_PAGES)

    @property
    def sorts(self) -> list[Sort]:
        query = self.query
        offered = [s for s in SORTS if s != "distance" or query.point]
        return [Sort(s, SORT_LABELS[s], query.sorted_by(s).url, s == query.sort) for s in offered]

    @property
    def views(self) -> list[Sort]:
        """The list and the map of the same results."""
        shown = "map" if self.query.base.endswith("/map") else "list"
        return [Sort(v, VIEW_LABELS[v], in_view(self.query, v), v == shown) for v in VIEWS]

    @property
    def chips(self) -> list[Chip]:
        return [Chip(group, label, less.url) for group, label, less in self._narrowing()]

    @property
    def filters(self) -> list[tuple[str, SearchQuery]]:
        """What each active filter is called, and the search without it."""
        return [(label, less) for _group, label, less in self._narrowing()]

    def _narrowing(self) -> Iterator[tuple[LazyString, str, SearchQuery]]:
        labels = {(facet.name, value.value): value.label for facet in self.facets for value in facet.values}
        for name, value in self.query.active_filters():
            label = labels.get((name, value)) or labels_of(name, [value]).get(value, value)
            yield FACET_LABELS[name], label, self.query.without(name, value)
        yield from narrowed_by(self.query)


def find(query: SearchQuery, *, explain: bool = False, open_to: str = "") -> Results:
    """Run a search: ids from the index, rows from the database; database search while there is no index. To `explain`
    is to have cards know the parts of their scores. What is `open_to` a group of users counts a little more for them.

    Where the words as typed find nothing and their correction does, the results are those of the correction.
    """
    if not index().exists():
        return _find_without_index(query)
    answer = ask(query, explain=explain, open_to=open_to)
    found = answer.found
    correction = _correction(query, answer.query) if answer.corrected else None
    return Results(query, found.total, _cards(found), list(_facets(query, found)), correction, answer=answer)


def _correction(typed: SearchQuery, corrected: SearchQuery) -> Correction:
    return Correction(corrected.text, corrected.url, typed.taking(typed.text).url)


def _cards(found: Result) -> list[Card]:
    scores = dict(zip(found.ids, found.scores, strict=True))
    return [
        Card(
            listing,
            found.snippets.get(listing.id, []),
            scores[listing.id],
            found.missing.get(listing.id, []),
            found.distances.get(listing.id),
            merged(found.explained.get(listing.id, ())),
        )
        for listing in published_by_ids(found.ids)
    ]


def _find_without_index(query: SearchQuery) -> Results:
    ids, total = names_like(query.text, query.per_page, (query.page - 1) * query.per_page)
    cards = [Card(listing, [], 0.0, []) for listing in published_by_ids(ids)]
    notice = _(
        "The full-text index is being built. Until it is ready, only names are searched and filters do not work."
    )
    return Results(query, total, cards, [], notice=notice)


def _facets(query: SearchQuery, found: Result) -> Iterator[Facet]:
    fixed = dict(query.fixed)
    for name in FACETS:
        if name in fixed:
            continue
        counted = _of_network(found.facets.get(name, []), fixed) if name == "hub" else found.facets.get(name, [])
        labels = labels_of(name, [value for value, _count in counted])
        values = [
            FacetValue(value, labels.get(value, value), count, query.has(name, value)) for value, count in counted
        ]
        if values:
            yield Facet(name, FACET_LABELS[name], values)


def _of_network(hubs: list[tuple[str, int]], fixed: Mapping[str, str]) -> list[tuple[str, int]]:
    """In a network's part of the site its own hubs only, though its members may belong to those of others."""
    network = fixed.get("network")
    return [(hub, count) for hub, count in hubs if network is None or hub.startswith(f"{network}/")]


def _pages(query: SearchQuery, last: int) -> Pages:
    page = query.page
    return Pages(
        page=page,
        pages=last,
        previous_url=query.on_page(page - 1).url if page > 1 else None,
        next_url=query.on_page(page + 1).url if page < last else None,
        numbers=[(number, query.on_page(number).url if number else "") for number in _numbers(page, last)],
    )


def _numbers(page: int, last: int) -> Iterator[int | None]:
    """First, last and the two on each side of `page`; None for each gap."""
    shown = sorted({1, last, *range(page - 2, page + 3)} & set(range(1, last + 1)))
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            yield None
        yield number
