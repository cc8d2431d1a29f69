"""Words: how a text is cut up, and how names like LSM-880 or FACSAria keep all their readings.

A *chunk* is what people write without a space: `LSM-880`, `cryo-EM`, `600MHz`. Its *segments* are the
runs of letters and of digits in it. Every segment is a word with a place of its own; a chunk of several
segments is a word as a whole too, and so are the parts of a segment like FACSAria that has capitals inside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from search_index.letters import fold, normalise

LONGEST_WORD = 40
"""Letters of a word that count; the rest is cut off."""
_LONGEST_WHOLE = 6
"""Segments up to which a chunk is also a word as a whole."""

_CHUNK = re.compile(r"[^\W_]+(?:[-\u2010\u2011\u2013./'\u2019+_\u00b7][^\W_]+)*")
_SEGMENT = re.compile(r"[^\W\d_]+|\d+|[^\W_]")
_CAPITALS = re.compile(r"[A-ZÅÄÖÆØÜ]+(?![a-zåäöæøü])|[A-ZÅÄÖÆØÜ]?[a-zåäöæøüéß]+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Folded `segments`, their `spans` (start, length) in the chunk, the `whole`, `inner` parts by segment."""

    segments: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    whole: str
    inner: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class WordIn:
    """A word of a text: a run of letters or of digits, `folded`, that stands from `start` to `end` - 1 in it."""

    folded: str
    start: int
    end: int


def words_in(text: str) -> list[WordIn]:
    """All words of a text in order, those in quotes and operators included; positions are in `normalise(text)`."""
    return [
        WordIn(segment, at + start, at + start + size)
        for at, chunk in chunks(normalise(text))
        for segment, (start, size) in zip(chunk.segments, chunk.spans, strict=True)
    ]


def chunks(text: str) -> Iterator[tuple[int, Chunk]]:
    """The chunks of a normalised text, each with where it starts."""
    for match in _CHUNK.finditer(text):
        yield match.start(), read_chunk(match[0])


@lru_cache(maxsize=20_000)
def read_chunk(written: str) -> Chunk:
    """Cut one chunk into its segments and other readings."""
    found = list(_SEGMENT.finditer(written))
    segments = tuple(fold(match[0])[:LONGEST_WORD] for match in found)
    spans = tuple((match.start(), len(match[0])) for match in found)
    inner = tuple((at, part) for at, match in enumerate(found) for part in inner_parts(match[0]))
    return Chunk(segments, spans, _whole(segments), inner)


def inner_parts(segment: str) -> list[str]:
    """The folded parts, of two letters or more, of a segment with capitals inside: FACSAria is facs and aria."""
    if segment.islower() or segment.isupper() or segment.istitle() or len(segment) < 4:
        return []
    parts = _CAPITALS.findall(segment)
    return [fold(part) for part in parts if len(part) > 1] if len(parts) > 1 else []


def _whole(segments: tuple[str, ...]) -> str:
    """The segments written together; not for numbers such as 2.5, which would become other numbers."""
    if not 1 < len(segments) <= _LONGEST_WHOLE or all(segment.isdigit() for segment in segments):
        return ""
    return "".join(segments)[:LONGEST_WORD]
