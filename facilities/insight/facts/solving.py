"""What can be solved for in the sums that are shown: the exact side of `suppression`.

Every number that is shown is an equation about unknowns, each what one organisation adds under one key. Somebody who
adds and subtracts equations learns a sum of few unknowns just if one with these alone lies in the space that the
equations span. That is looked for in each part of the `equations` by itself, as `telling` says how.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np

from facilities.insight.facts.equations import Equations, Unknowns
from facilities.insight.facts.suppression import LEAST
from facilities.insight.facts.telling import NOTHING, Vectors, told

MOST_UNKNOWNS, MOST_EQUATIONS = 10_000, 1000
"""Those of one part that are solved within seconds. Where it has more, the smaller half of its numbers is withheld."""

Cells = dict[Unknowns, list[Hashable]]
"""What is shown: by what it is the sum of, the cells that say so."""


def withheld_also(cells: Mapping[Any, Unknowns], hidden: set[Any], known: Collection[Unknowns] = ()) -> set[Any]:
    """The cells to be withheld besides the `hidden` ones, so that nothing about fewer than LEAST organisations can be
    solved for: again and again the smallest of those equations that it takes. The sums of `known` cannot be withheld
    any more, nor need cells that say the same as one of them."""
    more: set[Any] = set()
    while needed := _needed(_shown(cells, hidden | more, known), [each for each in known if each]):
        more |= needed
    return more


def _shown(cells: Mapping[Any, Unknowns], hidden: set[Any], known: Collection[Unknowns]) -> Cells:
    shown: Cells = {}
    for cell, unknowns in cells.items():
        if unknowns and cell not in hidden and unknowns not in known:
            shown.setdefault(unknowns, []).append(cell)
    return shown


def _needed(shown: Cells, known: list[Unknowns]) -> set[Hashable]:
    """Of the cells that tell something about too few organisations the smallest, for each such thing; empty if nothing
    is told, or by `known` alone."""
    numbers = sorted(shown, key=lambda unknowns: (len(unknowns), min(map(str, shown[unknowns]))))
    equations = Equations([*numbers, *known]) if numbers else Equations([])
    needed: set[int] = set()
    for by in chain.from_iterable(_telling(equations, part, len(numbers)) for part in equations.parts()):
        if by and not needed & by:
            needed.add(min(by))
    return {cell for number in needed for cell in shown[numbers[number]]}


def _telling(equations: Equations, part: list[int], many: int) -> Iterator[set[int]]:
    """The numbers, of the first `many` that can still be withheld, by which each thing is told about too few
    organisations in a part; of too large a part one after another the smaller half of all."""
    unknowns = set[int]().union(*(equations.rows[row] for row in part))
    if len(part) > MOST_EQUATIONS or len(unknowns) > MOST_UNKNOWNS:
        yield from _smaller_half(equations, part, many)
        return
    few = [unknown for unknown in sorted(unknowns) if len(equations.behind[unknown]) < LEAST]
    matrix = _matrix(equations, part, [*few, *sorted(unknowns.difference(few))])
    for times in told(matrix, [equations.behind[unknown] for unknown in few]) if few else ():
        yield _made_by(equations, part, times, many)


def _smaller_half(equations: Equations, part: list[int], many: int) -> Iterator[set[int]]:
    own = [row for row in part if row < many] or sorted(_made_by(equations, part, np.ones(len(part)), many))
    yield from ({number} for number in own[: len(own) // 2 + 1])


def _matrix(equations: Equations, part: list[int], unknowns: list[int]) -> Vectors:
    """A row for each equation, with 1 for each unknown in it."""
    place = {unknown: at for at, unknown in enumerate(unknowns)}
    matrix = np.zeros((len(part), len(unknowns)))
    for at, row in enumerate(part):
        matrix[at, [place[unknown] for unknown in equations.rows[row]]] = 1
    return matrix


def _made_by(equations: Equations, part: list[int], times: Vectors, many: int) -> set[int]:
    """The numbers, of the first `many`, that are used where each equation is added so many times."""
    used: defaultdict[int, float] = defaultdict(float)
    for row, factor in zip(part, times.tolist(), strict=True):
        if abs(factor) > NOTHING:
            for number, count in equations.made[row].items():
                used[number] += factor * count
    return {number for number, factor in used.items() if number < many and abs(factor) > NOTHING}
