"""Facets: how many of the hits have which value.

A facet's values are numbered once for the process; a column holds the numbers of each document's values.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search_index.documents import FACETS

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


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


class FacetColumn(Protocol):
    """The values of one facet for each document, by their numbers."""

    def counts(self, documents: Numbers, values: int) -> Numbers:
        """How many of some documents (each once, ascending) have each of so many `values`."""

    def having(self, chosen: Iterable[int], values: int) -> Mask:
        """Which documents have any of the chosen of so many `values`."""

    def lists(self) -> "ListColumn":
        """The same as lists."""


@dataclass(frozen=True, slots=True)
class SingleColumn:
    """A facet of which no document has two values: `codes` are the numbers and 1 more, 0 for no value."""

    codes: NDArray[np.int32]

    def counts(self, documents: Numbers, values: int) -> Numbers:
        """How many of some documents have each value."""
        codes = self.codes if len(documents) == len(self.codes) else self.codes[documents]
        return np.bincount(codes, minlength=values + 1)[1:]

    def having(self, chosen: Iterable[int], values: int) -> Mask:
        """Which documents have any of the chosen values."""
        is_chosen = np.zeros(values + 1, np.bool_)
        is_chosen[[number + 1 for number in chosen]] = True
        return is_chosen[self.codes]

    def lists(self) -> "ListColumn":
        """The same as lists."""
        starts = np.zeros(len(self.codes) + 1, np.int32)
        np.cumsum(self.codes > 0, out=starts[1:])
        return ListColumn(starts, self.codes[self.codes > 0] - np.int32(1))


@dataclass(frozen=True, slots=True)
class ListColumn:
    """The value numbers of document d are `numbers[starts[d]:starts[d + 1]]`."""

    starts: NDArray[np.int32]
    numbers: NDArray[np.int32]

    def counts(self, documents: Numbers, values: int) -> Numbers:
        """How many of some documents have each value."""
        return np.bincount(self._of(documents), minlength=values)

    def _of(self, documents: Numbers) -> NDArray[np.int32]:
        """The value numbers of several documents, one after the other."""
        first = self.starts[documents]
        counts = self.starts[documents + 1] - first
        total = int(counts.sum())
        if total == len(self.numbers):
            return self.numbers
        skipped = (np.cumsum(counts) - counts).astype(np.int32)
        return self.numbers[np.repeat(first - skipped, counts) + np.arange(total, dtype=np.int32)]

    def having(self, chosen: Iterable[int], values: int) -> Mask:
        """Which documents have any of the chosen values."""
        is_chosen = np.zeros(values, np.bool_)
        is_chosen[list(chosen)] = True
        counted = np.zeros(len(self.numbers) + 1, np.int32)
        np.cumsum(is_chosen[self.numbers], out=counted[1:])
        found = counted[self.starts]
        matching: Mask = found[1:] > found[:-1]
        return matching

    def lists(self) -> "ListColumn":
        """Itself."""
        return self


class FacetBuilder:
    """Makes a column from the values of documents, which come in ascending order; those without any need not come."""

    def __init__(self, values: ValueNumbers) -> None:
        self._values = values
        self._documents = array("i")
        self._numbers = array("i")

    def add(self, document: int, chosen: Iterable[str]) -> None:
        """The values of one document."""
        for value in chosen:
            self._documents.append(document)
            self._numbers.append(self._values.number(value))

    def column(self, size: int) -> FacetColumn:
        """A column of `size` documents."""
        numbers = np.array(self._numbers, np.int32)
        counts = np.bincount(np.array(self._documents, np.int64), minlength=size)
        if counts.max(initial=0) <= 1:
            codes = np.zeros(size, np.int32)
            codes[np.array(self._documents, np.int64)] = numbers + np.int32(1)
            return SingleColumn(codes)
        starts = np.zeros(size + 1, np.int32)
        np.cumsum(counts, out=starts[1:])
        return ListColumn(starts, numbers)


def facet_column(values: Sequence[Iterable[str]], numbers: ValueNumbers) -> FacetColumn:
    """A column from each document's values."""
    builder = FacetBuilder(numbers)
    for document, each in enumerate(values):
        builder.add(document, each)
    return builder.column(len(values))


def join_columns(columns: Sequence[FacetColumn]) -> FacetColumn:
    """One column for the documents of several, in that order."""
    if len(columns) == 1:
        return columns[0]
    single = [column.codes for column in columns if isinstance(column, SingleColumn)]
    if len(single) == len(columns):
        return SingleColumn(np.concatenate(single))
    lists = [column.lists() for column in columns]
    offsets = np.cumsum([0, *(len(each.numbers) for each in lists)])
    starts = [each.starts[:-1] + offset for each, offset in zip(lists, offsets, strict=False)]
    last = np.array([offsets[-1]], np.int32)
    joined = np.concatenate((*starts, last)).astype(np.int32)
    return ListColumn(joined, np.concatenate([each.numbers for each in lists]))


def most_frequent(counts: Numbers, values: ValueNumbers, limit: int, selected: Sequence[str]) -> list[tuple[str, int]]:
    """The `limit` values with the highest counts, and the selected ones however rare; ties by value."""
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
