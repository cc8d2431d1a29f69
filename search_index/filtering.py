"""Filtering: of all that answer a query's text, what its filters let through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.distances import inside, kilometres
from search_index.documents import NUMBERS
from search_index.queries import Query
from search_index.snapshot import Snapshot

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query found: `numbers`, and how far each is from the query's point, in km (NaN: not known).

    `candidates` pass everything but the filters of facets, and `passing` says which of them each facet lets through.
    """

    numbers: Numbers
    distances: NDArray[np.float32] | None
    candidates: Numbers
    passing: Mapping[str, Mask]

    def without(self, facet: str) -> Numbers:
        """The hits as they were if one facet were not filtered."""
        if facet not in self.passing:
            return self.numbers
        return self.candidates[_all(len(self.candidates), [mask for f, mask in self.passing.items() if f != facet])]


def filtered(snapshot: Snapshot, mask: Mask, query: Query) -> Hits:
    """The hits among the documents of `mask`."""
    candidates = np.flatnonzero(mask)
    distances = None if query.near is None else kilometres(query.near, snapshot.points[candidates])
    kept = list(_conditions(snapshot, query, candidates, distances))
    if kept:
        allowed = _all(len(candidates), kept)
        candidates = candidates[allowed]
        distances = None if distances is None else distances[allowed]
    return _by_facets(snapshot, query, candidates, distances)


def _by_facets(snapshot: Snapshot, query: Query, candidates: Numbers, distances: NDArray[np.float32] | None) -> Hits:
    passing = {
        facet: snapshot.having(facet, chosen)[candidates]
        for facet, chosen in query.filters.items()
        if chosen and facet in snapshot.facets
    }
    if not passing:
        return Hits(candidates, distances, candidates, passing)
    hit = _all(len(candidates), list(passing.values()))
    return Hits(candidates[hit], None if distances is None else distances[hit], candidates, passing)


def _conditions(
    snapshot: Snapshot, query: Query, candidates: Numbers, distances: NDArray[np.float32] | None
) -> Iterator[Mask]:
    """What each condition that is no facet says of the candidates. What is not known does not meet it."""
    if distances is not None and query.near is not None and query.near.radius_km is not None:
        yield distances <= query.near.radius_km
    if query.within is not None:
        yield inside(query.within, snapshot.points[candidates])
    for name, (lowest, highest) in query.ranges.items():
        if name in NUMBERS and (lowest, highest) != (None, None):
            yield _overlaps(snapshot.ranges[candidates, 2 * NUMBERS.index(name) :], lowest, highest)


def _overlaps(ranges: NDArray[np.float32], lowest: float | None, highest: float | None) -> Mask:
    """Whether the first two columns, a lowest and a highest value, have anything in common with what is wanted."""
    at_least = np.float64(-np.inf if lowest is None else lowest)
    at_most = np.float64(np.inf if highest is None else highest)
    return (ranges[:, 1] >= at_least) & (ranges[:, 0] <= at_most)


def _all(size: int, masks: list[Mask]) -> Mask:
    every = np.ones(size, np.bool_)
    for mask in masks:
        every &= mask
    return every
