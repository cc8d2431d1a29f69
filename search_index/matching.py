"""Matching: which documents answer the whole query, and how well."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index import weights
from search_index.lookup import Found, Places, Reading, exact_places, find, find_form, phrase
from search_index.records import name_hash
from search_index.snapshot import Snapshot
from search_index.syntax import Parsed, Unit, Word

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]


@dataclass(slots=True)
class Matches:
    """`mask` and `scores` have an entry for each document; `found` is what can be marked in their texts."""

    mask: Mask
    scores: Scores
    found: list[Found] = field(default_factory=list)

    def places(self) -> list[Places]:
        """The places of all words found, one ascending list for each reading."""
        return [reading.postings.places for found in self.found for reading in found.readings]


def match(snapshot: Snapshot, parsed: Parsed, text: str) -> Matches:
    """Match a query against all live documents."""
    matches = Matches(snapshot.live.copy(), np.zeros(snapshot.size, np.float32))
    clauses = [[find(snapshot, unit) for unit in clause] for clause in parsed.clauses]
    _join_neighbours(snapshot, parsed, clauses)
    for clause in clauses:
        _require(snapshot, matches, clause)
    for unit in parsed.excluded:
        for reading in find(snapshot, unit).readings:
            matches.mask[reading.postings.documents] = False
    _reward_neighbours(snapshot, parsed, matches)
    if parsed.plain:
        _reward_names(snapshot, matches, text)
    return matches


def _require(snapshot: Snapshot, matches: Matches, clause: list[Found]) -> None:
    """Keep the documents that have any unit of the clause; add what each unit scores."""
    having = np.zeros(snapshot.size, np.bool_)
    for found in clause:
        strength = _strength(snapshot, found)
        documents = np.flatnonzero(strength)
        having[documents] = True
        matches.scores[documents] += _score(snapshot, strength[documents])
    matches.mask &= having
    matches.found += clause


def _strength(snapshot: Snapshot, found: Found) -> Scores:
    """The best reading's strength for each document."""
    strength = np.zeros(snapshot.size, np.float32)
    for reading in found.readings:
        documents = reading.postings.documents
        weighed = reading.postings.strength * np.float32(reading.weight)
        strength[documents] = np.maximum(strength[documents], weighed)
    return strength


def _score(snapshot: Snapshot, strength: Scores) -> Scores:
    """BM25: rare words count for more, and more occurrences for less and less."""
    known_in = len(strength)
    rarity = np.log1p((snapshot.size - known_in + 0.5) / (known_in + 0.5))
    return np.float32(rarity * (1 + weights.DAMPING)) * strength / (strength + np.float32(weights.DAMPING))


def _plain_word(clause: list[Unit]) -> Word | None:
    unit = clause[0]
    return unit if len(clause) == 1 and isinstance(unit, Word) else None


def _join_neighbours(snapshot: Snapshot, parsed: Parsed, clauses: list[list[Found]]) -> None:
    """Words that someone else writes as one (cryo EM, cryoEM): the one word answers for all of them."""
    words = [_plain_word(clause) for clause in parsed.clauses]
    for count in (2, 3):
        for start in range(len(words) - count + 1):
            readings = _written_as_one(snapshot, words[start : start + count])
            for at in range(start, start + count if readings else start):
                clauses[at] = [Found((*clauses[at][0].readings, *readings))]


def _written_as_one(snapshot: Snapshot, words: list[Word | None]) -> list[Reading]:
    if any(word is None for word in words):
        return []
    joined = "".join(segment for word in words if word is not None for segment in word.segments)
    return [] if joined.isdigit() else find_form(snapshot, joined, weights.OTHER_SPELLING)


def _reward_neighbours(snapshot: Snapshot, parsed: Parsed, matches: Matches) -> None:
    """Two words of the query that stand side by side in a text count for more than far apart."""
    words = [_plain_word(clause) for clause in parsed.clauses]
    for left, right in pairwise(words):
        if left is not None and right is not None:
            slots = [exact_places(snapshot, left.segments[-1]), exact_places(snapshot, right.segments[0])]
            for reading in phrase(snapshot, slots, weights.SIDE_BY_SIDE):
                _add_score(snapshot, matches, reading)


def _add_score(snapshot: Snapshot, matches: Matches, reading: Reading) -> None:
    documents = reading.postings.documents
    matches.scores[documents] += np.float32(reading.weight) * _score(snapshot, reading.postings.strength)


def _reward_names(snapshot: Snapshot, matches: Matches, text: str) -> None:
    """A query that is the whole of a title, model or other name."""
    hashed = name_hash(text)
    rewards = (weights.WHOLE_TITLE, weights.WHOLE_MODEL, weights.WHOLE_NAME)
    for _, kind, document in snapshot.named(hashed) if hashed else ():
        matches.scores[document] += np.float32(rewards[int(kind)])
