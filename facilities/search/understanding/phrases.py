"""A book of phrases in several languages, and finding them in the words of a query: the longest first."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import Generic, TypeVar

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


class Phrases(Generic[Entry]):
    """Entries by what they are called. The same name may lead to several."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)
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
        for key in _keys(words, languages):
            entries = self._entries[key]
            if entry not in entries:
                entries.append(entry)

    def at(self, words: Sequence[QueryWord], start: int) -> Iterator[tuple[int, list[Entry]]]:
        """(end, entries) for all names that the free words from `start` on can be, the longest first."""
        end = start
        while end < min(len(words), start + self._longest + 1) and words[end].free:
            end += 1
        for until in range(end, start, -1):
            said = [word.folded for word in words[start:until]]
            found = [entry for key in _keys(said, self._languages) for entry in self._entries.get(key, ())]
            if found:
                yield until, list(dict.fromkeys(found))

    def in_compound(self, word: str) -> list[Entry]:
        """The entries of the longest name that a long word, written as one, begins or ends with."""
        for size in range(len(word) - 1, SHORTEST_PART - 1, -1):
            for part in (word[:size], word[:size].removesuffix("s"), word[-size:]):
                if found := [*self._entries.get(respelt(part), ()), *self._entries.get("+" + respelt(part), ())]:
                    return list(dict.fromkeys(found))
        return []

    def __len__(self) -> int:
        return len(self._entries)


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
