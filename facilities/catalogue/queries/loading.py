"""A listing by its id, whatever its status, with all it belongs to."""

import sqlalchemy as sa
from sqlalchemy.orm import attributes

from facilities.catalogue.models import LISTINGS, Listing
from facilities.catalogue.queries.listing import lineage_of
from facilities.db import db, writing


def listing_to_read(listing_id: int, *, anew: bool = False) -> Listing | None:
    """The listing and its ancestors, in one SELECT."""
    lineage = lineage_of(listing_id, anew=anew)
    for listing, parent in zip(lineage, [*lineage[1:], None], strict=False):
        attributes.set_committed_value(listing, "parent", parent)
    return lineage[0] if lineage else None


def listing_to_change(listing_id: int) -> Listing | None:
    """The same, locked until the transaction ends: whoever else wants to change it waits and then reads what is new."""
    writing()
    db.session.execute(sa.select(LISTINGS.c.id).where(LISTINGS.c.id == listing_id).with_for_update())
    return listing_to_read(listing_id, anew=True)
