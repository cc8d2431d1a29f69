"""Spelling: what the visitor may have meant when a word is not known.

All words of the index and of the labels are looked through: first by which letters they have, as bits, then by edit
distance (a letter put in, left out, changed, or two changed places).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from search_index.analysis import FIELD_SHIFT
from search_index.labels import Labels
from search_index.letters import fold
from search_index.lookup import find_word
from search_index.queries import Meaning
from search_index.snapshot import Snapshot
from search_index.syntax import Word, parse, readable
from search_index.terms import word_term
from search_index.vocabulary import Vocabulary, letter_bits

MOST_WORDS = 4
"""Unknown words of a query that are corrected; with more than that it is no query with misspelt words."""
_MOST_CANDIDATES = 2_000
_SHORTEST = 4
_SHORTEST_SHOUTED = 6
_MOST_TEXTS = 8
_CHOICES = 3
_RARE = 2
"""A word that no more documents have may itself be misspelt."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A text with unknown words replaced by known ones; `complete` if none is left."""

    text: str
    complete: bool


def corrections(snapshot: Snapshot, text: str, labels: Labels, meanings: Sequence[Meaning]) -> Iterator[Correction]:
    """The text with every unknown word that is near to a known one replaced by it, the likeliest first."""
    unknown = _unknown_words(snapshot, text, labels, meanings)
    if not 0 < len(unknown) <= MOST_WORDS:
        return
    choices = {word: nearest(snapshot, word.segments[0], labels) for word in unknown}
    near = {word: known for word, known in choices.items() if known}
    texts = [
        _replaced(snapshot, text, list(zip(near, chosen, strict=True)), labels) for chosen in product(*near.values())
    ]
    texts.sort(key=lambda each: not labels.has_phrase(each))
    for each in islice(texts if near else (), _MOST_TEXTS):
        yield Correction(each, len(near) == len(choices))


def _replaced(snapshot: Snapshot, text: str, chosen: list[tuple[Word, str]], labels: Labels) -> str:
    corrected = readable(text)
    for word, known in sorted(chosen, key=lambda each: -each[0].start):
        end = word.start + len(word.written)
        corrected = corrected[: word.start] + as_written(snapshot, known, labels) + corrected[end:]
    return corrected


def _unknown_words(snapshot: Snapshot, text: str, labels: Labels, meanings: Sequence[Meaning]) -> list[Word]:
    units = [unit for clause in parse(text).clauses for unit in clause]
    single = [unit for unit in units if isinstance(unit, Word) and len(unit.segments) == 1]
    unmeant = [word for word in single if not any(meaning.start <= word.at < meaning.end for meaning in meanings)]
    return [word for word in unmeant if not _is_known(snapshot, word, labels)]


def _is_known(snapshot: Snapshot, word: Word, labels: Labels) -> bool:
    """Short capitals are an abbreviation that is not known, rather than a word misspelt."""
    if word.written.isupper() and len(word.written) < _SHORTEST_SHOUTED:
        return True
    return word.segments[0] in labels.words or len(find_word(snapshot, word.segments[0]).documents) > 0


def nearest(snapshot: Snapshot, word: str, labels: Labels) -> list[str]:
    """The known words that are the fewest changes away, those of labels and frequent ones first."""
    if len(word) < _SHORTEST:
        return []
    most = 1 if len(word) < 6 else 2
    found: dict[str, float] = {}
    for each in (*snapshot.vocabularies(), labels.vocabulary):
        similar = _similar(each, word, most)
        near = extract(word, similar, scorer=OSA.distance, score_cutoff=most, limit=None)
        found |= {known: distance for known, distance, _ in near}
    ranked = sorted(found, key=lambda known: _unlikeliness(snapshot, labels, word, known, found[known]))
    return ranked[:_CHOICES]


def _unlikeliness(snapshot: Snapshot, labels: Labels, word: str, known: str, distance: float) -> tuple[float, int]:
    """How unlikely it is that a known word was meant: a label is likelier than a word that hardly any text has."""
    frequency = _frequency(snapshot, known)
    is_label = known in labels.words
    other_letter = 0.5 * (known[0] != word[0])
    return distance + other_letter + 0.75 * (frequency <= _RARE and not is_label) - 0.5 * is_label, -frequency


def as_written(snapshot: Snapshot, word: str, labels: Labels) -> str:
    """A known word with the accents it has where it first stands; a capital at the beginning is lowered."""
    written = labels.words.get(word) or _first_written(snapshot, word)
    if fold(written) != word:
        return word
    return written.lower() if written.istitle() else written


def _first_written(snapshot: Snapshot, word: str) -> str:
    postings = snapshot.postings(word_term(word))
    if postings is None:
        return word
    if not snapshot.tells_places():
        return _first_written(snapshot.excerpt(postings.documents[:1].astype(np.int64)), word)
    place = int(postings.places[0])
    number, field, at = place >> 32, (place & 0xFFFFFFFF) >> FIELD_SHIFT, place & ((1 << FIELD_SHIFT) - 1)
    passages = snapshot.passages(number)
    return "".join(passages.value(field)[start:end] for start, end in passages.spans(field, [at]))


def _similar(known: Vocabulary, word: str, most: int) -> list[str]:
    """Words of about the same length that differ in few letters: each change touches two letters at most."""
    near = np.abs(known.lengths - len(word)) <= most
    differing = np.bitwise_count(known.letters ^ np.uint32(letter_bits(word)))
    similar = np.flatnonzero(near & (differing <= 2 * most))
    if len(similar) > _MOST_CANDIDATES:
        similar = similar[np.argsort(differing[similar], kind="stable")[:_MOST_CANDIDATES]]
    return [known.words[at] for at in similar]


def _frequency(snapshot: Snapshot, word: str) -> int:
    postings = snapshot.postings(word_term(word))
    return 0 if postings is None else len(postings.documents)
