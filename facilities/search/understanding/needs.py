"""Needs named in a query: who may use it, how, under which certificate, and words that only fill the sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from facilities.catalogue.models import Kind, Mode, UserGroup
from facilities.search.ranges import Range, range_in_words, read_range
from facilities.search.understanding import weights
from facilities.search.understanding.phrases import Phrases
from facilities.search.understanding.words import QueryWord, query_words
from search_index import Alternative, Meaning, normalise

FILE = Path(__file__).with_name("needs.yaml")
MOST = 999_999
"""Of the numbers that a range can ask for."""
LABELS = {
    facet: {word.value: word.label for word in words}
    for facet, words in (("access", UserGroup), ("mode", Mode), ("kind", Kind))
}


@dataclass(frozen=True, slots=True)
class Need:
    """A need: a `facet` with the `value` wanted, as a filter or only preferred; a `range`, price or lead, whose `value`
    is -2 for at most 2; a `name` with ways to `say` it; or only filling, perhaps only if it `is_beside` a technique."""

    name: str = ""
    facet: str = ""
    range: str = ""
    value: str = ""
    is_filter: bool = False
    say: tuple[str, ...] = ()
    is_beside: bool = False

    @property
    def is_only_beside(self) -> bool:
        """Whether the words are believed only beside a technique or certificate."""
        return self.is_beside or (bool(self.facet) and not self.is_filter)

    @property
    def is_filling(self) -> bool:
        """Whether the words ask for nothing."""
        return not (self.facet or self.range or self.name)

    @property
    def label(self) -> str:
        """The need in the visitor's language."""
        if self.range:
            return range_in_words(self.range, self.wanted)
        return str(LABELS[self.facet][self.value]) if self.facet else self.name

    @property
    def wanted(self) -> Range:
        """The numbers of a range."""
        return read_range([self.value], 0, MOST)

    def meaning(self, start: int, end: int) -> Meaning:
        """Words `start` to `end` - 1 of a query read as the name of a certificate or standard."""
        alternatives = tuple(Alternative(text, weight=weights.CERTIFICATE) for text in self.say)
        return Meaning(start, end, f"need {self.name}", alternatives)


@dataclass(frozen=True, slots=True)
class NeedFound:
    """Words `start` to `end` - 1 say this need."""

    start: int
    end: int
    need: Need


@lru_cache(maxsize=2_000)
def certificate_name(text: str) -> str:
    """The name under which a certificate is found with its like: that of the standard it names, else as it is written.
    ISO/IEC 17025:2017 and ISO 17025 are one."""
    words = query_words(normalise(text))
    standards = (need.name for start in range(len(words)) for _end, needs in _book().at(words, start) for need in needs)
    return next(filter(None, standards), text)


def needs_within(words: Sequence[QueryWord]) -> Iterator[NeedFound]:
    """Needs at all places of a query; they may overlap."""
    for start in range(len(words)):
        for end, needs in _book().at(words, start):
            if needs[0].say or all(word.loose for word in words[start:end]):
                yield NeedFound(start, end, needs[0])


@lru_cache(maxsize=1)
def _book() -> Phrases[Need]:
    book: Phrases[Need] = Phrases()
    for entry in yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        for words in entry["words"]:
            book.add(words, _need(entry))
    return book


def _need(entry: dict[str, Any]) -> Need:
    if "range" in entry:
        name, _, value = entry["range"].partition("=")
        return Need(range=name, value=value)
    facet, _, value = entry.get("filter", entry.get("prefer", "")).partition("=")
    say = tuple(entry.get("say", ()))
    return Need(entry.get("name", ""), facet, "", value, "filter" in entry, say, "beside" in entry)
