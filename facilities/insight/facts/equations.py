"""The numbers that are shown as equations, made as few and short as can be without changing what follows from them.

Each number is an equation: the sum of some unknowns. Unknowns that stand in the same equations cannot be told apart and
are one. Then

1. an equation that lies within another is subtracted from it, so that a sum beside all its parts says nothing new;
2. an equation with something of LEAST or more organisations that no other has is left out: whatever it is added to
   tells about all of these;
3. what is left falls into parts that have no unknown in common.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

from facilities.insight.facts.suppression import LEAST

Unknowns = frozenset[tuple[Hashable, str]]
"""Organisation and key."""


class Equations:
    """`behind` are the organisations of each unknown, `rows` the unknowns in each equation, `where` the equations that
    each unknown is in, `made` how often each number is added to arrive at an equation; all of them are called by their
    places in these lists."""

    def __init__(self, numbers: Sequence[Unknowns]) -> None:
        alike = _alike(numbers)
        self.behind = list(alike.values())
        self.rows: list[set[int]] = [set() for _number in numbers]
        self.made = [{number: 1} for number in range(len(numbers))]
        self.where = [set(rows) for rows in alike]
        for unknown, rows in enumerate(alike):
            for row in rows:
                self.rows[row].add(unknown)
        self._take_apart()
        self._leave_out_harmless()

    def parts(self) -> Iterator[list[int]]:
        """The equations of each part."""
        left = {row for row, unknowns in enumerate(self.rows) if unknowns}
        while left:
            part, edge = set[int](), {left.pop()}
            while edge:
                part |= edge
                near = set[int]().union(*(self.where[unknown] for row in edge for unknown in self.rows[row]))
                edge = near - part
            left -= part
            yield sorted(part)

    def _take_apart(self) -> None:
        """Subtract every equation from those that hold it, the shortest first. One that has become shorter is looked at
        again; nothing else can have come to lie within another."""
        waiting = [(len(unknowns), row) for row, unknowns in enumerate(self.rows) if unknowns]
        heapify(waiting)
        while waiting:
            length, row = heappop(waiting)
            if length != len(self.rows[row]) or not length:
                continue
            for other in self._around(row):
                self._subtract(row, other)
                heappush(waiting, (len(self.rows[other]), other))

    def _around(self, row: int) -> list[int]:
        """The other equations that hold all unknowns of this one."""
        rarest = min(self.rows[row], key=lambda unknown: len(self.where[unknown]))
        return [other for other in sorted(self.where[rarest]) if other != row and self.rows[row] <= self.rows[other]]

    def _subtract(self, row: int, other: int) -> None:
        self.rows[other] -= self.rows[row]
        for unknown in self.rows[row]:
            self.where[unknown].discard(other)
        for number, times in self.made[row].items():
            self.made[other][number] = self.made[other].get(number, 0) - times

    def _leave_out_harmless(self) -> None:
        waiting = [row for row, unknowns in enumerate(self.rows) if unknowns]
        while waiting:
            row = waiting.pop()
            if len(self._only_in(row)) >= LEAST:
                waiting += self._leave_out(row)

    def _only_in(self, row: int) -> set[Hashable]:
        """The organisations of what stands in no other equation."""
        alone = (self.behind[unknown] for unknown in self.rows[row] if len(self.where[unknown]) == 1)
        return set[Hashable]().union(*alone)

    def _leave_out(self, row: int) -> set[int]:
        """Gives the equations that have got something for themselves by it."""
        left_alone: set[int] = set()
        for unknown in self.rows[row]:
            self.where[unknown].discard(row)
            if len(self.where[unknown]) == 1:
                left_alone |= self.where[unknown]
        self.rows[row] = set()
        return left_alone


def _alike(numbers: Iterable[Unknowns]) -> dict[tuple[int, ...], set[Hashable]]:
    """By the equations that they stand in, the organisations behind the unknowns that cannot be told apart."""
    where: defaultdict[tuple[Hashable, str], list[int]] = defaultdict(list)
    for row, unknowns in enumerate(numbers):
        for unknown in unknowns:
            where[unknown].append(row)
    alike: defaultdict[tuple[int, ...], set[Hashable]] = defaultdict(set)
    for (organisation, _key), rows in where.items():
        alike[tuple(rows)].add(organisation)
    return alike
