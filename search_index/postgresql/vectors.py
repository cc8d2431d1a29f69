"""Terms as PostgreSQL's full text takes them: tsvector for the fields of a document, tsquery for a reading.

Nothing is left to its parsers and dictionaries: lexemes are our own terms, quoted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from search_index.analysis import FIELD_SHIFT, MOST_PLACES, Analysis
from search_index.readings import OneOf, Reading, SideBySide, Slot, Tagged

_LONGEST_LEXEME = 250
"""Bytes of a term; nobody types a longer one, and PostgreSQL takes none of 2 kB."""
_PLACES = 1_000
"""Places of a field that are in one vector: PostgreSQL counts to 16,383, and to 255 for one lexeme."""
_OVERLAP = 40
"""Places that are in two vectors, so that no phrase is cut: it has no more words."""
_MOST_POSITIONS = 255
_MOST_BYTES = 600_000
"""Bytes of one vector; PostgreSQL takes 1 MB."""

Places = dict[bytes, list[int]]


def lexeme(term: bytes) -> str:
    """A term without the one character that PostgreSQL's texts cannot have."""
    return term.decode().replace("\0", "\ufffd")


def is_indexed(term: bytes) -> bool:
    """Whether a term is short enough to be found."""
    return len(term) <= _LONGEST_LEXEME


def quoted(term: bytes) -> str:
    """A term as a lexeme in a tsvector or tsquery."""
    return "'" + lexeme(term).replace("\\", "\\\\").replace("'", "''") + "'"


def vectors(analysis: Analysis) -> Iterator[tuple[int, str]]:
    """The fields of a document, each with a vector; a long field has several."""
    for field, terms in _by_field(analysis).items():
        for part in _parts(terms):
            for some in _in_size(part):
                yield field, " ".join(some)


def _by_field(analysis: Analysis) -> dict[int, Places]:
    """The places of each term in each field."""
    fields: dict[int, Places] = defaultdict(dict)
    for term, occurrences in analysis.postings.items():
        if is_indexed(term):
            for occurrence in occurrences:
                places = fields[occurrence >> FIELD_SHIFT].setdefault(term, [])
                places.append(occurrence & ((1 << FIELD_SHIFT) - 1))
    return fields


def _parts(terms: Places) -> Iterator[Places]:
    """A field in stretches that PostgreSQL can count through, which overlap. Tags stand behind all words."""
    last = max((place for places in terms.values() for place in places if place < MOST_PLACES), default=0)
    if last < _PLACES:
        yield terms
        return
    for start in range(0, last + 1, _PLACES):
        within = range(start, start + _PLACES + _OVERLAP)
        found = {term: [place - start for place in places if place in within] for term, places in terms.items()}
        yield {term: places for term, places in found.items() if places}
    yield {term: places for term, places in terms.items() if places[-1] > MOST_PLACES}


def _in_size(terms: Places) -> Iterator[list[str]]:
    """The lexemes of a stretch; only texts that were made to be long do not fit into one vector."""
    some: list[str] = []
    size = 0
    for term, places in terms.items():
        some.append(quoted(term) + _positions(places))
        size += len(term) + 2 * len(places) + 8
        if size > _MOST_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _positions(places: list[int]) -> str:
    """Positions count from 1. A tag has none."""
    if places[0] > MOST_PLACES:
        return ""
    return ":" + ",".join([str(place + 1) for place in islice(places, _MOST_POSITIONS)])


def query_of(reading: Reading, known: Callable[[bytes], bool]) -> str | None:
    """What a reading asks of a vector; None if that cannot be, because no document has the words."""
    if isinstance(reading, OneOf):
        return _any(reading.terms, known)
    if isinstance(reading, Tagged):
        return _any((reading.term,), known)
    return _all(reading.slots, " <-> " if isinstance(reading, SideBySide) else " & ", known)


def _any(terms: Iterable[bytes], known: Callable[[bytes], bool]) -> str | None:
    found = [quoted(term) for term in dict.fromkeys(terms) if is_indexed(term) and known(term)]
    return " | ".join(found) or None


def _all(slots: tuple[Slot, ...], joint: str, known: Callable[[bytes], bool]) -> str | None:
    found = []
    for slot in slots:
        words = _any(slot, known)
        if words is None:
            return None
        found.append(f"({words})")
    return joint.join(found) or None
