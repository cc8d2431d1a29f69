"""Where readings stand, worked out from the places of their words."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Protocol

import numpy as np

from search_index import weights
from search_index.analysis import FIELD_SHIFT
from search_index.postings import NO_PLACES, Places, Postings, joined, merge
from search_index.readings import OneOf, Reading, SideBySide, Slot, Tagged, Together


class Source(Protocol):
    """What words are looked up in."""

    size: int

    def postings(self, term: bytes) -> Postings | None:
        """Where a term stands; None if nowhere."""

    def any_of(self, terms: Iterable[bytes]) -> list[Postings]:
        """Where several terms stand, as readings of one word."""

    def measured(self, ends: Places, places: Places) -> Postings:
        """Postings for what was found at `ends`, with all `places` that can be marked for it."""


PlacesOf = Callable[[Slot], Places]


def standing(source: Source, readings: Iterable[Reading]) -> Postings | None:
    """Everything that any of the readings matches, with the strength of the best; None if nothing."""
    places: PlacesOf = cache(partial(_places, source))
    return joined(source.size, [found for reading in readings for found in _found(source, reading, places)])


def _places(source: Source, slot: Slot) -> Places:
    return merge([found.places for term in slot if (found := source.postings(term)) is not None])


def _found(source: Source, reading: Reading, places: PlacesOf) -> Iterator[tuple[Postings, float]]:
    if isinstance(reading, OneOf):
        for postings in source.any_of(reading.terms):
            yield postings, reading.weight
    elif (found := _single(source, reading, places)) is not None:
        yield found, reading.weight


def _single(source: Source, reading: SideBySide | Together | Tagged, places: PlacesOf) -> Postings | None:
    if isinstance(reading, SideBySide):
        return _side_by_side(source, reading, places)
    if isinstance(reading, Together):
        return _together(source, reading, places)
    found = source.postings(reading.term)
    return None if found is None else as_tag(found)


def as_tag(found: Postings) -> Postings:
    """The documents that have a term, as those that carry a tag."""
    return Postings(found.documents, np.full(len(found.documents), weights.TAG_STRENGTH, np.float32), NO_PLACES)


def _side_by_side(source: Source, phrase: SideBySide, places: PlacesOf) -> Postings | None:
    """Words are read until it is known that they stand nowhere side by side."""
    length, ends = side_by_side(map(places, phrase.slots))
    if not len(ends):
        return None
    return source.measured(ends, merge([ends - np.uint64(back) for back in range(length)]))


def side_by_side(slots: Iterable[Places]) -> tuple[int, Places]:
    """How many words there are, and where the last stands when they follow each other. A word's places ascend."""
    length, places = 0, NO_PLACES
    for following in slots:
        places = _common(places + np.uint64(1), following) if length else following
        length += 1
        if not len(places):
            break
    return length, places


def _common(left: Places, right: Places) -> Places:
    """The places in both; the shorter is looked up in the longer."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if not len(short):
        return NO_PLACES
    at = np.searchsorted(long, short)
    at[at == len(long)] = 0
    shared: Places = short[long[at] == short]
    return shared


def _together(source: Source, several: Together, places: PlacesOf) -> Postings | None:
    slots = [places(slot) for slot in several.slots]
    fields = [slot >> np.uint64(FIELD_SHIFT) for slot in slots]
    shared = fields[0]
    for following in fields[1:]:
        shared = shared[np.isin(shared, following)]
    if not len(shared):
        return None
    marked = merge([slot[np.isin(in_field, shared)] for slot, in_field in zip(slots, fields, strict=True)])
    return source.measured(slots[-1][np.isin(fields[-1], shared)], marked)
