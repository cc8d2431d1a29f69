"""Which numbers are withheld so that none tells about one or two organisations: the whole rule, in one place.

A number is a cell, and what is known of a cell is whose numbers it is made of. Cells are tied by sums: a total and the
years it is made of, a network and its hubs. Whoever reads all cells that are shown, and subtracts, must not arrive at a
number behind which stand fewer than LEAST organisations. So a cell is withheld

1. if fewer than LEAST organisations, but not none, are behind it;
2. if a sum would otherwise give away what is withheld in it: as long as it would, the smallest of its parts that are
   still shown is withheld too, and where there is none, the total.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from facilities.catalogue.models.terms import Word

LEAST = 3
"""Organisations that a number is about, without which it is withheld."""

Organisations = frozenset[int]


class Why(Word):
    """The reason why numbers are withheld, as pages and files say it."""

    FEW = "few", _("What is not shown would tell about fewer than three organisations.")
    EDITION = (
        "edition",
        _("What is not shown would, beside an earlier edition, tell about fewer than three organisations."),
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """That `whole` is the sum of `parts` and of what those organisations add that are `besides` in none of them, which
    is shown nowhere."""

    whole: Hashable
    parts: tuple[Hashable, ...]
    besides: Organisations = frozenset()


def withheld(
    cells: Mapping[Hashable, Organisations], sums: Iterable[Sum], also: Collection[Hashable] = ()
) -> set[Hashable]:
    """The cells not to be shown. `cells` are the organisations behind each, `also` are withheld for other reasons. The
    whole of a sum that is none of the cells is known to everybody anyhow.

    Ends, for every step withholds one cell more.
    """
    tied = list(sums)
    hidden = {cell for cell, behind in cells.items() if too_few(behind)} | (set(also) & cells.keys())
    while more := {cell for each in tied if (cell := _also_hidden(each, cells, hidden)) is not None} - hidden:
        hidden |= more
    return hidden


def too_few(behind: Collection[int]) -> bool:
    """Whether a number made of these organisations' tells about one of them; none at all tell of nobody."""
    return 0 < len(behind) < LEAST


def _also_hidden(sum_: Sum, cells: Mapping[Hashable, Organisations], hidden: set[Hashable]) -> Hashable | None:
    """The next cell that has to be withheld for this sum to give nothing away, if any has to be."""
    parts = [part for part in sum_.parts if cells.get(part)]
    shown = [part for part in parts if part not in hidden]
    if not _gives_away(sum_, cells, hidden, [part for part in parts if part in hidden]):
        return None
    if shown:
        return min(shown, key=lambda part: (len(cells[part]), str(part)))
    return sum_.whole if sum_.whole in cells.keys() - hidden else None


def _gives_away(
    sum_: Sum, cells: Mapping[Hashable, Organisations], hidden: set[Hashable], lacking: list[Hashable]
) -> bool:
    """Whether subtracting what is shown leaves too little to hide in. `lacking` are the parts that are withheld."""
    if sum_.whole in hidden:
        return not lacking and not sum_.besides
    if not lacking:
        return too_few(sum_.besides)
    alone = len(lacking) == 1 and not sum_.besides
    return alone or too_few(frozenset[int]().union(sum_.besides, *(cells[part] for part in lacking)))
