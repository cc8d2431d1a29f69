"""Owners at their forms, and what a listing says in the end."""

from typing import Any

from facilities.catalogue import content
from facilities.catalogue.models import Listing
from facilities.catalogue.queries.loading import listing_to_read
from facilities.db import db


def found(listing: Listing) -> Listing:
    """The listing as the database has it now, whoever changed it."""
    db.session.commit()
    read = listing_to_read(listing.id, anew=True)
    assert read is not None
    return read


def said(listing: Listing, name: str = "") -> Any:
    """What it says now, in one field or in all."""
    now = found(listing)
    return content.read(now, (name,))[name] if name else content.read(now)
