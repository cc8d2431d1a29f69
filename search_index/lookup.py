"""From a word or phrase of the query to where it stands: a `Found`.

A word is looked up as it stands, in other spellings, by its stems, and written together or apart. Each
reading has its weight; a document counts with its best reading. Readings with weights are also the place
where synonyms and related concepts join in: they are more readings of the same word.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index import weights
from search_index.analysis import FIELD_SHIFT
from search_index.segments import Postings
from search_index.snapshot import Snapshot
from search_index.stopwords import STOP_WORDS
from search_index.syntax import Phrase, Prefix, Unit, Word
from search_index.terms import spelling_terms, stem_terms, word_term

MOST_COMPLETIONS = 256
_SHORTEST_COMPOUND = 3
Places = NDArray[np.uint64]
_NO_PLACES: Places = np.zeros(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: postings that count with a weight."""

    postings: Postings
    weight: float


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that one unit of the query matched."""

    readings: tuple[Reading, ...]

    def __bool__(self) -> bool:
        return bool(self.readings)

    def places(self) -> Places:
        """All places, ascending."""
        return merge([reading.postings.places for reading in self.readings])


def merge(parts: list[Places]) -> Places:
    """Several ascending lists of places as one."""
    if len(parts) < 2:
        return parts[0] if parts else _NO_PLACES
    joined = np.concatenate(parts)
    joined.sort(kind="stable")
    return joined


def find(snapshot: Snapshot, unit: Unit) -> Found:
    """Look up one unit of the query."""
    if isinstance(unit, Phrase):
        return _found(phrase(snapshot, [exact_places(snapshot, word) for word in unit.words], 1.0))
    if isinstance(unit, Prefix):
        terms = snapshot.completions(word_term(unit.letters), MOST_COMPLETIONS)
        return _found(_readings(snapshot, terms, weights.COMPLETION))
    return _found(find_chunk(snapshot, unit) if len(unit.segments) > 1 else find_word(snapshot, unit))


def _found(readings: Iterable[Reading]) -> Found:
    return Found(tuple(readings))


def find_form(snapshot: Snapshot, word: str, most: float = 1.0) -> list[Reading]:
    """The readings of a word as it stands, in other spellings, and inflected."""
    return [
        *_readings(snapshot, (word_term(word),), most * weights.EXACT_FORM),
        *_readings(snapshot, spelling_terms(word), most * weights.OTHER_SPELLING),
        *_readings(snapshot, stem_terms(word), most * weights.INFLECTION),
    ]


def find_word(snapshot: Snapshot, word: Word) -> list[Reading]:
    """The readings of a single word, with those where it is written as two."""
    readings = find_form(snapshot, word.segments[0])
    for left, right in _splits(snapshot, word):
        slots = [exact_places(snapshot, left), exact_places(snapshot, right)]
        readings += phrase(snapshot, slots, weights.OTHER_SPELLING)
    return readings


def find_chunk(snapshot: Snapshot, word: Word) -> list[Reading]:
    """The readings of segments that stand side by side, or written as one word."""
    slots = [_slot(snapshot, segment) for segment in word.segments]
    readings = phrase(snapshot, slots, weights.EXACT_FORM)
    return readings + find_form(snapshot, word.whole, weights.OTHER_SPELLING) if word.whole else readings


def exact_places(snapshot: Snapshot, word: str) -> Places:
    """Where a word stands as it is, or in another spelling."""
    terms = (word_term(word), *spelling_terms(word))
    return merge([found.places for term in terms if (found := snapshot.postings(term)) is not None])


def _slot(snapshot: Snapshot, segment: str) -> Places:
    """Where a segment of a chunk stands; words of some length may be inflected."""
    if len(segment) < 4 or segment.isdigit():
        return exact_places(snapshot, segment)
    return merge([reading.postings.places for reading in find_form(snapshot, segment)])


def _splits(snapshot: Snapshot, word: Word) -> list[tuple[str, str]]:
    """Two known words that the word may be made of; an article in front does not count as one."""
    letters = word.segments[0]
    if len(letters) < _SHORTEST_COMPOUND:
        return []
    pairs = [(letters[:at], letters[at:]) for at in range(1, len(letters))]
    return [pair for pair in pairs if all(_is_piece(snapshot, part) for part in pair)]


def _is_piece(snapshot: Snapshot, part: str) -> bool:
    return (len(part) > 1 or part not in STOP_WORDS) and snapshot.holds(word_term(part))


def _readings(snapshot: Snapshot, terms: Iterable[bytes], weight: float) -> list[Reading]:
    found = [snapshot.postings(term) for term in terms]
    return [Reading(postings, weight) for postings in found if postings is not None]


def side_by_side(slots: list[Places]) -> Places:
    """Where the last of several words stands when they follow each other. A word's places ascend."""
    places = slots[0]
    for following in slots[1:]:
        places = _common(places + np.uint64(1), following)
    return places


def _common(left: Places, right: Places) -> Places:
    """The places in both; the shorter is looked up in the longer."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if not len(short):
        return _NO_PLACES
    at = np.searchsorted(long, short)
    at[at == len(long)] = 0
    shared: Places = short[long[at] == short]
    return shared


def phrase(snapshot: Snapshot, slots: list[Places], weight: float) -> list[Reading]:
    """The reading of words that follow each other directly, if they do anywhere."""
    places = side_by_side(slots)
    if not len(places):
        return []
    return [Reading(_from_places(snapshot, np.unique(places), len(slots)), weight)]


def _from_places(snapshot: Snapshot, ends: Places, length: int) -> Postings:
    """Postings for phrases that end at these places; every word of each is a place that can be marked."""
    of_document = (ends >> np.uint64(32)).astype(np.int64)
    fields = (ends & np.uint64(0xFFFFFFFF)) >> np.uint64(FIELD_SHIFT)
    worth = snapshot.field_norm(of_document, fields.astype(np.int64))
    first = np.flatnonzero(np.concatenate(([True], of_document[1:] != of_document[:-1])))
    strength = np.add.reduceat(worth, first).astype(np.float32)
    places = merge([ends - np.uint64(back) for back in range(length)])
    return Postings(of_document[first].astype(np.int32), strength, places)
