"""Matching: which documents answer the whole query, and how well.

Each clause of the query gives each document what it scores: as typed, or by what it means. Words of which a meaning
consists share its worth, so that half of a meaning is half an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index import weights
from search_index.clauses import Clause, clauses_of
from search_index.lookup import find, find_phrase
from search_index.queries import Meaning, Part, Query
from search_index.records import name_hash
from search_index.scores import Scores, rarity, score
from search_index.snapshot import Snapshot
from search_index.snippets import Found
from search_index.syntax import Parsed, parse

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answer:
    """How one clause is answered: `written` is what was typed, `having` the documents that answer it, `meant` the words
    of the longest meaning that it is a part of."""

    written: str
    having: Mask
    meant: str = ""

    def rarity(self, snapshot: Snapshot) -> float:
        """How telling the clause is."""
        return rarity(snapshot.size, int(np.count_nonzero(self.having)))


@dataclass(frozen=True, slots=True)
class Share:
    """What one part of the query adds to the scores of some documents."""

    name: str
    word: str
    documents: NDArray[np.integer]
    values: Scores

    def of(self, document: int) -> float:
        """What it adds to one document."""
        at = int(np.searchsorted(self.documents, document))
        return float(self.values[at]) if at < len(self.documents) and self.documents[at] == document else 0.0


@dataclass(slots=True)
class Matches:
    """`mask` and `scores` have an entry for each document, `found` is what can be marked in their texts.

    `answers` tell how each clause is answered, of the documents of `allowed`; the `shares` add up to the scores.
    """

    mask: Mask
    scores: Scores
    allowed: Mask
    found: list[Found] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)

    def add(self, share: Share) -> None:
        """Add to the scores."""
        self.shares.append(share)
        self.scores[share.documents] += share.values

    def parts(self, document: int) -> list[Part]:
        """The parts of one document's score."""
        worth = [(share, share.of(document)) for share in self.shares]
        return [Part(share.name, share.word, value) for share, value in worth if value]


def answering(snapshot: Snapshot, query: Query) -> Matches:
    """The documents that answer a query's text; all of them if there is none."""
    if not query.text.strip():
        return _everything(snapshot)
    parsed = parse(query.text)
    if parsed.is_empty():
        nothing = np.zeros(snapshot.size, np.bool_)
        return Matches(nothing, np.zeros(snapshot.size, np.float32), nothing)
    return match(snapshot, parsed, query.text, query.meanings)


def _everything(snapshot: Snapshot) -> Matches:
    matches = Matches(snapshot.live, np.zeros(snapshot.size, np.float32), snapshot.live)
    matches.add(Share("everything", "", np.arange(snapshot.size), np.ones(snapshot.size, np.float32)))
    return matches


def match(snapshot: Snapshot, parsed: Parsed, text: str, meanings: Sequence[Meaning] = ()) -> Matches:
    """Match a query against all live documents."""
    allowed = _without_excluded(snapshot, parsed)
    matches = Matches(allowed, np.zeros(snapshot.size, np.float32), allowed)
    clauses = clauses_of(snapshot, parsed, meanings)
    for clause in clauses:
        _require(snapshot, matches, clause)
    _reward_neighbours(snapshot, clauses, matches)
    if parsed.plain:
        _reward_names(snapshot, matches, text)
    return matches


def _without_excluded(snapshot: Snapshot, parsed: Parsed) -> Mask:
    if not parsed.excluded:
        return snapshot.live
    allowed = snapshot.live.copy()
    for unit in parsed.excluded:
        allowed[find(snapshot, unit).documents] = False
    return allowed


def _require(snapshot: Snapshot, matches: Matches, clause: Clause) -> None:
    """Keep the documents that have any unit of the clause or what it means; add what each scores."""
    answering_it = [*clause.found, *(meant.postings for meant in clause.meant)]
    having = np.zeros(snapshot.size, np.bool_)
    for postings in answering_it:
        having[postings.documents] = True
    for share in _shares(snapshot.size, clause):
        matches.add(share)
    _note_found(matches, clause)
    meant = max((each.word for each in clause.meant if each.name == "meaning"), key=len, default="")
    matches.answers.append(Answer(clause.written, having, meant))
    matches.mask = matches.mask & having


def _note_found(matches: Matches, clause: Clause) -> None:
    """What can be marked: a word of several that mean something together only where they do not."""
    together = [meant.postings.documents for meant in clause.meant if meant.name == "meaning" and meant.several]
    new = [Found(postings.places, together) for postings in clause.found]
    new += [Found(meant.postings.places, []) for meant in clause.meant]
    matches.found += [each for each in new if not any(each.places is known.places for known in matches.found)]


def _shares(size: int, clause: Clause) -> list[Share]:
    found = zip(clause.units, clause.found, strict=True)
    typed = [Share("word", unit.written, each.documents, score(size, each.strength)) for unit, each in found]
    meant = [Share(each.name, each.word, each.postings.documents, each.values) for each in clause.meant]
    return _best(size, [*typed, *meant]) if meant else typed


def _best(size: int, shares: list[Share]) -> list[Share]:
    """The best share for each document, the others cut: what is said in several ways is no several answers."""
    best = np.zeros(size, np.float32)
    owner = np.full(size, -1, np.int16)
    for number, share in enumerate(shares):
        better = share.documents[share.values > best[share.documents]]
        best[share.documents] = np.maximum(best[share.documents], share.values)
        owner[better] = number
    return [replace(share, values=_cut(share, owner[share.documents] != number)) for number, share in enumerate(shares)]


def _cut(share: Share, lesser: Mask) -> Scores:
    return np.where(lesser, share.values * np.float32(weights.BESIDE), share.values)


def _reward_neighbours(snapshot: Snapshot, clauses: list[Clause], matches: Matches) -> None:
    """Two words of the query that stand side by side in a text count for more than far apart."""
    for left, right in pairwise(clause.plain_word() for clause in clauses):
        if left is not None and right is not None:
            found = find_phrase(snapshot, (left.segments[-1], right.segments[0]))
            values = np.float32(weights.SIDE_BY_SIDE) * score(snapshot.size, found.strength)
            matches.add(Share("neighbours", f"{left.written} {right.written}", found.documents, values))


def _reward_names(snapshot: Snapshot, matches: Matches, text: str) -> None:
    """A query that is the whole of a title, model or other name."""
    hashed = name_hash(text)
    rewards = (weights.WHOLE_TITLE, weights.WHOLE_MODEL, weights.WHOLE_NAME)
    for kind, document in snapshot.named(hashed) if hashed else ():
        matches.add(Share("name", text, np.array([document]), np.array([rewards[kind]], np.float32)))
