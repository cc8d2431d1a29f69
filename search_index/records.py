"""What the index keeps of each document beside its postings.

The *record* is read for all documents when a segment is opened: what ranking, filtering and comparing need.
The *text* is read for the few documents of a page (found words marked), and when segments are joined.
"""

import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from search_index.analysis import FIELD_NUMBERS, Analysis, filled_texts
from search_index.documents import FIELDS, NUMBERS, Document, Text
from search_index.letters import fold, normalise
from search_index.words import chunks

FORMAT_VERSION = 5
"""Raise this when the layout of postings, records or texts changes: older indexes are then built anew."""
SORT_KEY_SIZE = 64
HEAD = np.dtype(
    [
        ("id", "<i8"),
        ("updated_at", "<f8"),
        ("boost", "<f8"),
        ("confirmed_at", "<f8"),
        ("point", "<f4", 2),
        ("ranges", "<f4", 2 * len(NUMBERS)),
        ("lengths", "<u2", len(FIELDS)),
        ("sort_key", f"S{SORT_KEY_SIZE}"),
        ("names", "<u2"),
    ]
)
"""How a record begins. A point or range that is not known is NaN; as many names follow as `names` says."""
NAME = np.dtype([("hash", "<u8"), ("kind", "u1")])
_TEXT_HEAD = struct.Struct(f"<{2 * len(FIELDS)}I")
_PLACE = struct.Struct("=I")
_NAMING = {"title": 0, "model": 1, "names": 2}
"""The fields that name a listing: a query that is the whole of one puts it on top."""
_MAKER_WORDS = 3
"""Words that a maker's name in front of a model may have: Carl Zeiss Microscopy LSM 880."""
_UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says that only single documents are asked for."""

    id: int
    updated_at: float
    boost: float
    confirmed_at: float
    point: tuple[float, float] | None
    numbers: dict[str, tuple[float, float]]
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
        values = [self.value(field) for field in range(len(FIELDS))]
        at = [0] * len(FIELDS)
        found = []
        for field, language, length in self._rest()[0]:
            found.append(Text(FIELDS[field], language, values[field][at[field] : at[field] + length]))
            at[field] += length + 1
        return tuple(found)

    def tags(self) -> tuple[str, ...]:
        """The document's tags."""
        return tuple(self._rest()[1])

    def _rest(self) -> tuple[list[tuple[int, str, int]], list[str]]:
        start = _TEXT_HEAD.size + sum(self._sizes) + 5 * sum(self._counts)
        texts, tags = json.loads(self._packed[start:])
        return texts, tags


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
    return fold(name).strip().encode()[:SORT_KEY_SIZE]


def pack_record(document: Document, analysis: Analysis) -> bytes:
    """A document's record as bytes."""
    names = {(hashed, _NAMING[text.field]) for text in document.texts for hashed in _name_hashes(text)}
    lengths = [min(part.length(), 65_535) for part in analysis.fields]
    times = (document.updated_at, document.boost, document.confirmed_at)
    point = document.point or (_UNKNOWN, _UNKNOWN)
    head = np.array(
        [(document.id, *times, point, _ranges(document), lengths, sort_key(document.name), len(names))], HEAD
    )
    facets = {facet: list(dict.fromkeys(values)) for facet, values in document.facets.items() if values}
    rest = _json([document.version, document.name, facets])
    return head.tobytes() + np.array(sorted(names), NAME).tobytes() + rest


def _ranges(document: Document) -> list[float]:
    return [each for number in NUMBERS for each in document.numbers.get(number, (_UNKNOWN, _UNKNOWN))]


def split(packed: bytes) -> tuple[bytes, bytes, bytes]:
    """The three parts of a record: its head, its names, and the rest."""
    end = HEAD.itemsize + NAME.itemsize * int.from_bytes(packed[HEAD.itemsize - 2 : HEAD.itemsize], "little")
    return packed[: HEAD.itemsize], packed[HEAD.itemsize : end], packed[end:]


def read_rest(rest: bytes) -> tuple[str, str, dict[str, list[str]]]:
    """A document's version, name and values by facet."""
    version, name, facets = json.loads(rest.decode())
    return version, name, facets


def unpack_record(packed: bytes) -> Record:
    """The record that `pack_record` made."""
    head, _names, rest = split(packed)
    id_, updated_at, boost, confirmed_at, point, ranges, *_ = np.frombuffer(head, HEAD)[0].tolist()
    known = None if np.isnan(point[0]) else (float(point[0]), float(point[1]))
    pairs = zip(NUMBERS, zip(ranges[::2].tolist(), ranges[1::2].tolist(), strict=True), strict=True)
    numbers = {number: pair for number, pair in pairs if not np.isnan(pair[0])}
    return Record(id_, updated_at, boost, confirmed_at, known, numbers, *read_rest(rest))


def pack_text(document: Document, analysis: Analysis) -> bytes:
    """A document's texts and the places of its words as bytes, in the order that Passages reads them."""
    values = [_utf8(part.value) for part in analysis.fields]
    head = _TEXT_HEAD.pack(*map(len, values), *(len(part.starts) for part in analysis.fields))
    places = [part.starts.tobytes() + part.sizes.tobytes() for part in analysis.fields]
    texts = [(FIELD_NUMBERS[text.field], text.language, len(normalise(text.value))) for text in filled_texts(document)]
    return b"".join((head, *values, *places, _json([texts, document.tags])))


def restore(record: Record, passages: Passages) -> Document:
    """The document that a record and its texts were made from."""
    return Document(
        id=record.id,
        version=record.version,
        texts=passages.texts(),
        facets={facet: tuple(values) for facet, values in record.facets.items()},
        name=record.name,
        updated_at=record.updated_at,
        boost=record.boost,
        confirmed_at=record.confirmed_at,
        tags=passages.tags(),
        point=record.point,
        numbers=record.numbers,
    )


def _json(value: object) -> bytes:
    return _utf8(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _utf8(text: str) -> bytes:
    """As bytes; half of a pair of surrogates, which is no character, becomes a question mark."""
    return text.encode("utf-8", "replace")
