"""Meanings: the documents that answer a part of a query by another name of the same thing."""

from collections.abc import Callable
from functools import cache, lru_cache, partial

import numpy as np

from search_index import weights
from search_index.lookup import (
    NOTHING,
    Places,
    Reading,
    Source,
    exact_phrase,
    form_readings,
    joined,
    phrase,
    word_places,
)
from search_index.queries import Alternative, Meaning
from search_index.segments import Postings
from search_index.snapshot import Snapshot
from search_index.terms import HIDDEN, tag_term
from search_index.words import words_in

MOST_ALTERNATIVES = 200
MOST_WORDS = 12
"""Words of an alternative that are looked up; one that is longer is left out."""
SHORTEST_WHOLE = 3
"""Letters of two words that others write as one: E&L is not the el of El Pardo."""


def find_meaning(snapshot: Snapshot, meaning: Meaning) -> Postings:
    """Where any alternative of a meaning stands: of a document the best tag and the best text count together."""
    key = f"{HIDDEN}{HIDDEN}m:{meaning.key}".encode(errors="replace")
    return snapshot.kept(key, lambda segment: _answering(segment, meaning)) or NOTHING


def _answering(source: Source, meaning: Meaning) -> Postings | None:
    wanted = [each for each in meaning.alternatives[:MOST_ALTERNATIVES] if each.weight > 0]
    tagged = joined(source, _readings(source, [each for each in wanted if each.tag]))
    worded = joined(source, _readings(source, [each for each in wanted if not each.tag]))
    return _added(source, tagged, worded) if tagged and worded else tagged or worded


def _added(source: Source, tagged: Postings, worded: Postings) -> Postings:
    """A tag tells that a document has it, its text how much it is about it."""
    strength = np.zeros(source.size, np.float32)
    strength[tagged.documents] = tagged.strength
    strength[worded.documents] += worded.strength
    documents = np.flatnonzero(strength).astype(np.int32)
    return Postings(documents, strength[documents], worded.places)


def _readings(source: Source, wanted: list[Alternative]) -> list[Reading]:
    places = cache(partial(word_places, source))
    return [
        Reading(reading.postings, reading.weight * min(each.weight, 1.0))
        for each in wanted
        for reading in (_tagged(source, each.tag) if each.tag else _worded(source, each.text, places))
    ]


def _tagged(source: Source, tag: str) -> list[Reading]:
    """The documents that carry a tag: all alike, and with nothing to mark."""
    found = source.postings(tag_term(tag))
    if found is None:
        return []
    strength = np.full(len(found.documents), weights.TAG_STRENGTH, np.float32)
    return [Reading(Postings(found.documents, strength, NOTHING.places), weights.MEANT_TAG)]


def _worded(source: Source, text: str, places: Callable[[str], Places]) -> list[Reading]:
    """The documents whose words say it. An abbreviation has no inflections."""
    words = _folded_words(text)
    if not 0 < len(words) <= MOST_WORDS:
        return []
    if len(words) > 1:
        return [*phrase(source, map(places, words), weights.MEANT_TEXT), *_written_as_one(source, words)]
    if text.isupper():
        return exact_phrase(source, words, weights.MEANT_TEXT)
    return form_readings(source, words[0], weights.MEANT_TEXT)


def _written_as_one(source: Source, words: tuple[str, ...]) -> list[Reading]:
    whole = "".join(words)
    if len(words) > 2 or len(whole) < SHORTEST_WHOLE or whole.isdigit():
        return []
    return form_readings(source, whole, weights.MEANT_TEXT)


@lru_cache(maxsize=8_000)
def _folded_words(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words_in(text))
