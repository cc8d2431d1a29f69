"""What editions have shown of what single organisations state. It cannot be taken back, so the numbers of today are
looked at beside it."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple

import sqlalchemy as sa

from facilities.db import db
from facilities.insight.models import Edition

ALL = "*"
"""The key of the sum of a figure."""

FINGERPRINT = 16
"""Hexadecimal digits of a fingerprint."""

Marks = dict[str, list[str]]
"""By "figure|key", a fingerprint of what each organisation adds: "organisation:amount"."""

Stated = frozenset[tuple[str, str]]
"""What a number is the sum of: key and mark of each thing that an organisation stated."""


class Frozen(NamedTuple):
    """What an edition keeps of the cells of its scope. `withheld` are those that are part of a sum that is shown; None
    in an edition that did not keep them."""

    scope: str
    shown: Marks
    withheld: Marks | None

    def numbers(self, figure: str) -> Iterator[Stated]:
        """What each number that is shown of a figure is the sum of: the sum is made of all keys, shown or not, so that
        it and the number of one key are about the same things."""
        shown = _by_key(figure, self.shown)
        has_sum = shown.pop(ALL, None) is not None
        yield from shown.values()
        if has_sum:
            yield Stated().union(*shown.values(), *_by_key(figure, self.withheld or {}).values())

    def untold(self) -> set[str]:
        """The figures of which a sum is shown, but nobody knows what it was made of."""
        sums = {figure for figure, _bar, key in (name.partition("|") for name in self.shown) if key == ALL}
        return sums if self.withheld is None else set()


def _by_key(figure: str, marks: Marks) -> dict[str, Stated]:
    parts = ((*name.partition("|"), of) for name, of in marks.items())
    return {key: frozenset((key, each) for each in of) for name, _bar, key, of in parts if name == figure}


def editions() -> list[Frozen]:
    """All of them, in one SELECT."""
    frozen = sa.select(Edition.scope, Edition.facts["marks"], Edition.facts["marks_withheld"])
    return [Frozen(scope, shown or {}, withheld) for scope, shown, withheld in db.session.execute(frozen)]


def mark(id_: int, amounts: Iterable[int]) -> str:
    """Of what an organisation adds to a cell."""
    return f"{_fingerprint(id_)}:{_fingerprint(id_, sum(amounts))}"


def who(of: str) -> str:
    """The fingerprint of the organisation whose mark it is."""
    return of.partition(":")[0]


def _fingerprint(*of: int) -> str:
    """Made without a key: after a change of SECRET_KEY what has not changed would look as if all of it had."""
    return blake2b(repr(of).encode(), digest_size=FINGERPRINT // 2).hexdigest()
