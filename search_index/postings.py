"""Postings: where something stands, and lists of places as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.uint64]
NO_PLACES: Places = np.zeros(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term stands: `documents` (ascending), `strength` of each, and `places`, all its occurrences.

    A place is document << 32 | field << 28 | place in the field, ascending. A segment that does not tell places has
    none of them.
    """

    documents: NDArray[np.int32]
    strength: NDArray[np.float32]
    places: Places

    def size(self) -> int:
        """Bytes, with what the objects themselves take."""
        return self.documents.nbytes + self.strength.nbytes + self.places.nbytes + 500


NOTHING = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32), NO_PLACES)


def joined(size: int, weighed: list[tuple[Postings, float]]) -> Postings | None:
    """Several postings of a segment of `size` documents, each with a weight, as one: the best strength for each
    document, and all places, each once."""
    if not weighed:
        return None
    if len(weighed) == 1:
        return _weighed(*weighed[0])
    strength = np.zeros(size, np.float32)
    for postings, weight in weighed:
        documents = postings.documents
        strength[documents] = np.maximum(strength[documents], postings.strength * np.float32(weight))
    documents = np.flatnonzero(strength).astype(np.int32)
    return Postings(documents, strength[documents], merge([postings.places for postings, _ in weighed]))


def added(size: int, tagged: Postings, worded: Postings) -> Postings:
    """What carries a tag and what says it in words, of a segment of `size` documents: the tag tells that a document has
    it, its text how much it is about it."""
    strength = np.zeros(size, np.float32)
    strength[tagged.documents] = tagged.strength
    strength[worded.documents] += worded.strength
    documents = np.flatnonzero(strength).astype(np.int32)
    return Postings(documents, strength[documents], worded.places)


def _weighed(postings: Postings, weight: float) -> Postings:
    if weight == 1.0:
        return postings
    return Postings(postings.documents, postings.strength * np.float32(weight), postings.places)


def merge(parts: list[Places]) -> Places:
    """Several ascending lists of places as one, each place once."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else NO_PLACES
    together = np.concatenate(filled)
    together.sort(kind="stable")
    return together[np.concatenate(([True], together[1:] != together[:-1]))]
