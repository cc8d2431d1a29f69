"""Columns: what is known of every document of a segment, as arrays.

They are filled record by record, so that opening a large segment takes little more memory than the columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.documents import FACETS, FIELDS
from search_index.facets import FacetBuilder, FacetColumn, FacetValues
from search_index.records import HEAD, NAME, read_rest, split
from search_index.weights import FIELD_WEIGHTS

_KIND_SHIFT = 30
"""A name's kind is kept in the two bits above the number of its document."""


@dataclass(frozen=True, slots=True)
class Names:
    """What documents are called: `hashes`, ascending, and beside each the document and which kind of name it is."""

    hashes: NDArray[np.uint64]
    _owners: NDArray[np.uint32]

    def having(self, hashed: int) -> list[tuple[int, int]]:
        """(kind, document) of each name with this hash."""
        wanted = np.uint64(hashed)
        first, last = self.hashes.searchsorted(wanted), self.hashes.searchsorted(wanted, side="right")
        owners = self._owners[first:last].tolist()
        return [(owner >> _KIND_SHIFT, owner & ((1 << _KIND_SHIFT) - 1)) for owner in owners]

    @classmethod
    def of(cls, packed: bytearray, counts: NDArray[np.uint16]) -> "Names":
        """From the packed names of all documents, `counts` of each."""
        names = np.frombuffer(packed, NAME)
        documents = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
        owners = documents | (names["kind"].astype(np.uint32) << np.uint32(_KIND_SHIFT))
        order = np.lexsort((owners, names["hash"]))
        return cls(names["hash"][order], owners[order])


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry a document. What is not known is NaN: `points` (latitude, longitude) in degrees; `ranges` (2 x NUMBERS)
    the lowest and highest of each number."""

    ids: NDArray[np.int64]
    updated_at: NDArray[np.float64]
    boost: NDArray[np.float32]
    confirmed_at: NDArray[np.float64]
    points: NDArray[np.float32]
    ranges: NDArray[np.float32]
    sort_keys: NDArray[np.bytes_]
    names: Names
    facets: dict[str, FacetColumn]
    field_norms: NDArray[np.float32]


def read_columns(packed: Iterable[bytes], values: FacetValues) -> Columns:
    """All records of a segment as columns."""
    heads, names = bytearray(), bytearray()
    facets = {facet: FacetBuilder(values[facet]) for facet in FACETS}
    size = 0
    for document, record in enumerate(packed):
        head, named, rest = split(record)
        heads += head
        names += named
        for facet, chosen in read_rest(rest)[2].items():
            facets[facet].add(document, chosen)
        size = document + 1
    columns = {facet: builder.column(size) for facet, builder in facets.items()}
    return _columns(np.frombuffer(heads, HEAD, size), names, columns)


def _columns(heads: NDArray[np.void], names: bytearray, facets: dict[str, FacetColumn]) -> Columns:
    """Copies: a column that is a part of the heads would keep them all."""
    return Columns(
        ids=heads["id"].copy(),
        updated_at=heads["updated_at"].copy(),
        boost=heads["boost"].astype(np.float32),
        confirmed_at=heads["confirmed_at"].copy(),
        points=heads["point"].copy(),
        ranges=heads["ranges"].copy(),
        sort_keys=heads["sort_key"].copy(),
        names=Names.of(names, heads["names"]),
        facets=facets,
        field_norms=field_norms(heads["lengths"].astype(np.float32)),
    )


def field_norms(lengths: NDArray[np.float32]) -> NDArray[np.float32]:
    """What one occurrence in each field is worth, from the fields' `lengths` (documents, fields)."""
    weights = [FIELD_WEIGHTS[name] for name in FIELDS]
    slope = np.array([weight.slope for weight in weights], np.float32)
    typical = np.array([weight.length for weight in weights], np.float32)
    worth = np.array([weight.weight for weight in weights], np.float32)
    return (worth / (1 - slope + slope * lengths / typical)).astype(np.float32)
