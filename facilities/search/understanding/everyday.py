"""Everyday words of a query, such as fish or steel, by which listings in other languages mean the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from facilities.search.understanding import weights
from facilities.search.understanding.phrases import Phrases
from facilities.search.understanding.words import LANGUAGES, QueryWord
from search_index import Alternative, Meaning

FILE = Path(__file__).with_name("everyday.yaml")


@dataclass(frozen=True, slots=True)
class Everyday:
    """What is said for one thing in all languages."""

    said: tuple[str, ...]

    def meaning(self, start: int, end: int) -> Meaning:
        """Words `start` to `end` - 1 of a query read as this thing."""
        alternatives = tuple(Alternative(text, weight=weights.EVERYDAY) for text in self.said)
        return Meaning(start, end, f"everyday {self.said[0]}", alternatives)


@dataclass(frozen=True, slots=True)
class EverydayFound:
    """Words `start` to `end` - 1 say this."""

    start: int
    end: int
    everyday: Everyday


def everyday_within(words: Sequence[QueryWord]) -> Iterator[EverydayFound]:
    """Everyday words at all places of a query. A word of two things stands for the first in the file."""
    for start in range(len(words)):
        for end, found in _book().at(words, start):
            yield EverydayFound(start, end, found[0])


@lru_cache(maxsize=1)
def _book() -> Phrases[Everyday]:
    book: Phrases[Everyday] = Phrases()
    for entry in yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        said = (text for language, texts in entry.items() for text in texts if language in LANGUAGES)
        everyday = Everyday(tuple(dict.fromkeys(said)))
        for language, texts in entry.items():
            for text in texts:
                book.add(text, everyday, language)
    return book
