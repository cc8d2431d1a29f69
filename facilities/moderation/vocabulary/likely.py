"""The techniques that a text which found nothing may mean."""

import re
from collections.abc import Iterator
from itertools import chain

from facilities.catalogue.names import fold
from facilities.catalogue.vocabulary.choosing import Suggestion, find_techniques, techniques_resembling

MOST_WORDS = 6
SHORTEST_WORD = 3
OF_A_WORD = 3
MODEL = re.compile(r"(?=.*\d)(?=.*[^\W\d_])\w+(?:[ /-]\w+){0,2}")
"""Letters and digits in up to three words: LSM 808, FACSAria 3."""


def likely_techniques(text: str, limit: int) -> list[Suggestion]:
    """Those with a name like the text, then those whose names are nearly spelt so, then those with a name like one of
    its words; each once."""
    found: dict[str, Suggestion] = {}
    for each in chain.from_iterable(_tries(text, limit)):
        found.setdefault(each.slug, each)
        if len(found) == limit:
            break
    return list(found.values())


def looks_like_model(text: str) -> bool:
    """Whether a text could be what a maker calls a model."""
    return MODEL.fullmatch(text) is not None


def _tries(text: str, limit: int) -> Iterator[list[Suggestion]]:
    yield find_techniques(text, limit=limit)
    yield techniques_resembling(text, limit=OF_A_WORD)
    for word in _words(text):
        yield [each for each in find_techniques(word, limit=OF_A_WORD) if _begins(word, each.found or each.label)]


def _begins(word: str, name: str) -> bool:
    """Whether some word of a name begins so."""
    return f" {fold(word)}" in f" {fold(name)}"


def _words(text: str) -> list[str]:
    """The words of a text of several, the longest first: it tells most."""
    words = [word for word in re.findall(r"\w+", text) if len(word) >= SHORTEST_WORD]
    return sorted(dict.fromkeys(words), key=len, reverse=True)[:MOST_WORDS] if len(words) > 1 else []
