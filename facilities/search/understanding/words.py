"""The words of a query, and which of them may be interpreted: not those in quotes, after a minus or taken literally."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from search_index import normalise, words_in
from search_index.letters import skeleton
from search_index.stems import text_stems
from search_index.stopwords import is_stop_word

MOST_WORDS = 32
"""Words of a query that are interpreted; what follows is only looked for."""
LANGUAGES = ("en", "sv", "nb", "da", "de")
_SHORTEST_RESPELT = 6

_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'))
_AS_TYPED = re.compile(r'(?<!\S)-(?:"[^"]*"|[^\s"]+)|"[^"]*"|[^\s"]+\*')
_EITHER = "OR"


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word with the place where it stands. One that is `free` may be interpreted, one that is `loose` taken out, and
    one that `says_nothing` is a stop word."""

    folded: str
    written: str
    start: int
    end: int
    free: bool = True
    loose: bool = True
    says_nothing: bool = False

    @property
    def is_alternative(self) -> bool:
        """Whether it is `OR` or stands beside one: the other words need not go with it."""
        return self.written == _EITHER or (self.free and not self.loose)

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.written[:1].isupper()


def query_words(text: str, literal: Iterable[str] = ()) -> list[QueryWord]:
    """The first MOST_WORDS words of a normalised text; each in a place of its own as `search_index.words_in` has it."""
    as_typed = [match.span() for match in _AS_TYPED.finditer(text.translate(_QUOTES))]
    words = _words(text)
    kept = {at for at, word in enumerate(words) if any(start <= word.start < end for start, end in as_typed)}
    kept |= {at for at, word in enumerate(words) if word.written == _EITHER}
    for said in literal:
        kept |= _standing(words, [word.folded for word in words_in(normalise(said))])
    beside = {near for at, word in enumerate(words) if word.written == _EITHER for near in (at - 1, at + 1)}
    return [
        replace(word, free=at not in kept, loose=at not in kept and at not in beside) for at, word in enumerate(words)
    ]


def _words(text: str) -> list[QueryWord]:
    words = [
        QueryWord(word.folded, text[word.start : word.end], word.start, word.end)
        for word in words_in(text)[:MOST_WORDS]
    ]
    shouted = len(words) > 1 and all(word.written.isupper() for word in words)
    return [replace(each, says_nothing=is_stop_word(each.folded, each.written, shouted=shouted)) for each in words]


def _standing(words: Sequence[QueryWord], wanted: list[str]) -> set[int]:
    """Where some folded words stand side by side."""
    size = len(wanted)
    found = (at for at in range(len(words) - size + 1) if [word.folded for word in words[at : at + size]] == wanted)
    return {at + step for at in found for step in range(size)}


@lru_cache(maxsize=5_000)
def respelt(folded: str) -> str:
    """A word with letters written as two reduced to one; short ones, where they are abbreviations, stay."""
    return skeleton(folded) if len(folded) >= _SHORTEST_RESPELT else folded


@lru_cache(maxsize=5_000)
def stem(folded: str, language: str) -> str:
    """A word without its inflection in a language; a word that has none as it is."""
    return min(text_stems(skeleton(folded), language), default=folded)[2:] if len(folded) > 2 else folded


def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words in all languages, to compare single words whatever language they are in."""
    return frozenset(stem(word.folded, language) for word in words_in(normalise(text)) for language in LANGUAGES)
