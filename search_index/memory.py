"""A segment in memory: a few documents, where the places of words are worked out from the texts.

An engine whose segments tell no places looks up here what changed lately, and what is to be marked on a page. As there,
a word counts once in each field.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import FIELD_SHIFT, analyse_texts
from search_index.columns import read_columns
from search_index.facets import FacetValues, new_facet_values
from search_index.postings import Places, Postings, merge
from search_index.readings import Reading
from search_index.records import Passages
from search_index.segments import Segment
from search_index.standing import standing
from search_index.vocabulary import Vocabulary, vocabulary


class Terms:
    """All terms of a segment, in order."""

    def __init__(self, terms: Iterable[bytes]) -> None:
        self._terms = sorted(terms)

    def has(self, term: bytes) -> bool:
        """Whether the term is among them."""
        at = bisect_left(self._terms, term)
        return at < len(self._terms) and self._terms[at] == term

    def beginning_with(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first `limit` terms that start with `prefix`."""
        first = bisect_left(self._terms, prefix)
        return [term for term in self._terms[first : first + limit] if term.startswith(prefix)]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words among them."""
        return vocabulary(self._terms)


class Packed:
    """A document as an index keeps it. Its places are worked out when they are first asked for."""

    def __init__(self, record: bytes, text: bytes) -> None:
        self.record = record
        self.text = text

    @cached_property
    def occurrences(self) -> Mapping[bytes, array[int]]:
        """Term -> where it stands, each a field and a place in it."""
        passages = Passages(self.text)
        return analyse_texts(passages.texts(), passages.tags()).postings


class MemorySegment(Segment):
    """A segment of packed documents. `terms` are those of another segment if it is an excerpt of that."""

    def __init__(self, documents: Sequence[Packed], values: FacetValues, terms: Terms | None = None) -> None:
        super().__init__()
        self.size = len(documents)
        self.columns = read_columns((document.record for document in documents), values)
        self._documents = documents
        self._known_terms = terms

    @cached_property
    def _own_terms(self) -> frozenset[bytes]:
        return frozenset().union(*(document.occurrences for document in self._documents))

    @cached_property
    def _terms(self) -> Terms:
        return self._known_terms or Terms(self._own_terms)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words among the terms."""
        return self._terms.vocabulary

    def terms_from(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first `limit` terms that start with `prefix`, in order."""
        return self._terms.beginning_with(prefix, limit)

    def packed_text(self, number: int) -> bytes:
        """The packed texts of a document."""
        return self._documents[number].text

    def packed_record(self, number: int) -> bytes:
        """The packed record of a document."""
        return self._documents[number].record

    def holds(self, term: bytes) -> bool:
        """Whether any document has the term."""
        return self._terms.has(term)

    def postings(self, term: bytes) -> Postings | None:
        """Where a term stands; None if nowhere."""
        places = self._places(term)
        return self.measured(places, places) if len(places) else None

    def any_of(self, terms: Iterable[bytes]) -> list[Postings]:
        """Where several terms stand, as one."""
        places = merge([self._places(term) for term in terms])
        return [self.measured(places, places)] if len(places) else []

    def found(self, readings: Sequence[Reading]) -> Postings | None:
        """Everything that any of the readings matches, with the strength of the best; None if nothing."""
        return standing(self, readings)

    def excerpt(self, numbers: NDArray[np.int64]) -> Segment:
        """These documents as a segment of their own that knows the same words."""
        return MemorySegment([self._documents[number] for number in numbers], new_facet_values(), self._terms)

    def measured(self, ends: Places, places: Places) -> Postings:
        """Postings for what was found at `ends`, once in each field, with all `places` that can be marked for it."""
        fields = ends >> np.uint64(FIELD_SHIFT)
        first = np.flatnonzero(np.concatenate(([True], fields[1:] != fields[:-1])))
        return super().measured(ends[first], places)

    def _places(self, term: bytes) -> Places:
        if term not in self._own_terms:
            return np.zeros(0, np.uint64)
        found = ((number, document.occurrences.get(term, ())) for number, document in enumerate(self._documents))
        return np.array([number << 32 | occurrence for number, each in found for occurrence in each], np.uint64)
