"""A segment of Whoosh's, whose postings are read from its files when a word is first asked for."""

import heapq
import threading
import weakref
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import FIELD_SHIFT
from search_index.columns import read_columns
from search_index.facets import FacetValues
from search_index.keeping import Kept
from search_index.lazy import lazy
from search_index.postings import Postings
from search_index.readings import Reading
from search_index.schema import RECORD, TERMS, TEXT
from search_index.segments import Segment
from search_index.standing import standing
from search_index.vocabulary import Vocabulary, vocabulary
from search_index.whoosh_parts import SegmentReader, read_postings, read_terms

TERM_BYTES = 12_000_000
"""Postings of single terms that are kept of a segment. They are kept apart from answers: the many terms that one
meaning is made of would drive out the answers to many queries."""
SMALL = 2_000
"""Documents below which a segment is small: its terms are held, and in time it is joined with others."""


class WhooshSegment(Segment):
    """An open segment. Its files are read under its lock: Whoosh's readers are not made for threads."""

    def __init__(self, storage: Any, schema: Any, whoosh_segment: Any, values: FacetValues) -> None:
        self.size: int = whoosh_segment.doc_count_all()
        super().__init__()
        self._postings = Kept(TERM_BYTES)
        self._open(storage, schema, whoosh_segment)
        self.columns = read_columns((bytes(self._record[number]) for number in range(self.size)), values)
        self._terms = frozenset(read_terms(self._reader)) if self.size < SMALL else None
        weakref.finalize(self, self._reader.close)

    def reopen(self, storage: Any, schema: Any, whoosh_segment: Any) -> None:
        """Open the files again in a forked process: file positions are shared over a fork."""
        self._open(storage, schema, whoosh_segment)
        weakref.finalize(self, self._reader.close)

    def _open(self, storage: Any, schema: Any, whoosh_segment: Any) -> None:
        self._lock = threading.Lock()
        self._open_reader = partial(SegmentReader, storage, schema, whoosh_segment)
        self._reader = self._open_reader()
        self._record = self._column(RECORD)
        self._text = self._column(TEXT)

    def _column(self, name: str) -> Any:
        """A column. Whoosh reads one whose file was just removed as empty: a file that is still there was read."""
        column = self._reader.column_reader(name)
        if not self._reader.has_column(name):
            raise FileNotFoundError(name)
        return column

    def terms(self) -> list[bytes]:
        """All terms in order. This takes a while, so the files are opened once more and nobody waits."""
        with closing(self._open_reader()) as reader:
            return read_terms(reader)

    def frequent_terms(self, count: int, from_term: bytes = b"") -> list[bytes]:
        """The `count` terms that most documents have, among those that come after `from_term`."""
        with closing(self._open_reader()) as reader:
            items = ((info.doc_frequency(), bytes(term)) for (_, term), info in reader)
            return [term for _, term in heapq.nlargest(count, (item for item in items if item[1] >= from_term))]

    @lazy
    def vocabulary(self) -> Vocabulary:
        """The words among the terms, read when a correction is first wanted."""
        return vocabulary(self.terms() if self._terms is None else sorted(self._terms))

    def terms_from(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first `limit` terms that start with `prefix`, in order."""
        with self._lock:
            return [bytes(term) for term in islice(self._reader.expand_prefix(TERMS, prefix), limit)]

    def packed_text(self, number: int) -> bytes:
        """The packed texts of a document."""
        with self._lock:
            return bytes(self._text[number])

    def packed_record(self, number: int) -> bytes:
        """The packed record of a document."""
        with self._lock:
            return bytes(self._record[number])

    def holds(self, term: bytes) -> bool:
        """Whether any document, deleted or not, has the term."""
        if self._terms is not None:
            return term in self._terms
        with self._lock:
            if term in self._postings:
                return self._postings[term] is not None
            return (TERMS, term) in self._reader

    def postings(self, term: bytes) -> Postings | None:
        """Where a term stands; None if nowhere."""
        if self._terms is not None and term not in self._terms:
            return None
        with self._lock:
            if term in self._postings:
                return self._postings[term]
            found = self._decode(term) if (TERMS, term) in self._reader else None
            self._postings[term] = found
        return found

    def found(self, readings: Sequence[Reading]) -> Postings | None:
        """Everything that any of the readings matches, with the strength of the best; None if nothing."""
        return standing(self, readings)

    def _decode(self, term: bytes) -> Postings:
        numbers, values = read_postings(self._reader.postings(TERMS, term))
        return self._measure(np.array(numbers, np.int32), values)

    def _measure(self, documents: NDArray[np.int32], values: list[bytes]) -> Postings:
        occurrences = np.frombuffer(b"".join(values), np.uint32)
        counts = np.fromiter(map(len, values), np.int64, len(values)) // 4
        of_document = np.repeat(documents, counts)
        worth = self.columns.field_norms[of_document, occurrences >> FIELD_SHIFT]
        strength = np.add.reduceat(worth, np.cumsum(counts) - counts)
        places = (of_document.astype(np.uint64) << np.uint64(32)) | occurrences
        places.sort()
        return Postings(documents, strength.astype(np.float32), places)
