"""How good a list of results is, by the grades that people gave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean

from tests.relevance.judged import Grades

DEPTH = 10


def gain(grade: int) -> int:
    """2 to the power of the grade, less one: the best record is worth three useful ones."""
    return int(2**grade - 1)


def discounted_gain(grades: Iterable[int]) -> float:
    """The gains of the first ten, each divided by log2(rank + 1). Järvelin and Kekäläinen, 10.1145/582415.582418."""
    return sum(gain(grade) / log2(rank + 1) for rank, grade in enumerate(list(grades)[:DEPTH], 1))


def ndcg(found: Sequence[str], grades: Grades) -> float:
    """From 0 to 1: the discounted gain of what was found over that of the best list there could be."""
    best = discounted_gain(sorted(grades.values(), reverse=True))
    return discounted_gain(grades.get(record, 0) for record in found) / best


def success(found: Sequence[str], grades: Grades, within: int) -> bool:
    """Whether what the visitor wants is among the first; where nothing is exactly that, whether something useful is."""
    wanted = max(grades.values())
    return any(grades.get(record, 0) == wanted for record in found[:within])


@dataclass(frozen=True, slots=True)
class Score:
    """How one query went, or the mean of several; all from 0 to 1."""

    ndcg: float
    first: float
    first_three: float
    nothing: float


def score(found: Sequence[str], grades: Grades) -> Score:
    return Score(ndcg(found, grades), success(found, grades, 1), success(found, grades, 3), not found)


def mean(scores: Sequence[Score]) -> Score:
    return Score(
        fmean(each.ndcg for each in scores),
        fmean(each.first for each in scores),
        fmean(each.first_three for each in scores),
        fmean(each.nothing for each in scores),
    )
