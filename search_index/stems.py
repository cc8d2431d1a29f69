"""Stems: the inflections of a word in the languages the catalogue is written in.

A stem carries the letter of its language, so that a Swedish verb never meets an English noun that happens
to be cut to the same letters. A word in an unknown language has the stems of all of them, marked `u`.
"""

import threading
from functools import lru_cache

import Stemmer

from search_index.letters import skeleton

_ALGORITHMS = {"e": "english", "s": "swedish", "n": "norwegian", "d": "danish", "g": "german"}
_LETTERS = {"en": "e", "sv": "s", "nb": "n", "nn": "n", "da": "d", "de": "g"}
_UNKNOWN = "u"
COMPOUNDING = ("s", "n", "d", "g")
"""The letters of the languages that write compounds as one word."""
_stemmers = threading.local()


def stem_in(letter: str, word: str) -> str:
    """The stem of a folded word in a letter's language. Stemmers keep state, so each thread has its own."""
    stemmer = getattr(_stemmers, letter, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(_ALGORITHMS[letter], 0)
        setattr(_stemmers, letter, stemmer)
    return str(stemmer.stemWord(word))


def text_stems(folded: str, language: str) -> set[str]:
    """The stems under which a folded word of a text in `language` ("" for unknown) is found.

    Numbers and words of one or two letters have none.
    """
    if not _has_stem(folded):
        return set()
    if language in _LETTERS:
        letter = _LETTERS[language]
        return {f"{letter}:{stem_in(letter, spelling)}" for spelling in _spellings(folded)}
    return {f"{_UNKNOWN}:{stem_in(letter, spelling)}" for letter in _ALGORITHMS for spelling in _spellings(folded)}


@lru_cache(maxsize=4_000)
def query_stems(folded: str) -> frozenset[str]:
    """The stems under which a folded word of a query is looked up: it may be in any language."""
    if not _has_stem(folded):
        return frozenset()
    known = {f"{letter}:{stem_in(letter, spelling)}" for letter in _ALGORITHMS for spelling in _spellings(folded)}
    return frozenset(known | {_UNKNOWN + stem[1:] for stem in known})


def _has_stem(folded: str) -> bool:
    return len(folded) > 2 and not folded.isdigit()


def _spellings(folded: str) -> set[str]:
    """The word, and without its two-letter spelling if it has one: a suffix may begin inside that."""
    return {folded, skeleton(folded)}
