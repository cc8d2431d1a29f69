"""What can be solved for in the sums that are shown: the exact side of `suppression`.

Every number that is shown is an equation about unknowns, each what one organisation adds under one key. Somebody who
adds and subtracts equations learns a sum of few unknowns just if one with these alone lies in the space that the
equations span; that is seen in the space orthogonal to it. Unknowns that stand in the same equations cannot be told
apart and are one.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facilities.insight.facts.suppression import LEAST

Unknowns = frozenset[tuple[Hashable, str]]
"""Organisation and key."""

Vectors = NDArray[np.float64]
NOTHING = 1e-7
SMALLEST = 1e-11
MOST_UNKNOWNS = 3000
"""Unknowns that are solved for within seconds. Where there are more, the smaller half of the numbers is withheld."""


def withheld_also(cells: Mapping[Hashable, Unknowns], hidden: set[Any], known: Collection[Unknowns] = ()) -> set[Any]:
    """The cells to be withheld besides the `hidden` ones, so that nothing about fewer than LEAST organisations can be
    solved for: again and again the smallest of those equations that it takes. The sums of `known` cannot be withheld
    any more; a cell that says the same as one of them is the last to be."""
    more: set[Any] = set()
    while needed := _needed(cells, hidden | more, known):
        more |= needed
    return more


def _needed(cells: Mapping[Hashable, Unknowns], hidden: set[Any], known: Collection[Unknowns]) -> set[Hashable]:
    """Of the cells that tell something about too few organisations the smallest, for each such thing; empty if nothing
    is told, or by `known` alone."""
    shown = [cell for cell in cells if cell not in hidden and cells[cell]]
    alike = _alike([*(cells[cell] for cell in shown), *known])
    if len(alike) > MOST_UNKNOWNS:
        return set(sorted(shown, key=lambda cell: (len(cells[cell]), str(cell)))[: len(shown) // 2 + 1])
    behind, equations = list(alike.values()), _equations(list(alike), len(shown) + len(known))
    solve = _solution(equations)
    needed: set[Hashable] = set()
    for told in _told(behind, np.eye(len(behind)) - equations.T @ solve) if shown else ():
        wanted = np.zeros(len(behind))
        wanted[list(told)] = list(told.values())
        by = [cell for cell, factor in zip(shown, solve @ wanted, strict=False) if abs(factor) > NOTHING]
        if by and not needed.intersection(by):
            needed.add(min(by, key=lambda cell: (cells[cell] in known, len(cells[cell]), str(cell))))
    return needed


def _told(behind: list[set[Hashable]], free: Vectors) -> Iterator[dict[int, float]]:
    """What can be solved for about too few organisations: how often each unknown is in it."""
    for some in _suspects(behind, free):
        sizes, directions = np.linalg.eigh(free[np.ix_(some, some)])
        if sizes[0] <= NOTHING:
            yield dict(zip(some, directions[:, 0].tolist(), strict=True))


def _alike(shown: list[Unknowns]) -> dict[tuple[int, ...], set[Hashable]]:
    """By the equations that they stand in, the organisations behind the unknowns that cannot be told apart."""
    where: defaultdict[tuple[Hashable, str], list[int]] = defaultdict(list)
    for row, unknowns in enumerate(shown):
        for unknown in unknowns:
            where[unknown].append(row)
    alike: defaultdict[tuple[int, ...], set[Hashable]] = defaultdict(set)
    for (organisation, _key), rows in where.items():
        alike[tuple(rows)].add(organisation)
    return alike


def _equations(columns: list[tuple[int, ...]], many: int) -> Vectors:
    """A row for each equation, with 1 for each unknown in it."""
    matrix = np.zeros((many, len(columns)))
    for column, rows in enumerate(columns):
        matrix[list(rows), column] = 1
    return matrix


def _solution(equations: Vectors) -> Vectors:
    """How often each equation is to be added (rows) to come as near as can be to each unknown alone (columns): by the
    smaller one of the products of the equations with themselves, far quicker than by themselves. What the equations
    leave open is a projection: some unknowns can be solved for just if the part of it that is theirs is singular."""
    rows, columns = equations.shape
    if rows <= columns:
        return np.asarray(np.linalg.pinv(equations @ equations.T, rcond=SMALLEST, hermitian=True) @ equations)
    return np.asarray(equations @ np.linalg.pinv(equations.T @ equations, rcond=SMALLEST, hermitian=True))


def _suspects(behind: list[set[Hashable]], free: Vectors) -> Iterator[list[int]]:
    """Unknowns of fewer than LEAST organisations together that may be solved for: single ones, pairs that only stand
    together, and all of one organisation."""
    open_ = np.diag(free)
    few = [at for at, organisations in enumerate(behind) if len(organisations) < LEAST]
    yield from ([at] for at in few if open_[at] <= NOTHING)
    alone = [at for at in few if len(behind[at]) == 1 and open_[at] > NOTHING]
    apart = np.outer(open_[alone], open_[alone]) - free[np.ix_(alone, alone)] ** 2
    for one, other in np.argwhere(np.triu(apart <= NOTHING, 1)).tolist():
        yield [alone[one], alone[other]]
    of: defaultdict[Hashable, list[int]] = defaultdict(list)
    for at in alone:
        of[next(iter(behind[at]))].append(at)
    yield from (own for own in of.values() if len(own) > 1)
