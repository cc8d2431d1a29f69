"""The words that an index knows, in a form that can be looked through quickly."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.lazy import lazy
from search_index.terms import FIRST_WORD

_SHORTEST = 3
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True)
class Vocabulary:
    """`words` in order."""

    words: list[str]

    @lazy
    def lengths(self) -> NDArray[np.int32]:
        """The letters of each word."""
        return np.array([len(word) for word in self.words], np.int32)

    @lazy
    def letters(self) -> NDArray[np.uint32]:
        """Which letters each word has, a bit for each."""
        return np.array([letter_bits(word) for word in self.words], np.uint32)

    @lazy
    def by_ending(self) -> NDArray[np.int32]:
        """Where the words are, in the order of their last letters."""
        return np.array(sorted(range(len(self.words)), key=self._backwards), np.int32)

    def prepare(self) -> None:
        """Work out now what is otherwise worked out when it is first wanted."""
        _ = self.lengths, self.letters, self.by_ending

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
    return Vocabulary([word for word in found if len(word) >= _SHORTEST and word.isalpha()])


def letter_bits(word: str) -> int:
    """A bit for each letter that is in the word."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 32)
    return bits
