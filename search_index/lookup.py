"""From a word, phrase or meaning of the query to the documents that have it.

What was joined from the readings of a word is kept by the segments, so that a word that many visitors type is joined
once.
"""

from search_index import weights
from search_index.postings import NOTHING, Postings, added
from search_index.queries import Meaning
from search_index.readings import (
    OneOf,
    chunk_readings,
    exact_phrase,
    form_readings,
    tag_readings,
    text_readings,
    word_readings,
)
from search_index.segments import Segment
from search_index.snapshot import Maker, Snapshot
from search_index.syntax import Phrase, Prefix, Unit
from search_index.terms import HIDDEN, word_term

MOST_COMPLETIONS = 256


def find(snapshot: Snapshot, unit: Unit) -> Postings:
    """Everything that a unit of the query matches, in all its readings."""
    if isinstance(unit, Phrase):
        return find_phrase(snapshot, unit.words)
    if isinstance(unit, Prefix):
        return _completions(snapshot, unit.letters)
    if unit.exact:
        return find_exact(snapshot, unit.segments[0])
    if len(unit.segments) > 1:
        return find_side_by_side(snapshot, unit.segments, unit.whole)
    return find_word(snapshot, unit.segments[0])


def find_word(snapshot: Snapshot, word: str) -> Postings:
    """A single word in all its forms, as a part of compounds, and written apart."""
    return _kept(snapshot, "w", word, lambda segment: segment.found(word_readings(snapshot, segment, word)))


def find_exact(snapshot: Snapshot, word: str) -> Postings:
    """A word just as it stands."""
    return _kept(snapshot, "x", word, lambda segment: segment.found([OneOf((word_term(word),), weights.EXACT_FORM)]))


def find_form(snapshot: Snapshot, word: str) -> Postings:
    """A word as it stands, in other spellings, and inflected."""
    return _kept(snapshot, "f", word, lambda segment: segment.found(form_readings(word)))


def find_phrase(snapshot: Snapshot, words: tuple[str, ...]) -> Postings:
    """Words that stand side by side exactly as written."""
    return _kept(snapshot, "q", " ".join(words), lambda segment: segment.found([exact_phrase(words)]))


def find_side_by_side(snapshot: Snapshot, segments: tuple[str, ...], whole: str) -> Postings:
    """Segments that stand side by side, or written as one word."""
    return _kept(snapshot, "c", " ".join(segments), lambda segment: segment.found(chunk_readings(segments, whole)))


def find_meaning(snapshot: Snapshot, meaning: Meaning) -> Postings:
    """Where any alternative of a meaning stands: of a document the best tag and the best text count together."""
    return _kept(snapshot, "m", meaning.key, lambda segment: _answering(segment, meaning))


def _answering(segment: Segment, meaning: Meaning) -> Postings | None:
    tagged, worded = segment.found(tag_readings(meaning)), segment.found(text_readings(meaning))
    return added(segment.size, tagged, worded) if tagged and worded else tagged or worded


def _completions(snapshot: Snapshot, letters: str) -> Postings:
    terms = snapshot.completions(word_term(letters), MOST_COMPLETIONS)
    return _kept(snapshot, "p", letters, lambda segment: segment.found([OneOf(terms, weights.COMPLETION)]))


def _kept(snapshot: Snapshot, kind: str, words: str, make: Maker) -> Postings:
    return snapshot.kept(f"{HIDDEN}{HIDDEN}{kind}:{words}".encode(errors="replace"), make) or NOTHING
