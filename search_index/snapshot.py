"""A snapshot: the whole index at one generation, as a process searches it. It never changes.

Documents are numbered through all segments in their order; deleted ones keep their number.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.documents import FACETS, Document
from search_index.facets import FacetColumn, FacetValues, join_columns, new_facet_values
from search_index.postings import Postings
from search_index.records import Passages, Record, restore, unpack_record
from search_index.segments import Segment
from search_index.vocabulary import Vocabulary

JOINED_BYTES = 12_000_000
"""Postings that were joined from several segments and are kept for one generation."""
T = TypeVar("T", bound=np.generic)
Maker = Callable[[Segment], Postings | None]


class IndexUnreadable(Exception):
    """Parts of the index are missing or damaged."""

    def __init__(self, where: object) -> None:
        super().__init__(f"The search index in {where} cannot be read: rebuild it.")


@dataclass(frozen=True, slots=True)
class Place:
    """Which index a snapshot shows: the name of its folder or edition, the count of commits in it, its generation."""

    folder: str
    commits: int
    generation: int


class Snapshot:
    """All segments with what is deleted in them (`deleted` has one collection of numbers for each)."""

    def __init__(
        self, place: Place, segments: Sequence[Segment], deleted: Sequence[Iterable[int]], values: FacetValues
    ) -> None:
        self.place = place
        self.segments = list(segments)
        self.facet_values = values
        self.offsets = np.cumsum([0, *(segment.size for segment in segments)])
        self.size = int(self.offsets[-1])
        self.live = self._live(deleted)
        self.count = int(np.count_nonzero(self.live))
        self._joined: dict[bytes, Postings | None] = {}
        self._joined_bytes = 0
        self._lock = threading.Lock()
        self._columns()

    def _live(self, deleted: Sequence[Iterable[int]]) -> NDArray[np.bool_]:
        live = np.ones(self.size, np.bool_)
        for offset, numbers in zip(self.offsets, deleted, strict=False):
            live[[int(offset) + number for number in numbers]] = False
        return live

    def _columns(self) -> None:
        columns = [segment.columns for segment in self.segments]
        self.ids: NDArray[np.int64] = _join([each.ids for each in columns], np.int64)
        self.updated_at: NDArray[np.float64] = _join([each.updated_at for each in columns], np.float64)
        self.boost: NDArray[np.float32] = _join([each.boost for each in columns], np.float32)
        self.confirmed_at: NDArray[np.float64] = _join([each.confirmed_at for each in columns], np.float64)
        self.points: NDArray[np.float32] = _join([each.points for each in columns], np.float32)
        self.ranges: NDArray[np.float32] = _join([each.ranges for each in columns], np.float32)
        self.facets: dict[str, FacetColumn] = {
            facet: join_columns([each.facets[facet] for each in columns]) for facet in FACETS if columns
        }

    @cached_property
    def name_ranks(self) -> NDArray[np.int64]:
        """Each document's rank by name. Segments come sorted, which makes joining them cheap."""
        keys = np.concatenate([segment.columns.sort_keys for segment in self.segments])
        ranks = np.empty(self.size, np.int64)
        ranks[np.lexsort((self.ids, keys))] = np.arange(self.size)
        return ranks

    def named(self, hashed: int) -> list[tuple[int, int]]:
        """(kind, document) of each name with this hash: 0 a title, 1 a model, 2 another name."""
        return [
            (kind, int(offset) + document)
            for segment, offset in zip(self.segments, self.offsets, strict=False)
            for kind, document in segment.columns.names.having(hashed)
        ]

    def having(self, facet: str, chosen: Iterable[str]) -> NDArray[np.bool_]:
        """Which documents have any of the chosen values of a facet."""
        if facet not in self.facets:
            return np.zeros(self.size, np.bool_)
        values = self.facet_values[facet]
        known = [values.numbers[value] for value in chosen if value in values.numbers]
        return self.facets[facet].having(known, len(values.values))

    def holds(self, term: bytes) -> bool:
        """Whether any document has the term."""
        return any(segment.holds(term) for segment in self.segments)

    def postings(self, term: bytes) -> Postings | None:
        """Where a term stands in the whole index; None if nowhere."""
        return self._joined_postings(term, lambda segment: segment.postings(term))

    def kept(self, key: bytes, make: Maker) -> Postings | None:
        """What `make` gives for all segments together. It is called once for a key and segment, as far as is kept."""
        return self._joined_postings(key, lambda segment: segment.kept(key, make))

    def _joined_postings(self, key: bytes, read: Maker) -> Postings | None:
        if len(self.segments) == 1:
            return read(self.segments[0])
        with self._lock:
            if key in self._joined:
                return self._joined[key]
        found = self._join([read(segment) for segment in self.segments])
        with self._lock:
            self._keep(key, found)
        return found

    def _keep(self, key: bytes, found: Postings | None) -> None:
        """Keep what was joined; when that has grown large, what was kept before is forgotten."""
        self._joined_bytes += len(key) + (found.size() if found else 200)
        if self._joined_bytes > JOINED_BYTES:
            self._joined, self._joined_bytes = {}, 0
        self._joined[key] = found

    def _join(self, postings: Sequence[Postings | None]) -> Postings | None:
        found = [(int(offset), each) for offset, each in zip(self.offsets, postings, strict=False) if each is not None]
        if not found:
            return None
        if len(found) == 1 and found[0][0] == 0:
            return found[0][1]
        return Postings(
            np.concatenate([postings.documents + np.int32(offset) for offset, postings in found]),
            np.concatenate([postings.strength for _, postings in found]),
            np.concatenate([postings.places + np.uint64(offset << 32) for offset, postings in found]),
        )

    def completions(self, prefix: bytes, limit: int) -> list[bytes]:
        """The first `limit` terms that start with `prefix`, in the order of the alphabet."""
        found = {term for segment in self.segments for term in segment.terms_from(prefix, limit)}
        return sorted(found)[:limit]

    def vocabularies(self) -> list[Vocabulary]:
        """The words of each segment."""
        return [segment.vocabulary for segment in self.segments]

    def passages(self, number: int) -> Passages:
        """The texts of a document."""
        segment, within = self.locate(number)
        return Passages(segment.packed_text(within))

    def tells_places(self) -> bool:
        """Whether postings tell where in a document a word stands."""
        return all(segment.tells_places for segment in self.segments)

    def excerpt(self, numbers: NDArray[np.int64]) -> "Snapshot":
        """Some of the documents, in no order, as a snapshot that tells places: what each word finds there is what it
        finds here."""
        bounds = zip(self.segments, self.offsets, self.offsets[1:], strict=False)
        chosen = [(segment, numbers[(numbers >= start) & (numbers < end)] - start) for segment, start, end in bounds]
        segments = [segment.excerpt(within) for segment, within in chosen if len(within)]
        return Snapshot(self.place, segments, [()] * len(segments), new_facet_values())

    def document(self, number: int) -> Document:
        """The document itself, as it was given."""
        return restore(self._record(number), self.passages(number))

    def locate(self, number: int) -> tuple[Segment, int]:
        """The segment a document is in, and its number there."""
        at = int(np.searchsorted(self.offsets, number, side="right")) - 1
        return self.segments[at], number - int(self.offsets[at])

    def numbers_of(self, ids: Iterable[int]) -> list[int]:
        """The numbers of the live documents that have one of these ids."""
        wanted = np.fromiter(ids, np.int64)
        return [int(number) for number in np.flatnonzero(np.isin(self.ids, wanted) & self.live)]

    def placed(self, ids: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Those of the ids whose place is known, in no order, and their points (latitude, longitude in degrees)."""
        numbers = np.array(self.numbers_of(ids), np.int64)
        known = numbers[~np.isnan(self.points[numbers]).any(axis=1)] if len(numbers) else numbers
        return self.ids[known], self.points[known].reshape(-1, 2)

    def versions(self) -> dict[int, str]:
        """The version of each live document by id, read from the records: nothing needs them often."""
        return {int(self.ids[number]): self._record(int(number)).version for number in np.flatnonzero(self.live)}

    def _record(self, number: int) -> Record:
        segment, within = self.locate(number)
        return unpack_record(segment.packed_record(within))


def _join(parts: Sequence[NDArray[T]], kind: type[T]) -> NDArray[T]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, kind)
