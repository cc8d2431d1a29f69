"""Snippets: the passage of a hit that shows best why it was found, with the found words marked."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import FIELD_NUMBERS, FIELD_SHIFT
from search_index.postings import Places
from search_index.records import Passages
from search_index.snapshot import Snapshot

LONGEST = 160
"""Characters of a snippet, the marks of omission not counted."""
_LEAD = 40
"""Characters shown before the first found word when a passage does not begin a text."""
_OCCURRENCE = np.uint64(0xFFFFFFFF)
_OMITTED = "\u2026"

_SHOWN = ("description", "keywords", "names", "model", "organisation", "place", "title")
"""The fields a passage is taken from, best first. What a vocabulary adds (techniques) finds but is not shown."""
_FIELD_ORDER = tuple(FIELD_NUMBERS[name] for name in _SHOWN)

Pieces = list[tuple[str, bool]]
Spans = list[tuple[int, int]]


class Found(NamedTuple):
    """The places of something that was found, ascending; it is not to be marked in documents of any of `unless`."""

    places: Places
    unless: Sequence[NDArray[np.integer]] = ()

    def is_marked_in(self, number: np.int64) -> bool:
        """Whether it is to be marked in a document."""
        at = ((documents, int(documents.searchsorted(number))) for documents in self.unless)
        return not any(place < len(documents) and documents[place] == number for documents, place in at)


def snippets(snapshot: Snapshot, numbers: NDArray[np.int64], wanted: Sequence[Found]) -> dict[int, Pieces]:
    """A snippet for each document, by its id, from the places of everything that was found."""
    found = _found_places(numbers, wanted)
    return {
        int(snapshot.ids[number]): snippet(snapshot.passages(int(number)), occurrences)
        for number, occurrences in zip(numbers, found, strict=True)
    }


def _found_places(numbers: NDArray[np.int64], wanted: Sequence[Found]) -> list[list[int]]:
    """For each document, its occurrences (field and place in it) among the given places."""
    found: list[list[int]] = [[] for _ in numbers]
    lowest = numbers.astype(np.uint64) << np.uint64(32)
    bounds = np.concatenate((lowest, lowest + np.uint64(1 << 32)))
    for each in wanted:
        cuts = each.places.searchsorted(bounds).tolist()
        for at, (start, end) in enumerate(zip(cuts, cuts[len(numbers) :], strict=False)):
            if start < end and each.is_marked_in(numbers[at]):
                found[at] += (each.places[start:end] & _OCCURRENCE).tolist()
    return found


def snippet(passages: Passages, occurrences: Sequence[int]) -> Pieces:
    """The best passage of a document as pieces, True for a found word."""
    by_field: dict[int, set[int]] = {}
    for occurrence in occurrences:
        by_field.setdefault(occurrence >> FIELD_SHIFT, set()).add(occurrence & ((1 << FIELD_SHIFT) - 1))
    number = _best_field(passages, by_field)
    spans = passages.spans(number, sorted(by_field.get(number, ())))
    return _cut(*_best_line(passages.value(number), _joined(spans)))


def _joined(spans: Spans) -> Spans:
    """Spans without a gap between them as one: 7T is one word to the reader."""
    joined: Spans = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _best_line(text: str, spans: Spans) -> tuple[str, Spans]:
    """The line with the most different found words, of several the first, and the spans in it. Lines are not mixed: one
    may be another language, another line of a specification. Without found words the whole text."""
    lines = _lines_with(text, spans)
    if not lines:
        return text, spans
    start, end = max(lines, key=lambda line: len({text[a:b].casefold() for a, b in lines[line]}))
    return text[start:end], [(a - start, b - start) for a, b in lines[start, end]]


def _lines_with(text: str, spans: Spans) -> dict[tuple[int, int], Spans]:
    """The spans by the line (start, end) they stand in, in the order of the text."""
    lines: dict[tuple[int, int], Spans] = {}
    start, end = 0, -1
    for span in spans:
        if span[0] > end:
            start = text.rfind("\n", 0, span[0]) + 1
            end = text.find("\n", start)
            end = end if end >= 0 else len(text)
        if span[1] <= end:
            lines.setdefault((start, end), []).append(span)
    return lines


def _best_field(passages: Passages, by_field: dict[int, set[int]]) -> int:
    """The description if there is one; else the first text with a found word; else the first text."""
    filled = [number for number in _FIELD_ORDER if passages.has(number)] or [_FIELD_ORDER[0]]
    if filled[0] == FIELD_NUMBERS["description"]:
        return filled[0]
    return next((number for number in filled if number in by_field), filled[0])


def _cut(text: str, spans: Spans) -> Pieces:
    start, end = _window(text, spans)
    pieces = _mark(text, start, end, spans)
    if start > 0:
        pieces.insert(0, (_OMITTED, False))
    if end < len(text.rstrip()):
        pieces.append((_OMITTED, False))
    return pieces


def _window(text: str, spans: Spans) -> tuple[int, int]:
    """The stretch of at most LONGEST characters that holds the most found words, cut between words."""
    if not spans or spans[-1][1] <= LONGEST:
        return 0, _word_end(text, 0)
    first = _densest(spans)
    start = max(0, spans[first][0] - _LEAD)
    if start:
        space = text.find(" ", start, spans[first][0])
        start = space + 1 if space >= 0 else spans[first][0]
    return start, _word_end(text, start)


def _densest(spans: Spans) -> int:
    """The span that begins the stretch with the most spans."""
    best, most, last = 0, 0, 0
    for first, (begin, _) in enumerate(spans):
        while last < len(spans) and spans[last][1] <= begin + LONGEST - _LEAD:
            last += 1
        if last - first > most:
            best, most = first, last - first
    return best


def _word_end(text: str, start: int) -> int:
    """Where a stretch that begins at `start` ends: before the word that would make it too long."""
    if len(text) - start <= LONGEST:
        return len(text)
    space = text.rfind(" ", start + 1, start + LONGEST + 1)
    return space if space > start + LONGEST // 2 else start + LONGEST


def _mark(text: str, start: int, end: int, spans: Spans) -> Pieces:
    pieces: Pieces = []
    at = start
    for begin, stop in spans:
        if begin >= at and stop <= end:
            pieces += [(text[at:begin], False), (text[begin:stop], True)]
            at = stop
    pieces.append((text[at:end], False))
    return [(piece.replace("\n", " "), found) for piece, found in pieces if piece]
