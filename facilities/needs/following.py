"""Public needs, suggestions and watches of a listing that is merged into another, and back again."""

from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa

from facilities.catalogue.models import Listing
from facilities.db import Model, db
from facilities.needs.models import NeedSuggestion, NeedWatch, PublicNeed

Moved = dict[str, list[int]]
POINTERS: Mapping[str, tuple[type[Model], str, str]] = {
    "posted": (PublicNeed, "organisation_id", ""),
    "suggestions": (NeedSuggestion, "listing_id", "need_id"),
    "watches": (NeedWatch, "listing_id", "user_id"),
}
"""What points at listings, by which column, and what may have only one row for each listing."""


def take_needs_along(merged: Listing, kept: Listing) -> Moved:
    """Have them point at `kept`, apart from those that it has already; gives the ids, by kind. The caller commits."""
    return {name: _point(name, merged.id, kept.id) for name in POINTERS}


def take_needs_back(moved: Mapping[str, list[int]], merged: Listing, kept: Listing) -> int:
    """Have them point at `merged` again; gives how many are no longer there. The caller commits."""
    back = {name: _point(name, kept.id, merged.id, ids) for name, ids in moved.items()}
    return sum(len(ids) - len(back[name]) for name, ids in moved.items())


def _point(name: str, before: int, after: int, only: list[int] | None = None) -> list[int]:
    model, column, alone = POINTERS[name]
    table = cast("sa.Table", model.__table__)
    which: list[Any] = [table.c[column] == before]
    if only is not None:
        which.append(table.c.id.in_(only))
    if alone:
        which.append(table.c[alone].not_in(sa.select(table.c[alone]).where(table.c[column] == after)))
    moved = sa.update(table).where(*which).values({column: after}).returning(table.c.id)
    return sorted(db.session.scalars(moved))
