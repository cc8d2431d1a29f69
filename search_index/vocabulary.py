"""The words that an index knows, in a form that can be looked through quickly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.terms import FIRST_WORD

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words of one segment, with their lengths and a bit for each letter they have."""

    words: list[str]
    lengths: NDArray[np.int32]
    letters: NDArray[np.uint32]


def vocabulary(terms: list[bytes]) -> Vocabulary:
    """The words among a segment's terms that could be meant: letters only, of some length."""
    decoded = [term.decode() for term in terms if term >= FIRST_WORD]
    words = [word for word in decoded if len(word) >= _SHORTEST and word.isalpha()]
    lengths = np.array([len(word) for word in words], np.int32)
    return Vocabulary(words, lengths, np.array([letter_bits(word) for word in words], np.uint32))


def letter_bits(word: str) -> int:
    """A bit for each letter that is in the word."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 32)
    return bits
