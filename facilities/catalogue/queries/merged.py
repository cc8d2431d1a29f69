"""Where listings that were merged into others live on."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Status
from facilities.db import db

LONGEST_CHAIN = 20
"""Merges that are followed from one listing into the next and the next."""


def survivors(ids: Collection[int]) -> dict[int, int]:
    """The ids of merged listings among these, each with the id of the listing it lives on in; in one SELECT, through
    any chain of merges."""
    if not ids:
        return {}
    found = db.session.execute(_LAST, {"ids": list(ids), "merged": Status.MERGED})
    return {first: last for first, last in found}  # noqa: C416 (typed, unlike dict(found))


def survivor_of(listing_id: int) -> int | None:
    """The id of the listing that a merged one lives on in; None if it was not merged."""
    return survivors([listing_id]).get(listing_id)


def living(ids: Sequence[int]) -> list[int]:
    """The same ids in the same order, each once, with the listings that merged ones live on in in their place."""
    moved = survivors(ids)
    return list(dict.fromkeys(moved.get(listing_id, listing_id) for listing_id in ids))


def _chains() -> sa.Select[int, int]:
    """Each merged listing of `ids` with the end of its chain."""
    table, last = LISTINGS, LISTINGS.alias("last")
    merged = sa.bindparam("merged", type_=table.c.status.type)
    start = sa.select(table.c.id.label("first"), table.c.successor_id.label("next"), sa.literal(1).label("depth"))
    start = start.where(table.c.id.in_(sa.bindparam("ids", expanding=True)), table.c.status == merged)
    chain = start.cte("chain", recursive=True)
    onwards = sa.select(chain.c.first, table.c.successor_id, chain.c.depth + 1).where(
        table.c.id == chain.c.next, table.c.status == merged, chain.c.depth < LONGEST_CHAIN
    )
    chain = chain.union_all(onwards)
    return sa.select(chain.c.first, chain.c.next).join(last, last.c.id == chain.c.next).where(last.c.status != merged)


_LAST = _chains()
