"""A book of phrases in several languages, and finding them in the words of a query: the longest first."""

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np

from facilities.search.understanding.words import LANGUAGES, QueryWord, respelt, stem
from search_index import normalise, words_in
from search_index.stopwords import STOP_WORDS

LONGEST = 8
"""Words of a phrase."""
SHORTEST_JOINED = 5
"""Letters from which a phrase is the same whether written as one word or as several."""
SHORTEST_STEMMED = 5
"""Letters from which a phrase may be inflected: short ones are names and abbreviations."""
SHORTEST_PART = 8
"""Letters of a name within a compound."""

Entry = TypeVar("Entry", bound=Hashable)


Filed = tuple["array[int]", "array[int]"]
"""Ascending hashes of keys, and for each the number of an entry."""


class Phrases(Generic[Entry]):
    """Entries by what they are called. The same name may lead to several.

    Of a name only its hash of 64 bits is kept, which Python draws anew in each process: a twentieth of the memory that
    the texts would take, and no two of them meet.
    """

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._filed: Filed = (array("q"), array("I"))
        self._is_sorted = True
        self._longest = 1
        self._languages: tuple[str, ...] = ()

    def add(self, name: str, entry: Entry, language: str = "") -> None:
        """Learn a name; one in a known language is also found inflected."""
        words = [word.folded for word in words_in(normalise(name))]
        if not 0 < len(words) <= LONGEST:
            return
        self._longest = max(self._longest, len(words))
        languages = (language,) if language in LANGUAGES else ()
        self._languages = tuple(dict.fromkeys((*self._languages, *languages)))
        hashes, numbers = self._filed
        for key in _keys(words, languages):
            hashes.append(hash(key))
            numbers.append(len(self._entries))
        self._entries.append(entry)
        self._is_sorted = False

    def at(self, words: Sequence[QueryWord], start: int) -> Iterator[tuple[int, list[Entry]]]:
        """(end, entries) for all names that the free words from `start` on can be, the longest first."""
        end = start
        while end < min(len(words), start + self._longest + 1) and words[end].free:
            end += 1
        for until in range(end, start, -1):
            said = [word.folded for word in words[start:until]]
            found = [entry for key in _keys(said, self._languages) for entry in self._under(key)]
            if found:
                yield until, list(dict.fromkeys(found))

    def in_compound(self, word: str) -> list[Entry]:
        """The entries of the longest name that a long word, written as one, begins or ends with."""
        for size in range(len(word) - 1, SHORTEST_PART - 1, -1):
            for part in (word[:size], word[:size].removesuffix("s"), word[-size:]):
                if found := [*self._under(respelt(part)), *self._under("+" + respelt(part))]:
                    return list(dict.fromkeys(found))
        return []

    def _under(self, key: str) -> Iterator[Entry]:
        """The entries under a key, in the order in which they were added."""
        hashes, numbers = self._filed if self._is_sorted else self._sort()
        wanted = hash(key)
        at = bisect_left(hashes, wanted)
        while at < len(hashes) and hashes[at] == wanted:
            yield self._entries[numbers[at]]
            at += 1

    def _sort(self) -> Filed:
        """Two threads may both do it, with the same result."""
        hashes, numbers = (np.array(each) for each in self._filed)
        order = np.argsort(hashes, kind="stable")
        self._filed = (array("q", hashes[order].tobytes()), array("I", numbers[order].tobytes()))
        self._is_sorted = True
        return self._filed


def _keys(words: Sequence[str], languages: Sequence[str]) -> Iterator[str]:
    """What a phrase is filed under: word by word, written together, and by stems in each language. A preposition is
    never joined to the word before it: `mikroskop i` is not `mikroskopi`."""
    yield " ".join([respelt(word) for word in words])
    joined = "".join(words)
    between = " " if any(word in STOP_WORDS for word in words) else ""
    if len(joined) >= SHORTEST_JOINED and not between:
        yield "+" + respelt(joined)
    if len(joined) >= SHORTEST_STEMMED:
        for language in languages:
            yield f"{language}:" + between.join([stem(word, language) for word in words])
