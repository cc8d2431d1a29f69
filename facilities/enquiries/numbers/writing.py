"""Adding counts to the table of daily numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from facilities.catalogue.models import LISTINGS
from facilities.enquiries.models import DailyNumber
from facilities.search.log.writing import impatient_connection

BATCH = 1000
"""Rows in a statement, of which SQLite takes 32,766 values."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is added to a listing and day: pages opened, times shown among results."""

    views: int = 0
    found: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.views + other.views, self.found + other.found)


def write(counts: Mapping[tuple[int, date], Counts]) -> None:
    """Add the counts to those of each listing and day, in one order, so that two writers queue. Listings that are gone
    are left out. Raises OperationalError if others write too long."""
    if not counts:
        return
    with impatient_connection() as connection:
        there = sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_({listing_id for listing_id, _day in counts}))
        known = set(connection.scalars(there))
        add_counts(connection, {key: each for key, each in counts.items() if key[0] in known})
        connection.commit()


def add_counts(connection: sa.Connection, counts: Mapping[tuple[int, date], Counts]) -> None:
    """Add the counts to those of each listing and day, in one order; the caller commits."""
    rows = [_row(key, counts[key]) for key in sorted(counts)]
    for start in range(0, len(rows), BATCH):
        connection.execute(_adding(connection.dialect.name, rows[start : start + BATCH]))


def _row(key: tuple[int, date], counts: Counts) -> dict[str, Any]:
    return {"listing_id": key[0], "day": key[1], "views": counts.views, "found": counts.found}


def _adding(dialect: str, rows: Sequence[dict[str, Any]]) -> sa.Executable:
    insert: Any = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(DailyNumber).values(rows)
    there, new = DailyNumber.__table__.c, insert.excluded
    sums = {name: there[name] + new[name] for name in ("views", "found")}
    statement: sa.Executable = insert.on_conflict_do_update(index_elements=["listing_id", "day"], set_=sums)
    return statement
