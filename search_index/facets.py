"""Facets: how many of the hits have which value.

A facet's values are numbered once for the process; a column holds the numbers of each document's values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search_index.documents import FACETS


@dataclass(slots=True)
class ValueNumbers:
    """The values of one facet, numbered in the order they were first seen."""

    values: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    _ranks: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def number(self, value: str) -> int:
        """The number of a value, a new one if it has none yet."""
        known = self.numbers.get(value)
        if known is None:
            known = self.numbers[value] = len(self.values)
            self.values.append(value)
        return known

    def ranks(self) -> NDArray[np.int64]:
        """Where each value comes in the alphabet; sorted anew only when there are new values."""
        if len(self._ranks) < len(self.values):
            order = sorted(range(len(self.values)), key=self.values.__getitem__)
            self._ranks = np.argsort(np.array(order, np.int64))
        return self._ranks


FacetValues = dict[str, ValueNumbers]


def new_facet_values() -> FacetValues:
    """No values yet, for every facet."""
    return {facet: ValueNumbers() for facet in FACETS}


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """The value numbers of document d are `numbers[starts[d]:starts[d + 1]]`."""

    starts: NDArray[np.int32]
    numbers: NDArray[np.int32]

    def of(self, documents: NDArray[np.int64]) -> NDArray[np.int32]:
        """The value numbers of several documents (each once, ascending), one after the other."""
        first = self.starts[documents]
        counts = self.starts[documents + 1] - first
        if int(counts.sum()) == len(self.numbers):
            return self.numbers
        skipped = np.cumsum(counts) - counts
        wanted: NDArray[np.int64] = np.repeat(first - skipped, counts) + np.arange(counts.sum())
        return self.numbers[wanted]

    def having(self, chosen: Iterable[int]) -> NDArray[np.bool_]:
        """Which documents have any of the chosen values."""
        matching = np.isin(self.numbers, list(chosen))
        counted = np.concatenate(([0], np.cumsum(matching)))
        return counted[self.starts[1:]] > counted[self.starts[:-1]]


def facet_column(values: Sequence[Iterable[str]], numbers: ValueNumbers) -> FacetColumn:
    """A column from each document's values."""
    coded = [[numbers.number(value) for value in each] for each in values]
    starts = np.zeros(len(coded) + 1, np.int32)
    np.cumsum([len(each) for each in coded], out=starts[1:])
    return FacetColumn(starts, np.array([number for each in coded for number in each], np.int32))


def join_columns(columns: Sequence[FacetColumn]) -> FacetColumn:
    """One column for the documents of several, in that order."""
    if len(columns) == 1:
        return columns[0]
    offsets = np.cumsum([0, *(len(column.numbers) for column in columns)])
    starts = [column.starts[:-1] + offset for column, offset in zip(columns, offsets, strict=False)]
    last = np.array([offsets[-1]], np.int32)
    return FacetColumn(
        np.concatenate((*starts, last)).astype(np.int32),
        np.concatenate([column.numbers for column in columns]),
    )


def most_frequent(
    numbers: NDArray[np.int32], values: ValueNumbers, limit: int, selected: Sequence[str]
) -> list[tuple[str, int]]:
    """The `limit` most frequent values with counts, and the selected ones however rare; ties by value."""
    counts = np.bincount(numbers, minlength=len(values.values))
    shown = {values.values[number]: int(counts[number]) for number in _top(counts, values, limit)}
    for value in selected:
        known = values.numbers.get(value)
        shown[value] = 0 if known is None else int(counts[known])
    return sorted(shown.items(), key=lambda item: (-item[1], item[0]))


def _top(counts: NDArray[np.int64], values: ValueNumbers, limit: int) -> list[int]:
    present = np.flatnonzero(counts)
    if len(present) > limit > 0:
        least = np.partition(counts[present], len(present) - limit)[len(present) - limit]
        present = present[counts[present] >= least]
    order = np.lexsort((values.ranks()[present], -counts[present]))
    return [int(number) for number in present[order][: max(limit, 0)]]
