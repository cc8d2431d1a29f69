"""From a word or phrase of the query to where it stands.

A word is looked up as it stands, in other spellings, by its stems, and written together or apart. Each
reading has its weight; a document counts with its best reading. What was joined from the readings of a word is kept
by the segments, so that a word that many visitors type is joined once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search_index import weights
from search_index.analysis import FIELD_SHIFT
from search_index.compounds import Compounds
from search_index.segments import Postings, Segment
from search_index.snapshot import Snapshot
from search_index.syntax import UNITS, Phrase, Prefix, Unit
from search_index.terms import HIDDEN, spelling_terms, stem_terms, word_term

MOST_COMPLETIONS = 256
_SHORT_UNITS = {short: long for long, short in UNITS.items()}
Places = NDArray[np.uint64]
_NO_PLACES: Places = np.zeros(0, np.uint64)
NOTHING = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32), _NO_PLACES)


class Source(Protocol):
    """What words are looked up in: a segment, or the whole index."""

    size: int

    def postings(self, term: bytes) -> Postings | None:
        """Where a term stands; None if nowhere."""

    def field_norm(self, documents: NDArray[np.int64], fields: NDArray[np.int64]) -> NDArray[np.float32]:
        """What one occurrence in each of these documents and fields is worth."""


Maker = Callable[[Segment], Postings | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: postings that count with a weight."""

    postings: Postings
    weight: float


def find(snapshot: Snapshot, unit: Unit) -> Postings:
    """Everything that a unit of the query matches, in all its readings."""
    if isinstance(unit, Phrase):
        return find_phrase(snapshot, unit.words)
    if isinstance(unit, Prefix):
        return _completions(snapshot, unit.letters)
    if len(unit.segments) > 1:
        return find_side_by_side(snapshot, unit.segments, unit.whole)
    return find_word(snapshot, unit.segments[0])


def find_word(snapshot: Snapshot, word: str) -> Postings:
    """A single word in all its forms, as a part of compounds, and written apart."""
    return _kept(snapshot, "w", word, lambda segment: joined(segment, _word_readings(snapshot, segment, word)))


def find_form(snapshot: Snapshot, word: str) -> Postings:
    """A word as it stands, in other spellings, and inflected."""
    return _kept(snapshot, "f", word, lambda source: joined(source, form_readings(source, word)))


def find_phrase(snapshot: Snapshot, words: tuple[str, ...]) -> Postings:
    """Words that stand side by side exactly as written."""
    return _kept(snapshot, "q", " ".join(words), lambda source: joined(source, exact_phrase(source, words)))


def find_side_by_side(snapshot: Snapshot, segments: tuple[str, ...], whole: str) -> Postings:
    """Segments that stand side by side, or written as one word."""
    make = partial(_chunk_readings, segments=segments, whole=whole)
    return _kept(snapshot, "c", " ".join(segments), lambda source: joined(source, make(source)))


def _completions(snapshot: Snapshot, letters: str) -> Postings:
    terms = snapshot.completions(word_term(letters), MOST_COMPLETIONS)
    make = partial(_term_readings, terms=terms, weight=weights.COMPLETION)
    return _kept(snapshot, "p", letters, lambda source: joined(source, make(source)))


def _kept(snapshot: Snapshot, kind: str, words: str, make: Maker) -> Postings:
    return snapshot.kept(f"{HIDDEN}{HIDDEN}{kind}:{words}".encode(errors="replace"), make) or NOTHING


def joined(source: Source, readings: list[Reading]) -> Postings | None:
    """Several readings as one: the best strength for each document, and all places, each once."""
    if not readings:
        return None
    if len(readings) == 1:
        return _weighed(readings[0])
    strength = np.zeros(source.size, np.float32)
    for reading in readings:
        documents = reading.postings.documents
        strength[documents] = np.maximum(strength[documents], reading.postings.strength * np.float32(reading.weight))
    documents = np.flatnonzero(strength).astype(np.int32)
    return Postings(documents, strength[documents], merge([reading.postings.places for reading in readings]))


def _weighed(reading: Reading) -> Postings:
    postings = reading.postings
    if reading.weight == 1.0:
        return postings
    return Postings(postings.documents, postings.strength * np.float32(reading.weight), postings.places)


def merge(parts: list[Places]) -> Places:
    """Several ascending lists of places as one, each place once."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else _NO_PLACES
    together = np.concatenate(filled)
    together.sort(kind="stable")
    return together[np.concatenate(([True], together[1:] != together[:-1]))]


def form_readings(source: Source, word: str, most: float = 1.0) -> list[Reading]:
    """The readings of a word as it stands, in other spellings, and inflected."""
    return [
        *_term_readings(source, (word_term(word),), most * weights.EXACT_FORM),
        *_term_readings(source, spelling_terms(word), most * weights.OTHER_SPELLING),
        *_term_readings(source, stem_terms(word), most * weights.INFLECTION),
    ]


def _word_readings(snapshot: Snapshot, segment: Segment, word: str) -> list[Reading]:
    compounds = Compounds.of(snapshot, segment, word)
    readings = form_readings(segment, word)
    for pair in compounds.in_two:
        readings += exact_phrase(segment, pair, weights.OTHER_SPELLING)
    readings += _term_readings(segment, map(word_term, compounds.longer), weights.COMPOUND)
    for several in compounds.parts:
        readings += _together(segment, several)
    return readings


def _chunk_readings(source: Source, segments: tuple[str, ...], whole: str) -> list[Reading]:
    readings = [
        reading
        for each in _unit_spellings(segments)
        for reading in phrase(source, (word_places(source, segment) for segment in each), weights.EXACT_FORM)
    ]
    return readings + form_readings(source, whole, weights.OTHER_SPELLING) if whole else readings


def _unit_spellings(segments: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The segments, and if they end with a number and its unit, the unit written short or in full."""
    *before, last = segments
    other = UNITS.get(last) or _SHORT_UNITS.get(last)
    return [segments, (*before, other)] if other and before[-1].isdigit() else [segments]


def exact_places(source: Source, word: str) -> Places:
    """Where a word stands as it is, or in another spelling."""
    terms = (word_term(word), *spelling_terms(word))
    return merge([found.places for term in terms if (found := source.postings(term)) is not None])


def word_places(source: Source, segment: str) -> Places:
    """Where a segment of a chunk stands; words of some length may be inflected."""
    if len(segment) < 4 or segment.isdigit():
        return exact_places(source, segment)
    return merge([reading.postings.places for reading in form_readings(source, segment)])


def _term_readings(source: Source, terms: Iterable[bytes], weight: float) -> list[Reading]:
    found = [source.postings(term) for term in terms]
    return [Reading(postings, weight) for postings in found if postings is not None]


def exact_phrase(source: Source, words: Iterable[str], weight: float = 1.0) -> list[Reading]:
    """The reading of words that stand side by side just so."""
    return phrase(source, (exact_places(source, word) for word in words), weight)


def phrase(source: Source, slots: Iterable[Places], weight: float) -> list[Reading]:
    """The reading of words that follow each other directly, if they do anywhere. Words are read until that is known."""
    length, ends = side_by_side(slots)
    if not len(ends):
        return []
    places = merge([ends - np.uint64(back) for back in range(length)])
    return [Reading(_measured(source, ends, places), weight)]


def side_by_side(slots: Iterable[Places]) -> tuple[int, Places]:
    """How many words there are, and where the last stands when they follow each other. A word's places ascend."""
    length, places = 0, _NO_PLACES
    for following in slots:
        places = _common(places + np.uint64(1), following) if length else following
        length += 1
        if not len(places):
            break
    return length, places


def _common(left: Places, right: Places) -> Places:
    """The places in both; the shorter is looked up in the longer."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if not len(short):
        return _NO_PLACES
    at = np.searchsorted(long, short)
    at[at == len(long)] = 0
    shared: Places = short[long[at] == short]
    return shared


def _together(source: Source, words: Iterable[str]) -> list[Reading]:
    """The reading of a compound whose parts stand in one field, in any order."""
    slots = [word_places(source, word) for word in words]
    fields = [slot >> np.uint64(FIELD_SHIFT) for slot in slots]
    shared = fields[0]
    for following in fields[1:]:
        shared = shared[np.isin(shared, following)]
    if not len(shared):
        return []
    places = merge([slot[np.isin(in_field, shared)] for slot, in_field in zip(slots, fields, strict=True)])
    ends = slots[-1][np.isin(fields[-1], shared)]
    return [Reading(_measured(source, ends, places), weights.APART)]


def _measured(source: Source, ends: Places, places: Places) -> Postings:
    """Postings for what was found at `ends`, with all `places` that can be marked for it."""
    of_document = (ends >> np.uint64(32)).astype(np.int64)
    fields = (ends & np.uint64(0xFFFFFFFF)) >> np.uint64(FIELD_SHIFT)
    worth = source.field_norm(of_document, fields.astype(np.int64))
    first = np.flatnonzero(np.concatenate(([True], of_document[1:] != of_document[:-1])))
    strength = np.add.reduceat(worth, first).astype(np.float32)
    return Postings(of_document[first].astype(np.int32), strength, places)
