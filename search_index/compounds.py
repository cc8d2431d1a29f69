"""Compounds: words that Swedish, Norwegian, Danish and German write as one.

The words of the index are the dictionary. A word of the query is looked for at the end of longer words (mikroskop in
svepelektronmikroskop), and is itself taken apart into words that the index knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Self

from search_index.segments import Segment
from search_index.snapshot import Snapshot
from search_index.stems import COMPOUNDING, stem_in
from search_index.stopwords import STOP_WORDS
from search_index.terms import stem_term, word_term

MOST_LONGER = 64
"""Longer words that one word of the query is looked for in."""
_SHORTEST_HEAD = 6
"""Letters of a word that is looked for at the end of others."""
_SHORTEST_FRONT = 3
_SHORTEST_PART = 4
_SHORTEST_SPLIT = 3
_SHORTEST_STEM = 6
_LONG_PART = 5
_MANY_READ = 400
_MOST_THREES = 4
_PREFIXES = frozenset(["inter", "intra", "trans", "pre", "pro", "con", "com", "dis", "mis", "non", "sub"])
"""They change what a word means: the international is no kind of the national."""
_JOINING = ("s", "e", "n", "en", "es", "er", "o")
_INFLECTIONS = (
    *("", "s", "e", "a", "n", "t", "en", "et", "er", "ar", "or", "na", "ens", "ets", "ers", "es"),
    *("ene", "erne", "erna", "arna", "orna", "em", "ern"),
)


@dataclass(frozen=True, slots=True)
class Compounds:
    """What a word has to do with others: it is `in_two` side by side, the end of `longer` ones, made of `parts`."""

    in_two: list[tuple[str, str]]
    longer: list[str]
    parts: list[tuple[str, ...]]

    @classmethod
    def of(cls, snapshot: Snapshot, segment: Segment, word: str) -> Self:
        """The compounds of a word among those of a segment. A word that the index knows is not taken apart."""
        known = any(_is_form(each, word) for each in snapshot.segments)
        return cls(in_two(segment, word), longer_words(snapshot, segment, word), [] if known else parts(segment, word))


def longer_words(snapshot: Snapshot, segment: Segment, word: str) -> list[str]:
    """A segment's compounds whose last part is the word or an inflection of it, the shortest first."""
    if len(word) < _SHORTEST_HEAD or not word.isalpha():
        return []
    found = {
        longer
        for ending in _endings(word)
        for longer in segment.vocabulary.ending_with(ending, _MANY_READ)
        if _joins(snapshot, segment, longer, ending)
    }
    return sorted(found, key=lambda longer: (len(longer), longer))[:MOST_LONGER]


def _endings(word: str) -> list[str]:
    """The word, and its stems with each inflection."""
    stems = {stem for letter in COMPOUNDING if len(stem := stem_in(letter, word)) >= _SHORTEST_STEM}
    return sorted({word} | {stem + inflection for stem in stems for inflection in _INFLECTIONS})


def _joins(snapshot: Snapshot, segment: Segment, longer: str, ending: str) -> bool:
    """Whether a longer word is a compound. English words that end with other words are not."""
    front = longer.removesuffix(ending)
    if front == longer or len(front) < _SHORTEST_FRONT or front in _PREFIXES:
        return False
    return _has_stem(segment, longer) and _is_front(snapshot, front)


def _has_stem(segment: Segment, word: str) -> bool:
    """Whether a text in a language that has compounds, or in an unknown one, has a form of the word."""
    stems = [(letter, stem_in(letter, word)) for letter in COMPOUNDING]
    return any(segment.holds(stem_term(mark, stem)) for letter, stem in stems for mark in (letter, "u"))


def _is_front(snapshot: Snapshot, front: str) -> bool:
    """Whether letters can stand in front: a known word, one with a joint, or several words of which the last is."""
    if _knows(snapshot, front) or any(_knows(snapshot, bare) for bare in _without_joint(front, _SHORTEST_FRONT)):
        return True
    tails = (front[at:] for at in range(_SHORTEST_FRONT, len(front) - _LONG_PART + 1))
    return any(_knows(snapshot, tail) for tail in tails)


def _without_joint(front: str, shortest: int) -> list[str]:
    bare = [front.removesuffix(joint) for joint in _JOINING if front.endswith(joint)]
    return [word for word in bare if len(word) >= shortest]


def _knows(snapshot: Snapshot, word: str) -> bool:
    """Whether any text has the word just so."""
    return any(each.has(word) for each in snapshot.vocabularies())


def in_two(segment: Segment, word: str) -> list[tuple[str, str]]:
    """Two known words that the word is made of; an article in front does not count as one."""
    if len(word) < _SHORTEST_SPLIT:
        return []
    pairs = [(word[:at], word[at:]) for at in range(1, len(word))]
    return [pair for pair in pairs if all(_is_piece(segment, part) for part in pair)]


def _is_piece(segment: Segment, part: str) -> bool:
    if len(part) < _SHORTEST_FRONT or not part.isalpha():
        return (len(part) > 1 or part not in STOP_WORDS) and segment.holds(word_term(part))
    return segment.vocabulary.has(part)


def parts(segment: Segment, word: str) -> list[tuple[str, ...]]:
    """Two or three known words of some length that a compound is made of, joints left out."""
    if len(word) < 2 * _SHORTEST_PART or not word.isalpha():
        return []
    pairs = list(_pairs(segment, word))
    if pairs:
        return pairs
    threes = ((first, *rest) for first, after in _fronts(segment, word) for rest in _pairs(segment, after))
    return list(islice(threes, _MOST_THREES))


def _pairs(segment: Segment, word: str) -> Iterator[tuple[str, ...]]:
    for first, after in _fronts(segment, word):
        if len(after) >= _SHORTEST_PART and _is_form(segment, after):
            yield first, after


def _fronts(segment: Segment, word: str) -> Iterator[tuple[str, str]]:
    """Known words that the word begins with, without a joint, and what comes after."""
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        fronts = (word[:at], *_without_joint(word[:at], _SHORTEST_PART))
        known = next((front for front in fronts if segment.vocabulary.has(front)), None)
        if known:
            yield known, word[at:]


def _is_form(segment: Segment, word: str) -> bool:
    """Whether a word is known as it is or inflected."""
    return segment.vocabulary.has(word) or _has_stem(segment, word)
