"""What the pages about roles can be narrowed by: the values there are, as the fields of a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import LazyString

from facilities.search.index import index
from facilities.search.labels import FACET_LABELS, labels_of
from facilities.search.query import SearchQuery

MOST = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose one value of a facet from, by what each is called; `chosen` is "" for any."""

    name: str
    label: LazyString
    options: list[tuple[str, str]]
    chosen: str


def choices(query: SearchQuery, facets: Sequence[str], among: Mapping[str, tuple[str, ...]]) -> list[Choice]:
    """Fields for those of the facets that have values `among` all listings with these filters, and that the page does
    not stand for itself; of hubs in a network's part its own only."""
    fixed = dict(query.fixed)
    wanted = tuple(facet for facet in facets if facet not in fixed)
    everything = replace(SearchQuery(fixed=query.fixed), filters=among).for_index()
    found = index().search(replace(everything, limit=0, facets=wanted, facet_limit=MOST, snippets=False))
    values = {facet: [value for value, _count in found.facets.get(facet, ())] for facet in wanted}
    if network := fixed.get("network"):
        values["hub"] = [hub for hub in values.get("hub", ()) if hub.startswith(f"{network}/")]
    fields = [_choice(query, facet, values[facet]) for facet in wanted]
    return [field for field in fields if field.options]


def _choice(query: SearchQuery, facet: str, values: list[str]) -> Choice:
    chosen = next(iter(query.filters.get(facet, ())), "")
    labels = labels_of(facet, [*values, *([chosen] if chosen and chosen not in values else [])])
    options = sorted(((value, labels.get(value, value)) for value in labels), key=lambda each: each[1].casefold())
    return Choice(facet, FACET_LABELS[facet], options, chosen)
