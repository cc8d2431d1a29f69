"""What the map knows of every published listing without asking again: its kind, its organisation and its town."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import aliased

from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.db import db
from facilities.search.keeping import kept

KINDS = tuple(Kind)
"""In the order in which listings at one place are named."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town in which listings are; it may be unknown."""

    country: str
    city: str
    number: int


@dataclass(frozen=True)
class Columns:
    """Of all published listings, in order of id: `kinds` are places in KINDS, `towns` places in `names`, -1 for those
    of whom no country is known."""

    ids: NDArray[np.int64]
    kinds: NDArray[np.int64]
    towns: NDArray[np.int64]
    names: list[tuple[str, str]]

    def rows(self, ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Where these listings stand in the columns; a listing that is new since then stands nowhere: -1."""
        wanted = np.asarray(ids, np.int64)
        if not len(self.ids):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        return np.where(self.ids[at] == wanted, at, -1)

    def kinds_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Their kinds; what is not known is taken for the last one."""
        rows = self.rows(ids)
        return np.where(rows >= 0, self.kinds[rows] if len(self.kinds) else 0, len(KINDS) - 1)

    def towns_of(self, ids: Sequence[int]) -> list[Town]:
        """Where these listings are, with the number in each town."""
        rows = self.rows(ids)
        counted = Counter(self.towns[rows[rows >= 0]].tolist())
        return [Town(*self.names[town], number) for town, number in counted.items() if town >= 0]


def columns() -> Columns:
    """The columns as the index's generation has them; read anew, in one statement, once there is another."""
    return kept("map", "columns", _read)


def _read() -> Columns:
    parent, owner = aliased(LISTINGS), aliased(LISTINGS)
    # A row without a country takes country and city together from the first above it that has one.
    country = sa.func.coalesce(LISTINGS.c.country, parent.c.country, owner.c.country)
    city = sa.case(
        (LISTINGS.c.country.is_not(None), LISTINGS.c.city),
        (parent.c.country.is_not(None), parent.c.city),
        else_=owner.c.city,
    )
    rows = db.session.execute(
        sa.select(LISTINGS.c.id, LISTINGS.c.kind, country, city)
        .join(parent, LISTINGS.c.parent_id == parent.c.id, isouter=True)
        .join(owner, LISTINGS.c.organisation_id == owner.c.id, isouter=True)
        .where(LISTINGS.c.status == Status.PUBLISHED)
        .order_by(LISTINGS.c.id)
    ).all()
    names: dict[tuple[str, str], int] = {}
    towns = [names.setdefault((code, city or ""), len(names)) if code else -1 for _id, _kind, code, city in rows]
    kinds = [KINDS.index(kind) for _id, kind, _code, _city in rows]
    ids = np.array([row[0] for row in rows], np.int64)
    return Columns(ids, np.array(kinds, np.int64), np.array(towns, np.int64), list(names))
