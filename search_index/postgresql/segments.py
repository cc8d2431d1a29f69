"""The segment that PostgreSQL searches: all documents that were there when the process last read them all."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.columns import read_columns
from search_index.facets import FacetValues, new_facet_values
from search_index.memory import MemorySegment, Packed, Terms
from search_index.postgresql.connections import Connection, Connections
from search_index.postgresql.tables import of_edition
from search_index.postgresql.vectors import query_of
from search_index.postings import NO_PLACES, Postings, joined
from search_index.readings import OneOf, Reading, Tagged
from search_index.segments import Segment
from search_index.standing import as_tag
from search_index.vocabulary import Vocabulary

_FIELDS = 8
"""A document and a field of it are one number: that of the document times this, and the field's."""
_AT_ONCE = 2_000
"""Records that are fetched at once when all are read."""
_RECORDS = """
    SELECT number, record FROM {documents} AS d
    WHERE NOT EXISTS (SELECT FROM {gone} AS g WHERE g.number = d.number) ORDER BY number"""
_FOUND = """
    SELECT asked.at, array_agg(texts.number * 8 + texts.field)
    FROM unnest(%s::text[]) WITH ORDINALITY AS asked (query, at)
    JOIN {texts} AS texts ON texts.words @@ asked.query::tsquery GROUP BY asked.at"""
_PACKED = "SELECT record, text FROM {documents} WHERE number = ANY(%s) ORDER BY number"


class ServerSegment(Segment):
    """The documents with some `numbers`, ascending, in the tables of an edition. Texts are left in the database."""

    tells_places = False

    def __init__(self, connections: Connections, edition: int, reading: Connection, values: FacetValues) -> None:
        """Read on `reading`, within whose transaction nothing changes."""
        super().__init__()
        self._connections = connections
        self._edition = edition
        numbers: list[int] = []
        self.columns = read_columns(self._records(reading, numbers), values)
        self.numbers = np.array(numbers, np.int64)
        self.size = len(numbers)
        self._terms = Terms(term.encode() for (term,) in self._all(reading, "SELECT term FROM {terms}"))

    def _all(self, reading: Connection, query: str) -> Iterator[Any]:
        """All rows, fetched as they are needed."""
        with reading.cursor(name="all_rows", binary=True) as cursor:
            cursor.itersize = _AT_ONCE
            yield from cursor.execute(of_edition(query, self._edition))

    def _records(self, reading: Connection, numbers: list[int]) -> Iterator[bytes]:
        for number, record in self._all(reading, _RECORDS):
            numbers.append(number)
            yield record

    def position(self, number: int) -> int | None:
        """Where the document with a number in the database is in this segment; None if it is not."""
        at = int(np.searchsorted(self.numbers, number))
        return at if at < self.size and self.numbers[at] == number else None

    @property
    def vocabulary(self) -> Vocabulary:
        """The words among the terms."""
        return self._terms.vocabulary

    def terms_from(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first `limit` terms that start with `prefix`, in order."""
        return self._terms.beginning_with(prefix, limit)

    def holds(self, term: bytes) -> bool:
        """Whether any document, deleted or not, has the term."""
        return self._terms.has(term)

    def packed_text(self, number: int) -> bytes:
        """The packed texts of a document."""
        return self._packed([number])[0].text

    def packed_record(self, number: int) -> bytes:
        """The packed record of a document."""
        return self._packed([number])[0].record

    def excerpt(self, numbers: NDArray[np.int64]) -> Segment:
        """These documents as a segment of their own that tells places and knows the same words."""
        return MemorySegment(self._packed(numbers), new_facet_values(), self._terms)

    def _packed(self, numbers: Sequence[int] | NDArray[np.int64]) -> list[Packed]:
        wanted = self.numbers[numbers].tolist()
        with self._connections.one() as connection:
            rows = connection.execute(of_edition(_PACKED, self._edition), (wanted,), binary=True).fetchall()
        return [Packed(*row) for row in rows]

    def postings(self, term: bytes) -> Postings | None:
        """Where a term stands; None if nowhere."""
        return self.kept(term, lambda _: self.found([OneOf((term,), 1.0)]))

    def found(self, readings: Sequence[Reading]) -> Postings | None:
        """Everything that any of the readings matches, with the strength of the best; None if nothing."""
        asked = [(reading, query) for reading in readings if (query := query_of(reading, self._terms.has))]
        if not asked:
            return None
        rows = self._rows([query for _, query in asked])
        weighed = ((asked[at - 1][0], self._postings(places)) for at, places in rows)
        return joined(
            self.size,
            [
                (as_tag(postings) if isinstance(reading, Tagged) else postings, reading.weight)
                for reading, postings in weighed
                if len(postings.documents)
            ],
        )

    def _rows(self, queries: list[str]) -> list[tuple[int, NDArray[np.int64]]]:
        with self._connections.one() as connection:
            found = connection.execute(of_edition(_FOUND, self._edition), (queries,), binary=True)
            return found.fetchall()

    def _postings(self, found: NDArray[np.int64]) -> Postings:
        """What was found as the segment numbers it: each field once, and only what the process has read."""
        found = np.unique(found)
        of_document = np.searchsorted(self.numbers, found // _FIELDS)
        of_document[of_document == self.size] = 0
        known = self.numbers[of_document] == found // _FIELDS if self.size else np.zeros(len(found), np.bool_)
        of_document, fields = of_document[known], found[known] % _FIELDS
        worth = self.columns.field_norms[of_document, fields]
        first = np.flatnonzero(np.concatenate(([True], of_document[1:] != of_document[:-1]))[: len(of_document)])
        strength = np.add.reduceat(worth, first).astype(np.float32) if len(first) else np.zeros(0, np.float32)
        return Postings(of_document[first].astype(np.int32), strength, NO_PLACES)
