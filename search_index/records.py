"""What the index keeps of each document beside its postings.

The *record* is read for all documents when a segment is opened: what ranking, filtering and comparing need.
The *text* is read for the few documents of a page (found words marked), and when segments are joined.
"""

import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from search_index.analysis import FIELD_NUMBERS, Analysis, filled_texts
from search_index.documents import FIELDS, Document, Text
from search_index.letters import fold, normalise
from search_index.words import chunks

_HEAD = struct.Struct(f"<qddd{len(FIELDS)}HH")
_TEXT_HEAD = struct.Struct(f"<{2 * len(FIELDS)}I")
_PLACE = struct.Struct("=I")
_NAMING = {"title": 0, "model": 1, "names": 2}
"""The fields that name a listing: a query that is the whole of one puts it on top."""
_MAKER_WORDS = 3
"""Words that a maker's name in front of a model may have: Carl Zeiss Microscopy LSM 880."""
_SORT_KEY_SIZE = 64


@dataclass(frozen=True, slots=True)
class Record:
    """A document's columns. `lengths`: words by field; `names`: (hash, 0 title, 1 model or 2 other name)."""

    id: int
    updated_at: float
    boost: float
    confirmed_at: float
    lengths: tuple[int, ...]
    names: tuple[tuple[int, int], ...]
    version: str
    name: str
    facets: dict[str, list[str]]


class Passages:
    """The texts of a document as they are kept: by field one string, and where each place in it starts.

    Reading one field leaves the others packed.
    """

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        head = _TEXT_HEAD.unpack_from(packed)
        self._sizes: tuple[int, ...] = head[: len(FIELDS)]
        self._counts: tuple[int, ...] = head[len(FIELDS) :]

    def has(self, field: int) -> bool:
        """Whether there is any text in a field."""
        return self._sizes[field] > 0

    def value(self, field: int) -> str:
        """The text of a field."""
        start = _TEXT_HEAD.size + sum(self._sizes[:field])
        return self._packed[start : start + self._sizes[field]].decode()

    def spans(self, field: int, places: Iterable[int]) -> list[tuple[int, int]]:
        """Where words start and end in the field's text; empty places are left out."""
        count = self._counts[field]
        start = _TEXT_HEAD.size + sum(self._sizes) + 5 * sum(self._counts[:field])
        sizes = self._packed[start + 4 * count : start + 5 * count]
        wanted = [place for place in places if sizes[place]]
        starts = [_PLACE.unpack_from(self._packed, start + 4 * place)[0] for place in wanted]
        return [(begin, begin + sizes[place]) for begin, place in zip(starts, wanted, strict=True)]

    def texts(self) -> tuple[Text, ...]:
        """The texts as they were given, with accents joined to their letters."""
        start = _TEXT_HEAD.size + sum(self._sizes) + 5 * sum(self._counts)
        values = [self.value(field) for field in range(len(FIELDS))]
        at = [0] * len(FIELDS)
        found = []
        for field, language, length in json.loads(self._packed[start:]):
            found.append(Text(FIELDS[field], language, values[field][at[field] : at[field] + length]))
            at[field] += length + 1
        return tuple(found)


def name_hash(text: str) -> int:
    """A number for a name, the same for LSM 880, lsm-880 and LSM880; 0 for an empty one."""
    letters = "".join(segment for _, chunk in chunks(text) for segment in chunk.segments)
    return int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=8).digest(), "little") if letters else 0


def _name_hashes(text: Text) -> set[int]:
    """What a text that names a listing is recognised by; a model also without the maker's name in front of it."""
    if text.field not in _NAMING:
        return set()
    words = text.value.split()
    dropped = range(1, min(_MAKER_WORDS, len(words) - 1) + 1) if text.field == "model" else ()
    tails = [tail for count in dropped if not (tail := " ".join(words[count:])).isdigit()]
    return {name_hash(name) for name in (text.value, *tails)} - {0}


def sort_key(name: str) -> bytes:
    """What names are sorted by: folded, and cut to the size that fits a column."""
    return fold(name).strip().encode()[:_SORT_KEY_SIZE]


def pack_record(document: Document, analysis: Analysis) -> bytes:
    """A document's record as bytes."""
    names = {(hashed, _NAMING[text.field]) for text in document.texts for hashed in _name_hashes(text)}
    lengths = [min(part.length(), 65_535) for part in analysis.fields]
    numbers = (document.updated_at, document.boost, document.confirmed_at)
    head = _HEAD.pack(document.id, *numbers, *lengths, len(names))
    packed_names = b"".join(struct.pack("<QB", *name) for name in sorted(names))
    facets = {facet: list(dict.fromkeys(values)) for facet, values in document.facets.items() if values}
    return head + packed_names + _json([document.version, document.name, facets])


def unpack_record(packed: bytes) -> Record:
    """The record that `pack_record` made."""
    id_, updated_at, boost, confirmed_at, *rest = _HEAD.unpack_from(packed)
    end = _HEAD.size + 9 * rest[-1]
    names = tuple(struct.iter_unpack("<QB", packed[_HEAD.size : end]))
    version, name, facets = json.loads(packed[end:])
    return Record(id_, updated_at, boost, confirmed_at, tuple(rest[:-1]), names, version, name, facets)


def pack_text(document: Document, analysis: Analysis) -> bytes:
    """A document's texts and the places of its words as bytes, in the order that Passages reads them."""
    values = [_utf8(part.value) for part in analysis.fields]
    head = _TEXT_HEAD.pack(*map(len, values), *(len(part.starts) for part in analysis.fields))
    places = [part.starts.tobytes() + part.sizes.tobytes() for part in analysis.fields]
    texts = [(FIELD_NUMBERS[text.field], text.language, len(normalise(text.value))) for text in filled_texts(document)]
    return b"".join((head, *values, *places, _json(texts)))


def restore(record: Record, passages: Passages) -> Document:
    """The document that a record and its texts were made from."""
    facets = {facet: tuple(values) for facet, values in record.facets.items()}
    numbers = (record.updated_at, record.boost, record.confirmed_at)
    return Document(record.id, record.version, passages.texts(), facets, record.name, *numbers)


def _json(value: object) -> bytes:
    return _utf8(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _utf8(text: str) -> bytes:
    """As bytes; half of a pair of surrogates, which is no character, becomes a question mark."""
    return text.encode("utf-8", "replace")
