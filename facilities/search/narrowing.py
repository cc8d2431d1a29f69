"""What narrows a search besides its facets, in words: places and ranges as chips, and what could not be understood."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from facilities.search.index import index
from facilities.search.labels import FACET_LABELS, labels_of
from facilities.search.near import nearest_towns
from facilities.search.query import SearchQuery
from facilities.search.ranges import EVERYTHING, range_in_words
from search_index import Query

LABELS = {
    "near": lazy_gettext("Place"),
    "price": lazy_gettext("Price level"),
    "lead": lazy_gettext("Lead time"),
    "area": lazy_gettext("Area of premises"),
}


LEFT_OUT = {
    "radius": lazy_gettext("The distance was left out: write kilometres as a whole number."),
    "bbox": lazy_gettext("The area of the map could not be read and was left out."),
    "price": lazy_gettext("The price level was left out: it runs from 1 to 4, the lower one first."),
    "lead": lazy_gettext("The lead time was left out: write days as whole numbers, the smaller one first."),
    "area": lazy_gettext("The area was left out: write square metres as whole numbers, the smaller one first."),
}
"""What is said of a value that could not be understood."""


class UnknownTown(NamedTuple):
    """A town that is not known; `nearest` are names that look like it, each with the search near it."""

    typed: str
    nearest: list[tuple[str, str]]


def narrowed_by(query: SearchQuery) -> Iterator[tuple[LazyString, str, SearchQuery]]:
    """(what kind of choice, what was chosen, the search without it)."""
    if query.near:
        yield LABELS["near"], _nearness(query), without_place(query)
    elif query.radius and query.point:
        yield LABELS["near"], _("Within %(distance)s km", distance=query.radius), query.changed(radius=None)
    if query.within:
        yield LABELS["near"], _("Area of the map"), query.changed(within=None)
    if query.price:
        yield LABELS["price"], range_in_words("price", query.price), query.changed(price=EVERYTHING)
    if query.lead:
        yield LABELS["lead"], range_in_words("lead", query.lead), query.changed(lead=EVERYTHING)
    if query.area:
        yield LABELS["area"], range_in_words("area", query.area), query.changed(area=EVERYTHING)


def in_words(query: SearchQuery) -> str:
    """The whole search in one line: "confocal" · Sweden · Near Uppsala."""
    said = [f"“{query.text}”"] if query.text else []
    said += [_values_in_words(facet, [value]) for facet, value in query.fixed]
    said += [_values_in_words(facet, values) for facet, values in query.filters.items() if values]
    said += [label for _group, label, _less in narrowed_by(query)]
    return " · ".join(filter(None, said)) or _("All listings")


def _values_in_words(facet: str, values: Sequence[str]) -> str:
    """The labels of those that the catalogue knows: an address may have anybody's words in the place of a value."""
    labels = labels_of(facet, list(values))
    known = [labels.get(value, value) for value in values if _is_known(facet, value, labels)]
    return ", ".join(known) or _("%(facet)s: not in the catalogue", facet=FACET_LABELS[facet])


def _is_known(facet: str, value: str, labels: Mapping[str, str]) -> bool:
    """Values that are written as they are read are known if some listing has them."""
    if facet != "city":
        return labels.get(value, value) != value
    having = Query(filters={facet: (value,)}, limit=0, facets=(), snippets=False)
    return index().exists() and index().search(having).total > 0


def without_place(query: SearchQuery) -> SearchQuery:
    """The search from nowhere in particular."""
    sort = "relevance" if query.sort == "distance" else query.sort
    return query.changed(near="", radius=None, sort=sort)


def notes(query: SearchQuery) -> list[str]:
    """What a visitor is told about values that could not be understood and were left out."""
    said = [said for name, typed in query.dropped if (said := _note(name, typed))]
    if query.radius and not query.point and "near" not in dict(query.dropped):
        said.append(_("The distance was left out: name the place that it is measured from."))
    return said


def unknown_town(query: SearchQuery) -> UnknownTown | None:
    """What was typed as a town and is none that is known, with those whose names are nearest to it."""
    typed = dict(query.dropped).get("near", "")
    if not typed:
        return None
    return UnknownTown(typed, [(name, query.changed(near=name).url) for name in nearest_towns(typed)])


def _note(name: str, typed: str) -> str:
    if name == "near":
        return _("“%(place)s” is not a town known here, so distance was left out. Check how it is spelt.", place=typed)
    return str(LEFT_OUT.get(name, ""))


def _nearness(query: SearchQuery) -> str:
    place = query.spot.said if query.spot else query.near
    if query.radius:
        return _("Within %(distance)s km of %(place)s", distance=query.radius, place=place)
    return _("Near %(place)s", place=place)
