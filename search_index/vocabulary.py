"""The words that an index knows, in a form that can be looked through quickly."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.terms import FIRST_WORD

_SHORTEST = 3
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` in order, with their lengths, a bit for each letter they have, and their order by last letters."""

    words: list[str]
    lengths: NDArray[np.int32]
    letters: NDArray[np.uint32]
    by_ending: NDArray[np.int32]

    def has(self, word: str) -> bool:
        """Whether the word is known."""
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at] == word

    def beginning_with(self, letters: str, limit: int) -> list[str]:
        """The first `limit` words that begin with some letters."""
        first = bisect_left(self.words, letters)
        last = bisect_left(self.words, letters + _AFTER_ALL, lo=first)
        return self.words[first : min(last, first + limit)]

    def ending_with(self, letters: str, limit: int) -> list[str]:
        """`limit` words that end with some letters."""
        backwards = letters[::-1]
        first = bisect_left(self.by_ending, backwards, key=self._backwards)
        last = bisect_left(self.by_ending, backwards + _AFTER_ALL, lo=first, key=self._backwards)
        return [self.words[at] for at in self.by_ending[first : min(last, first + limit)]]

    def _backwards(self, at: int) -> str:
        return self.words[at][::-1]


def vocabulary(terms: list[bytes]) -> Vocabulary:
    """The words among a segment's terms that could be meant."""
    return of_words(term.decode() for term in terms if term >= FIRST_WORD)


def of_words(found: Iterable[str]) -> Vocabulary:
    """The words, in order, that are of letters only and of some length."""
    words = [word for word in found if len(word) >= _SHORTEST and word.isalpha()]
    lengths = np.array([len(word) for word in words], np.int32)
    letters = np.array([letter_bits(word) for word in words], np.uint32)
    by_ending = sorted(range(len(words)), key=lambda at: words[at][::-1])
    return Vocabulary(words, lengths, letters, np.array(by_ending, np.int32))


def letter_bits(word: str) -> int:
    """A bit for each letter that is in the word."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 32)
    return bits
