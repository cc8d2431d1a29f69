"""One search: match, filter, count, put in order, and mark the found words of the page that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.facets import most_frequent
from search_index.matching import Mask, Matches, Scores, match
from search_index.queries import Query, Result, Sort
from search_index.snapshot import Snapshot
from search_index.snippets import snippets
from search_index.spelling import corrections
from search_index.syntax import parse
from search_index.weights import OVERDUE

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query found: all that match its text, what each filter lets through, and the numbers left by both."""

    mask: Mask
    filters: Mapping[str, Mask]
    numbers: Numbers


def search(snapshot: Snapshot, query: Query) -> Result:
    """Answer a query from a snapshot."""
    if not snapshot.segments:
        return Result(facets={facet: _selected_only(query, facet) for facet in query.facets})
    matches = _matches(snapshot, query.text)
    hits = _hits(snapshot, matches.mask, query)
    scores = _weighed(snapshot, matches.scores, query.confirmed_since)
    page = _page(snapshot, hits.numbers, scores, query)
    return Result(
        ids=snapshot.ids[page].tolist(),
        scores=scores[page].tolist(),
        total=len(hits.numbers),
        facets={facet: _count(snapshot, query, facet, hits) for facet in query.facets},
        snippets=snippets(snapshot, page, matches.places()),
        corrected=None if len(hits.numbers) else _corrected(snapshot, query),
        generation=snapshot.place.generation,
    )


def _hits(snapshot: Snapshot, mask: Mask, query: Query) -> Hits:
    filters = _filter_masks(snapshot, query.filters)
    return Hits(mask, filters, np.flatnonzero(_all_of(mask, filters)))


def _weighed(snapshot: Snapshot, scores: Scores, confirmed_since: float) -> Scores:
    """The scores with what each document is worth apart from the text."""
    weighed: Scores = scores * snapshot.boost
    if confirmed_since:
        weighed[snapshot.confirmed_at < confirmed_since] *= OVERDUE
    return weighed


def _matches(snapshot: Snapshot, text: str) -> Matches:
    if not text.strip():
        return Matches(snapshot.live, np.ones(snapshot.size, np.float32))
    parsed = parse(text)
    if parsed.is_empty():
        return Matches(np.zeros(snapshot.size, np.bool_), np.zeros(snapshot.size, np.float32))
    return match(snapshot, parsed, text)


def _filter_masks(snapshot: Snapshot, filters: Mapping[str, tuple[str, ...]]) -> dict[str, Mask]:
    """For each facet that is filtered, the documents that have any of the chosen values."""
    masks = {}
    for facet, chosen in filters.items():
        if chosen and facet in snapshot.facets:
            numbers = snapshot.facet_values[facet].numbers
            known = [numbers[value] for value in chosen if value in numbers]
            masks[facet] = snapshot.facets[facet].having(known)
    return masks


def _all_of(mask: Mask, filters: Mapping[str, Mask], without: str = "") -> Mask:
    for facet, filtered in filters.items():
        if facet != without:
            mask = mask & filtered
    return mask


def _count(snapshot: Snapshot, query: Query, facet: str, hits: Hits) -> list[tuple[str, int]]:
    """The counts of one facet among the hits, as if it were not filtered itself."""
    if facet not in snapshot.facets:
        return []
    unfiltered = facet not in hits.filters
    counted = hits.numbers if unfiltered else np.flatnonzero(_all_of(hits.mask, hits.filters, facet))
    numbers = snapshot.facets[facet].of(counted)
    return most_frequent(numbers, snapshot.facet_values[facet], query.facet_limit, query.filters.get(facet, ()))


def _selected_only(query: Query, facet: str) -> list[tuple[str, int]]:
    return [(value, 0) for value in query.filters.get(facet, ())]


def _page(snapshot: Snapshot, hits: Numbers, scores: Scores, query: Query) -> Numbers:
    """The hits that the page shows, in order; equal ones in the order of their names or ids."""
    start = max(query.offset, 0)
    end = start + max(query.limit, 0)
    key = _sort_key(snapshot, hits, scores, query.sort)
    near = _first(key, end)
    ties = snapshot.ids[hits[near]] if query.text.strip() else snapshot.name_ranks[hits[near]]
    return hits[near[np.lexsort((ties, key[near]))][start:end]]


def _sort_key(snapshot: Snapshot, hits: Numbers, scores: Scores, sort: Sort) -> NDArray[np.number]:
    """What the hits are sorted by, the smallest first."""
    if sort == "name":
        return snapshot.name_ranks[hits]
    if sort == "updated":
        return -snapshot.updated_at[hits]
    return -scores[hits]


def _first(key: NDArray[np.number], count: int) -> Numbers:
    """Which entries are among the `count` smallest, with all that equal the last of them."""
    if not 0 < count < len(key):
        return np.arange(len(key) if count else 0)
    return np.flatnonzero(key <= np.partition(key, count - 1)[count - 1])


def _corrected(snapshot: Snapshot, query: Query) -> str | None:
    """The first correction of the text that finds something under the same filters."""
    filters = _filter_masks(snapshot, query.filters)
    for text in corrections(snapshot, query.text):
        if _all_of(_matches(snapshot, text).mask, filters).any():
            return text
    return None
