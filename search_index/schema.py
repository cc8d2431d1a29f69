"""How Whoosh sees a document: its terms with their occurrences, and two columns of bytes.

The classes here are written into the index by name: renaming one, or moving this file, needs a rebuild.
"""

from __future__ import annotations

import uuid
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

from search_index.whoosh_parts import Codec, ColumnField, FieldType, Format, Schema, VarBytesColumn

TERMS = "terms"
RECORD = "record"
TEXT = "text"


class Occurrences(Format):
    """A posting's value: its occurrences as unsigned 32-bit numbers in the machine's byte order."""

    posting_size = -1

    def __init__(self) -> None:
        super().__init__(field_boost=1.0)


class AnalysedField(FieldType):
    """A field whose value is an analysis: a mapping of terms to arrays of occurrences."""

    def __init__(self) -> None:
        super().__init__(Occurrences(), None)

    def index(self, value: Mapping[bytes, array[int]], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Whoosh's tuples of term, frequency, weight and value."""
        for term, occurrences in value.items():
            yield term, len(occurrences), 1.0, occurrences.tobytes()


def schema() -> Any:
    """A new Whoosh schema."""
    return Schema(
        **{TERMS: AnalysedField(), RECORD: ColumnField(VarBytesColumn()), TEXT: ColumnField(VarBytesColumn())}
    )


class PostingsCodec(Codec):
    """Whoosh's own file format, with large blocks that are not compressed one by one: faster both ways.

    Lengths of fields are in the records, so Whoosh need not look for its own beside every posting.
    """

    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=2048, compression=0)

    def new_segment(self, storage: Any, indexname: str) -> Any:
        """A segment whose name nothing else can have: Whoosh draws it from a generator that anyone may seed."""
        segment = super().new_segment(storage, indexname)
        segment.segid = uuid.uuid4().hex
        return segment
