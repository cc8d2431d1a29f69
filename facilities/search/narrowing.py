"""What narrows a search besides its facets, in words: places and ranges as chips, and what could not be understood."""

from collections.abc import Iterator

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from facilities.search.labels import labels_of
from facilities.search.query import SearchQuery
from facilities.search.ranges import EVERYTHING, Range

LABELS = {
    "near": lazy_gettext("Place"),
    "price": lazy_gettext("Price level"),
    "lead": lazy_gettext("Lead time"),
}


def narrowed_by(query: SearchQuery) -> Iterator[tuple[LazyString, str, SearchQuery]]:
    """(what kind of choice, what was chosen, the search without it)."""
    if query.near:
        yield LABELS["near"], _nearness(query), without_place(query)
    elif query.radius:
        yield LABELS["near"], _("Within %(distance)s km", distance=query.radius), query.changed(radius=None)
    if query.within:
        yield LABELS["near"], _("Area of the map"), query.changed(within=None)
    if query.price:
        yield LABELS["price"], _price(query.price), query.changed(price=EVERYTHING)
    if query.lead:
        yield LABELS["lead"], _lead_time(query.lead), query.changed(lead=EVERYTHING)


def in_words(query: SearchQuery) -> str:
    """The whole search in one line: "confocal" · Sweden · Near Uppsala."""
    said = [f"“{query.text}”"] if query.text else []
    for facet, values in query.filters.items():
        labels = labels_of(facet, list(values))
        said.append(", ".join(labels.get(value, value) for value in values))
    said += [label for _group, label, _less in narrowed_by(query)]
    return " · ".join(filter(None, said)) or _("All listings")


def without_place(query: SearchQuery) -> SearchQuery:
    """The search from nowhere in particular."""
    sort = "relevance" if query.sort == "distance" else query.sort
    return query.changed(near="", radius=None, sort=sort)


def notes(query: SearchQuery) -> list[str]:
    """What a visitor is told about values that could not be understood and were left out."""
    return [said for name, typed in query.dropped if (said := _note(name, typed))]


def _note(name: str, typed: str) -> str:
    match name:
        case "near":
            return _("“%(place)s” is not a town known here, so distance was left out.", place=typed)
        case "radius":
            return _("The distance was left out: write kilometres as a whole number.")
        case "bbox":
            return _("The area of the map could not be read and was left out.")
        case "price":
            return _("The price level was left out: it runs from 1 to 4, the lower one first.")
        case "lead":
            return _("The lead time was left out: write days as whole numbers, the smaller one first.")
    return ""


def _nearness(query: SearchQuery) -> str:
    place = query.spot.name if query.spot else query.near
    if query.radius:
        return _("Within %(distance)s km of %(place)s", distance=query.radius, place=place)
    return _("Near %(place)s", place=place)


def _price(price: Range) -> str:
    low, high = "€" * (price.low or 1), "€" * (price.high or 4)
    return low if low == high else f"{low}–{high}"


def _lead_time(lead: Range) -> str:
    if lead.low is None:
        return _("At most %(days)s working days", days=lead.high)
    if lead.high is None:
        return _("At least %(days)s working days", days=lead.low)
    return _("%(low)s–%(high)s working days", low=lead.low, high=lead.high)
