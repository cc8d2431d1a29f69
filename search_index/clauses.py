"""Clauses: the parts of a query that all have to be answered, each with everything that answers it.

A clause is answered by its words as typed, and by whatever stands for several of them: the words written as one, or
what they mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from search_index import weights
from search_index.lookup import find, find_form, find_meaning
from search_index.postings import Postings
from search_index.queries import Meaning
from search_index.scores import Scores, score
from search_index.snapshot import Snapshot
from search_index.syntax import Parsed, Unit, Word

MOST_MEANINGS = 24
"""Meanings of a query that are looked up."""
_LONGEST_JOIN = 3


@dataclass(frozen=True, slots=True)
class Meant:
    """What one word of the query stands for, or `several` together: `values` is what each of them scores for it in the
    documents found."""

    name: str
    word: str
    postings: Postings
    values: Scores
    several: bool


@dataclass(slots=True)
class Clause:
    """Units of which any answers the clause, what was `found` for each, and what else answers it."""

    units: list[Unit]
    found: list[Postings]
    meant: list[Meant] = field(default_factory=list)

    @property
    def written(self) -> str:
        """What was typed."""
        return " ".join(unit.written for unit in self.units)

    def words(self) -> list[Word]:
        """The units that are words, and not quoted or the beginning of one."""
        return [unit for unit in self.units if isinstance(unit, Word)]

    def plain_word(self) -> Word | None:
        """The one word that the clause is, if it is."""
        unit = self.units[0]
        return unit if len(self.units) == 1 and isinstance(unit, Word) else None


def clauses_of(snapshot: Snapshot, parsed: Parsed, meanings: Sequence[Meaning]) -> list[Clause]:
    """Look up all clauses of a query, and what its words mean."""
    clauses = [Clause(units, [find(snapshot, unit) for unit in units]) for units in parsed.clauses]
    meant = list(_written_as_one(snapshot, clauses))
    meant += _meanings(snapshot, clauses, meanings)
    for covered, found in meant:
        for clause in covered:
            clause.meant.append(found)
    return clauses


def _written_as_one(snapshot: Snapshot, clauses: list[Clause]) -> Iterator[tuple[list[Clause], Meant]]:
    """Words that someone else writes as one: cryo EM, cryoEM."""
    for count in range(2, _LONGEST_JOIN + 1):
        for start in range(len(clauses) - count + 1):
            covered = clauses[start : start + count]
            words = [word for clause in covered if (word := clause.plain_word()) is not None]
            whole = "".join(segment for word in words for segment in word.segments)
            if len(words) == count and not whole.isdigit():
                yield from _sharing(
                    snapshot, covered, "word", whole, find_form(snapshot, whole), weights.OTHER_SPELLING
                )


def _meanings(
    snapshot: Snapshot, clauses: list[Clause], meanings: Sequence[Meaning]
) -> Iterator[tuple[list[Clause], Meant]]:
    for meaning in meanings[:MOST_MEANINGS]:
        covered = [clause for clause in clauses if _rest(clause, meaning) is not None]
        if covered:
            found = find_meaning(snapshot, meaning)
            rests = {segment for clause in covered for segment in _rest(clause, meaning) or ()}
            yield from _sharing(snapshot, covered, "meaning", _written(covered), _having(snapshot, found, rests))


def _rest(clause: Clause, meaning: Meaning) -> list[str] | None:
    """The segments of a clause's word that a meaning leaves out (FE of FE-SEM); None if it has none of them."""
    for word in clause.words():
        numbered = list(enumerate(word.segments, word.at))
        rest = [segment for number, segment in numbered if not meaning.start <= number < meaning.end]
        if len(rest) < len(numbered):
            return rest
    return None


def _written(clauses: list[Clause]) -> str:
    return " ".join(clause.written for clause in clauses)


def _having(snapshot: Snapshot, found: Postings, words: set[str]) -> Postings:
    """Of what was found, the documents that have some words besides."""
    keep = np.ones(len(found.documents), np.bool_)
    for word in sorted(words):
        keep &= np.isin(found.documents, find_form(snapshot, word).documents)
    return found if keep.all() else Postings(found.documents[keep], found.strength[keep], found.places)


def _sharing(
    snapshot: Snapshot, covered: list[Clause], name: str, word: str, found: Postings, weight: float = 1.0
) -> Iterator[tuple[list[Clause], Meant]]:
    """What clauses have in common, its worth shared out among them. It is as rare as all that answers them together."""
    if not len(found.documents):
        return
    typed = reduce(np.intersect1d, (_documents(clause) for clause in covered))
    known_in = len(np.union1d(typed, found.documents))
    worth = weight * (1 + weights.EACH_MORE_WORD * (len(covered) - 1)) / len(covered)
    values = np.float32(worth) * score(snapshot.size, found.strength, known_in)
    yield covered, Meant(name, word, found, values, len(covered) > 1)


def _documents(clause: Clause) -> NDArray[np.int32]:
    return reduce(np.union1d, (found.documents for found in clause.found))
