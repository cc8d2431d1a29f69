"""Which sums about one or two organisations follow from a set of equations.

They follow if they lie in the space that the equations span. What the projection on that space leaves of an unknown is
how far it is open; it is a projection too. Something about an organisation is told just if the part of it that is about
the organisation's unknowns is singular, and so it is with two organisations.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]
NOTHING = 1e-7
SMALLEST = 1e-11
NEARLY_ALL = 1 - 1e-4
HALF_OPEN = 0.5 + 1e-4
AT_ONCE = 100
"""Organisations that are held against all others at once."""


@dataclass(slots=True)
class _Owned:
    """The unknowns of one organisation that are not all told: where they are, and the directions that make what is open
    of them as long as each other. `open` is how far the least open is."""

    at: list[int]
    directions: Vectors
    open: float


def told(matrix: Vectors, behind: list[set[Hashable]]) -> Iterator[Vectors]:
    """How often each equation is to be added for each sum that is told. `matrix` has a row for each equation, with 1
    for each unknown in it; its first columns are the unknowns with one or two organisations `behind` them."""
    few = matrix[:, : len(behind)]
    solve = np.linalg.pinv(matrix @ matrix.T, rcond=SMALLEST, hermitian=True) @ few
    for some in _suspects(behind, few, solve):
        sizes, directions = np.linalg.eigh(_open(few, solve, some))
        if sizes[0] <= NOTHING:
            yield solve[:, some] @ directions[:, 0]


def _open(few: Vectors, solve: Vectors, some: list[int]) -> Vectors:
    """What the projection leaves of some unknowns."""
    left: Vectors = np.eye(len(some)) - few[:, some].T @ solve[:, some]
    return left


def _suspects(behind: list[set[Hashable]], few: Vectors, solve: Vectors) -> Iterator[list[int]]:
    """Unknowns that may be solved for: all of one organisation, all of two that have some in common, and all of two
    that may only stand together."""
    own: defaultdict[Hashable, list[int]] = defaultdict(list)
    shared: defaultdict[frozenset[Hashable], list[int]] = defaultdict(list)
    for at, organisations in enumerate(behind):
        if len(organisations) == 1:
            own[next(iter(organisations))].append(at)
        else:
            shared[frozenset(organisations)].append(at)
    open_ = 1 - np.einsum("ij,ij->j", few, solve)
    yield from (block for block in own.values() if len(block) > 1 or open_[block[0]] <= NOTHING)
    yield from ([*ats, *(at for one in two for at in own.get(one, ()))] for two, ats in shared.items())
    yield from _pairs(list(own.values()), few, solve)


def _pairs(blocks: list[list[int]], few: Vectors, solve: Vectors) -> Iterator[list[int]]:
    """Unknowns of two organisations that may be solved for together and not apart: where the one leaves nearly nothing
    of the other open. One of the two is at most half open, for what is told is in the space with its whole length, and
    at least half of that is one organisation's."""
    owned = [each for block in blocks if (each := _owned(block, few, solve)).open > NOTHING]
    if len(owned) < 2:
        return
    scaled = np.hstack([solve[:, each.at] @ each.directions for each in owned])
    starts = np.cumsum([0, *(len(each.at) for each in owned)])[:-1]
    first = [at for at, each in enumerate(owned) if each.open <= HALF_OPEN]
    for begin in range(0, len(first), AT_ONCE):
        some = first[begin : begin + AT_ONCE]
        alike = np.vstack([(few[:, owned[at].at] @ owned[at].directions).T for at in some]) @ scaled
        rows = np.cumsum([0, *(len(owned[at].at) for at in some)])[:-1]
        together = np.add.reduceat(np.add.reduceat(alike**2, rows, axis=0), starts, axis=1)
        for one, other in np.argwhere(together >= NEARLY_ALL).tolist():
            if some[one] != other:
                yield [*owned[some[one]].at, *owned[other].at]


def _owned(block: list[int], few: Vectors, solve: Vectors) -> _Owned:
    if len(block) == 1:
        size = 1 - float(few[:, block[0]] @ solve[:, block[0]])
        return _Owned(block, np.full((1, 1), max(size, NOTHING) ** -0.5), size)
    sizes, directions = np.linalg.eigh(_open(few, solve, block))
    return _Owned(block, directions / np.sqrt(np.maximum(sizes, NOTHING)), float(sizes[0]))
