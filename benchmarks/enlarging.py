"""`python -m benchmarks.enlarging LISTINGS`: more listings in a catalogue, made of those it has.

Importing a hundred thousand records one by one takes longer than everything that is to be measured. So the real ones
are imported, and their rows copied: each copy with the place of another, its words shuffled and its numbers changed.
"""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from benchmarks.varying import mixed, shuffled
from facilities import create_app
from facilities.catalogue.models import LISTINGS
from facilities.catalogue.names import name_key
from facilities.db import Model, db, refresh_statistics, writing

Row = dict[str, Any]
BATCH = 5_000
_PLACE = ("city", "region", "country", "lat", "lng", "address", "postal_code")
_PUT_BELOW = (
    sa.update(LISTINGS)
    .where(LISTINGS.c.id == sa.bindparam("copy"))
    .values(parent_id=sa.bindparam("parent"), organisation_id=sa.bindparam("owner"))
)


def enlarge(count: int) -> None:
    """Copy the listings of the current application over and over until there are `count`."""
    writing()
    draw = random.Random(3)
    real = _rows(LISTINGS)
    last = max(row["id"] for row in real)
    parts = [(table, _rows(table)) for table in _parts()]
    for number in range(1, -(-count // len(real))):
        kept = real[: count - number * len(real)]
        ids = {row["id"]: row["id"] + number * last for row in kept}
        _insert(LISTINGS, (_varied(row, draw.choice(real), draw) | {"id": ids[row["id"]]} for row in kept))
        db.session.execute(_PUT_BELOW, [_above(row, ids) for row in kept])
        for table, rows in parts:
            column = _owner(table)
            _insert(table, (row | {column: ids[row[column]]} for row in rows if row[column] in ids))
    db.session.commit()
    refresh_statistics()


def _rows(table: sa.Table) -> list[Row]:
    return [dict(row) for row in db.session.execute(sa.select(table)).mappings()]


def _parts() -> Iterator[sa.Table]:
    """The tables of the kinds, and those that join listings with something: all whose keys are made of others."""
    for table in Model.metadata.sorted_tables:
        keys = [key for column in table.primary_key for key in column.foreign_keys]
        if len(keys) == len(table.primary_key) and any(key.column is LISTINGS.c.id for key in keys):
            yield table


def _owner(table: sa.Table) -> str:
    """The column that names the listing."""
    return next(column.name for column in table.primary_key if column.references(LISTINGS.c.id))


def _insert(table: sa.Table, rows: Iterator[Row]) -> None:
    every: Sequence[Row] = list(rows)
    for start in range(0, len(every), BATCH):
        db.session.execute(sa.insert(table), every[start : start + BATCH])


def _varied(row: Row, other: Row, draw: random.Random) -> Row:
    """A copy of a listing that belongs to nothing yet."""
    name = shuffled(row["name"], draw)
    told = {"name": name, "name_key": name_key(name), "description": mixed(row, other, draw)}
    place = {field: other[field] for field in _PLACE}
    return row | place | told | dict.fromkeys(("ror", "parent_id", "organisation_id"))


def _above(row: Row, ids: Mapping[int, int]) -> Row:
    """What the copy of a listing belongs to: the copies of what the listing belongs to."""
    return {"copy": ids[row["id"]], "parent": ids.get(row["parent_id"]), "owner": ids.get(row["organisation_id"])}


def main() -> None:
    with create_app().app_context():
        enlarge(int(sys.argv[1]))


if __name__ == "__main__":
    main()
