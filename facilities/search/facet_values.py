"""All values of one facet under a search, and those among them that somebody looks for."""

from dataclasses import dataclass

from facilities.catalogue.names import fold
from facilities.search.asking import ask
from facilities.search.index import index
from facilities.search.labels import FACET_LABELS, labels_of
from facilities.search.query import SearchQuery
from facilities.search.results import Facet, FacetValue

MOST_COUNTED = 20_000
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Values:
    """The values found, the most frequent first but for the chosen ones, and how many more there are."""

    facet: Facet
    more: int


def facet_values(query: SearchQuery, name: str, typed: str = "") -> Values:
    """The values of the facet `name` whose label has a word that begins with each word of `typed`; chosen ones always.
    Counts are those of the results page: how many of the search's results have the value, whatever of the facet is
    chosen. Where few results fit, the search for a value may add others that nearly fit it."""
    counted = _counted(query, name) if index().exists() else []
    labels = labels_of(name, [value for value, _count in counted])
    values = [FacetValue(value, labels.get(value, value), count, query.has(name, value)) for value, count in counted]
    matching = [value for value in values if value.selected or _matches(value.label, typed)]
    matching.sort(key=lambda value: not value.selected)
    return Values(Facet(name, FACET_LABELS[name], matching[:MOST_SHOWN]), max(len(matching) - MOST_SHOWN, 0))


def _counted(query: SearchQuery, name: str) -> list[tuple[str, int]]:
    """Every value of the facet with its count, as the results page counts."""
    found = ask(query, limit=0, offset=0, facets=(name,), facet_limit=MOST_COUNTED, snippets=False).found
    return found.facets.get(name, [])


def _matches(label: str, typed: str) -> bool:
    words = fold(label).split()
    return all(any(word.startswith(start) for word in words) for start in fold(typed).split())
