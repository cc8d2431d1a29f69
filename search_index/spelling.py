"""Spelling: what the visitor may have meant when a word is not known.

All words of the index are looked through: first by which letters they have, as bits, then by edit distance
(a letter put in, left out, changed, or two changed places).
"""

from collections.abc import Iterator
from itertools import islice, product

import numpy as np

from search_index.analysis import FIELD_SHIFT
from search_index.letters import fold
from search_index.snapshot import Snapshot
from search_index.syntax import Word, parse
from search_index.terms import word_term
from search_index.vocabulary import Vocabulary, letter_bits

_SHORTEST = 4
_SHORTEST_SHOUTED = 6
_MOST_TEXTS = 8
_CHOICES = 3


def corrections(snapshot: Snapshot, text: str) -> Iterator[str]:
    """Texts with every unknown word replaced by a known one, the likeliest first."""
    choices: dict[str, list[str]] = {}
    for word in _unknown_words(snapshot, text):
        choices[word.written] = nearest(snapshot, word.segments[0])
    if not choices or not all(choices.values()):
        return
    for chosen in islice(product(*choices.values()), _MOST_TEXTS):
        corrected = text
        for written, known in zip(choices, chosen, strict=True):
            corrected = corrected.replace(written, as_written(snapshot, known))
        yield corrected


def _unknown_words(snapshot: Snapshot, text: str) -> list[Word]:
    units = [unit for clause in parse(text).clauses for unit in clause]
    single = [unit for unit in units if isinstance(unit, Word) and len(unit.segments) == 1]
    return [word for word in single if not (_is_acronym(word) or snapshot.holds(word_term(word.segments[0])))]


def _is_acronym(word: Word) -> bool:
    """Short capitals are an abbreviation that is not known, rather than a word misspelt."""
    return word.written.isupper() and len(word.written) < _SHORTEST_SHOUTED


def nearest(snapshot: Snapshot, word: str) -> list[str]:
    """The known words that are the fewest changes away, the most frequent first."""
    if len(word) < _SHORTEST:
        return []
    most = 1 if len(word) < 6 else 2
    found = {
        known: distance
        for each in snapshot.vocabularies()
        for known in _similar(each, word, most)
        if (distance := edit_distance(word, known, most)) <= most
    }
    ranked = sorted(found, key=lambda known: (found[known], known[0] != word[0], -_frequency(snapshot, known)))
    return ranked[:_CHOICES]


def as_written(snapshot: Snapshot, word: str) -> str:
    """A known word with the accents it has where it first stands; a capital at the beginning is lowered."""
    postings = snapshot.postings(word_term(word))
    if postings is None:
        return word
    place = int(postings.places[0])
    number, field, at = place >> 32, (place & 0xFFFFFFFF) >> FIELD_SHIFT, place & ((1 << FIELD_SHIFT) - 1)
    passages = snapshot.passages(number)
    written = "".join(passages.value(field)[start:end] for start, end in passages.spans(field, [at]))
    if fold(written) != word:
        return word
    return written.lower() if written.istitle() else written


def _similar(known: Vocabulary, word: str, most: int) -> list[str]:
    """Words of about the same length that differ in few letters: each change touches two letters at most."""
    near = np.abs(known.lengths - len(word)) <= most
    differing = np.bitwise_count(known.letters ^ np.uint32(letter_bits(word)))
    return [known.words[at] for at in np.flatnonzero(near & (differing <= 2 * most))]


def _frequency(snapshot: Snapshot, word: str) -> int:
    postings = snapshot.postings(word_term(word))
    return 0 if postings is None else len(postings.documents)


def edit_distance(left: str, right: str, limit: int) -> int:
    """Changes that turn one word into the other; `limit` + 1 when there are more."""
    above: list[int] = []
    before: list[int] = []
    row = list(range(len(right) + 1))
    for at in range(1, len(left) + 1):
        above, before = before, row
        row = _next_row(left, right, at, before, above)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _next_row(left: str, right: str, at: int, before: list[int], above: list[int]) -> list[int]:
    row = [at]
    letter = left[at - 1]
    for column, other in enumerate(right, 1):
        cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != other))
        if at > 1 and column > 1 and letter == right[column - 2] and left[at - 2] == other:
            cost = min(cost, above[column - 2] + 1)
        row.append(cost)
    return row
