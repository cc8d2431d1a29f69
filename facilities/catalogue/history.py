"""What a listing said at an earlier version, worked out from its revisions."""

from typing import Any

import sqlalchemy as sa

from facilities.catalogue import content
from facilities.catalogue.models import Listing, Revision
from facilities.db import db


def revisions_since(listing: Listing, version: int) -> list[Revision]:
    """The revisions after a version, newest first."""
    later = sa.select(Revision).where(Revision.listing_id == listing.id, Revision.version > version)
    return list(db.session.scalars(later.order_by(Revision.version.desc())))


def content_at(listing: Listing, version: int, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """What the listing said at a version in these fields (all unless named), as JSON values."""
    said = content.read(listing, names)
    for revision in revisions_since(listing, version):
        said |= {name: before for name, (before, _after) in revision.changes.items() if name in said}
    return said
