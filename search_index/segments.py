"""A segment: one immutable part of the index, as a process holds it.

Its columns are arrays. What was looked up in it is kept, the least used forgotten first. Which of its documents are
deleted is no part of it: that changes. How words are looked up is each engine's own.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import FIELD_SHIFT
from search_index.columns import Columns
from search_index.keeping import Kept
from search_index.postings import Places, Postings
from search_index.vocabulary import Vocabulary

if TYPE_CHECKING:
    from search_index.readings import Reading

ANSWER_BYTES = 30_000_000
"""What is kept of the words of a segment in all their readings, and of meanings."""


class Segment(ABC):
    """A segment of `size` documents, numbered from 0."""

    size: int
    columns: Columns
    tells_places = True
    """Whether postings have places."""

    def __init__(self) -> None:
        self._answers = Kept(ANSWER_BYTES)
        self._lock = threading.Lock()

    def renew(self) -> None:
        """In a forked process: an own lock, as a thread of the parent may have held it."""
        self._lock = threading.Lock()

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The words among the terms."""

    @abstractmethod
    def terms_from(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first `limit` terms that start with `prefix`, in order."""

    @abstractmethod
    def packed_text(self, number: int) -> bytes:
        """The packed texts of a document."""

    @abstractmethod
    def packed_record(self, number: int) -> bytes:
        """The packed record of a document."""

    @abstractmethod
    def holds(self, term: bytes) -> bool:
        """Whether any document, deleted or not, has the term."""

    @abstractmethod
    def postings(self, term: bytes) -> Postings | None:
        """Where a term stands; None if nowhere."""

    @abstractmethod
    def found(self, readings: Sequence[Reading]) -> Postings | None:
        """Everything that any of the readings matches, with the strength of the best; None if nothing."""

    def excerpt(self, numbers: NDArray[np.int64]) -> Segment:
        """These documents as a segment of their own that tells places and knows the same words."""
        raise NotImplementedError

    def any_of(self, terms: Iterable[bytes]) -> list[Postings]:
        """Where several terms stand, as readings of one word."""
        return [found for term in terms if (found := self.postings(term)) is not None]

    def kept(self, key: bytes, make: Callable[[Segment], Postings | None]) -> Postings | None:
        """What was made for a key before, or is made now. Two threads may both make it; one result stays."""
        with self._lock:
            if key in self._answers:
                return self._answers[key]
        made = make(self)
        with self._lock:
            if key not in self._answers:
                self._answers[key] = made
            return made

    def measured(self, ends: Places, places: Places) -> Postings:
        """Postings for what was found at `ends`, with all `places` that can be marked for it."""
        of_document = (ends >> np.uint64(32)).astype(np.int64)
        fields = (ends & np.uint64(0xFFFFFFFF)) >> np.uint64(FIELD_SHIFT)
        worth = self.columns.field_norms[of_document, fields.astype(np.int64)]
        first = np.flatnonzero(np.concatenate(([True], of_document[1:] != of_document[:-1])))
        strength = np.add.reduceat(worth, first).astype(np.float32)
        return Postings(of_document[first].astype(np.int32), strength, places)
