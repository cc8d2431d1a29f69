"""Readings: the ways to read a word, phrase or meaning of the query, as what has to stand in a text.

A word is looked for as it stands, in other spellings, by its stems, and written together or apart. Each reading has its
weight; a document counts with its best one. How readings are looked up is each engine's own affair.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from search_index import weights
from search_index.compounds import Compounds
from search_index.queries import Alternative, Meaning
from search_index.segments import Segment
from search_index.snapshot import Snapshot
from search_index.syntax import UNITS
from search_index.terms import spelling_terms, stem_terms, tag_term, word_term
from search_index.words import words_in

MOST_ALTERNATIVES = 200
MOST_WORDS = 12
"""Words of an alternative that are looked up; one that is longer is left out."""
SHORTEST_WHOLE = 3
"""Letters of two words that others write as one: E&L is not the el of El Pardo."""
_SHORT_UNITS = {short: long for long, short in UNITS.items()}
Slot = tuple[bytes, ...]
"""The terms of which any may stand at a place."""


class OneOf(NamedTuple):
    """Any of some terms."""

    terms: Iterable[bytes]
    weight: float


class SideBySide(NamedTuple):
    """Words that follow each other directly."""

    slots: tuple[Slot, ...]
    weight: float


class Together(NamedTuple):
    """Words that stand in one field, in any order."""

    slots: tuple[Slot, ...]
    weight: float


class Tagged(NamedTuple):
    """A tag that documents carry: all alike, and with nothing to mark."""

    term: bytes
    weight: float


Reading = OneOf | SideBySide | Together | Tagged


def form_readings(word: str, most: float = 1.0) -> list[Reading]:
    """A word as it stands, in other spellings, and inflected."""
    return [
        OneOf((word_term(word),), most * weights.EXACT_FORM),
        OneOf(spelling_terms(word), most * weights.OTHER_SPELLING),
        OneOf(stem_terms(word), most * weights.INFLECTION),
    ]


def word_readings(snapshot: Snapshot, segment: Segment, word: str) -> list[Reading]:
    """A single word in all its forms, as a part of a segment's compounds, and written apart."""
    compounds = Compounds.of(snapshot, segment, word)
    return [
        *form_readings(word),
        *(exact_phrase(pair, weights.OTHER_SPELLING) for pair in compounds.in_two),
        OneOf(tuple(map(word_term, compounds.longer)), weights.COMPOUND),
        *(Together(tuple(map(inflected, several)), weights.APART) for several in compounds.parts),
    ]


def chunk_readings(segments: tuple[str, ...], whole: str) -> list[Reading]:
    """Segments that stand side by side, or written as one word."""
    readings: list[Reading] = [
        SideBySide(tuple(map(inflected, each)), weights.EXACT_FORM) for each in _unit_spellings(segments)
    ]
    return readings + form_readings(whole, weights.OTHER_SPELLING) if whole else readings


def _unit_spellings(segments: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The segments, and if they end with a number and its unit, the unit written short or in full."""
    *before, last = segments
    other = UNITS.get(last) or _SHORT_UNITS.get(last)
    return [segments, (*before, other)] if other and before[-1].isdigit() else [segments]


def exact_phrase(words: Iterable[str], weight: float = 1.0) -> SideBySide:
    """Words that stand side by side just so."""
    return SideBySide(tuple(map(exact, words)), weight)


def tag_readings(meaning: Meaning) -> list[Reading]:
    """The tags among the alternatives of a meaning, each with its own weight."""
    return [
        Tagged(tag_term(each.tag), weights.MEANT_TAG * min(each.weight, 1.0)) for each in _wanted(meaning) if each.tag
    ]


def text_readings(meaning: Meaning) -> list[Reading]:
    """The texts among the alternatives of a meaning, each with its own weight."""
    return [reading for each in _wanted(meaning) if not each.tag for reading in _said(each)]


def _said(alternative: Alternative) -> Iterator[Reading]:
    words = _folded_words(alternative.text)
    if 0 < len(words) <= MOST_WORDS:
        weight = weights.MEANT_TEXT * min(alternative.weight, 1.0)
        just_so = alternative.exact or (len(words) == 1 and alternative.text.isupper())
        yield from _just_so(words, weight) if just_so else _worded(words, weight)


def _just_so(words: tuple[str, ...], weight: float) -> Iterator[Reading]:
    """A name or an abbreviation: it has no inflections, and in other letters it is another."""
    yield SideBySide(tuple((word_term(word),) for word in words), weight)
    if len(words) > 1 and not (whole := "".join(words)).isdigit():
        yield OneOf((word_term(whole),), weight)


def _wanted(meaning: Meaning) -> list[Alternative]:
    return [each for each in meaning.alternatives[:MOST_ALTERNATIVES] if each.weight > 0]


def _worded(words: tuple[str, ...], weight: float) -> Iterator[Reading]:
    """Words that say it, inflected or not."""
    if len(words) == 1:
        yield from form_readings(words[0], weight)
        return
    yield SideBySide(tuple(map(inflected, words)), weight)
    whole = "".join(words)
    if len(words) == 2 and len(whole) >= SHORTEST_WHOLE and not whole.isdigit():
        yield from form_readings(whole, weight)


@lru_cache(maxsize=8_000)
def _folded_words(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words_in(text))


@lru_cache(maxsize=8_000)
def exact(word: str) -> Slot:
    """A word as it is, or in another spelling."""
    return (word_term(word), *spelling_terms(word))


@lru_cache(maxsize=8_000)
def inflected(word: str) -> Slot:
    """A word of a phrase; one of some length may be inflected."""
    if len(word) < 4 or word.isdigit():
        return exact(word)
    return (*exact(word), *stem_terms(word))
