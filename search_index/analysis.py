"""From a document to its postings: which terms stand where.

An occurrence is one number of 32 bits: the field in the highest four, the place in that field in the rest.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from search_index.documents import FIELDS, Document, Text
from search_index.letters import normalise
from search_index.terms import tag_term, text_terms
from search_index.words import Chunk, chunks

FIELD_SHIFT = 28
MOST_PLACES = 50_000
"""Words of one field of one document that are indexed; a listing is not a book."""

FIELD_NUMBERS = {name: number for number, name in enumerate(FIELDS)}
_TAG_OCCURRENCE = (FIELD_NUMBERS["techniques"] << FIELD_SHIFT) | (MOST_PLACES + 1)
"""Where a tag stands: after all words of the techniques, so that it is no word's neighbour."""
_terms_of = lru_cache(maxsize=30_000)(text_terms)


@dataclass(slots=True)
class FieldText:
    """One field of one document: its texts as one string, where each place starts in it, how long it is."""

    value: str = ""
    starts: array[int] = field(default_factory=lambda: array("I"))
    sizes: array[int] = field(default_factory=lambda: array("B"))
    words: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def length(self) -> int:
        """Words in the longest language: a translation does not make a title longer."""
        return max(self.words.values(), default=0)


@dataclass(slots=True)
class Analysis:
    """`postings` maps a term to its occurrences; `fields` are in the order of FIELDS."""

    postings: dict[bytes, array[int]]
    fields: list[FieldText]


def analyse(document: Document) -> Analysis:
    """Cut up all texts of a document."""
    return analyse_texts(filled_texts(document), document.tags)


def analyse_texts(texts: Iterable[Text], tags: Iterable[str]) -> Analysis:
    """Cut up texts that are not empty."""
    postings: dict[bytes, array[int]] = {}
    fields = [FieldText() for _ in FIELDS]
    for text in texts:
        number = FIELD_NUMBERS[text.field]
        _add_text(text, fields[number], number << FIELD_SHIFT, postings)
    for tag in tags:
        postings[tag_term(tag)] = array("I", (_TAG_OCCURRENCE,))
    return Analysis(postings, fields)


def filled_texts(document: Document) -> list[Text]:
    """The texts of a document that are not empty."""
    return [text for text in document.texts if text.value]


def _add_text(text: Text, into: FieldText, base: int, postings: dict[bytes, array[int]]) -> None:
    offset = _append_value(into, normalise(text.value))
    for start, chunk in chunks(into.value[offset:]):
        place = len(into.starts)
        if place + len(chunk.segments) > MOST_PLACES:
            break
        _add_spans(into, offset + start, chunk)
        into.words[text.language] += len(chunk.segments)
        _add_chunk(chunk, text.language, base | place, postings)


def _append_value(into: FieldText, value: str) -> int:
    """Put a value after the earlier ones, with one empty place between, so that no phrase crosses over."""
    if into.value:
        into.value += "\n"
        into.starts.append(len(into.value))
        into.sizes.append(0)
    offset = len(into.value)
    into.value += value
    return offset


def _add_spans(into: FieldText, start: int, chunk: Chunk) -> None:
    for within, size in chunk.spans:
        into.starts.append(start + within)
        into.sizes.append(min(size, 255))


def _add_chunk(chunk: Chunk, language: str, occurrence: int, postings: dict[bytes, array[int]]) -> None:
    for at, segment in enumerate(chunk.segments):
        _add_word(segment, language, occurrence + at, postings)
    for at, part in chunk.inner:
        _add_word(part, language, occurrence + at, postings)
    if chunk.whole:
        _add_word(chunk.whole, language, occurrence, postings)


def _add_word(word: str, language: str, occurrence: int, postings: dict[bytes, array[int]]) -> None:
    """Add one occurrence under every term of the word; a repeat can only be of the last one added."""
    for term in _terms_of(word, language):
        occurrences = postings.get(term)
        if occurrences is None:
            postings[term] = array("I", (occurrence,))
        elif occurrences[-1] != occurrence:
            occurrences.append(occurrence)
