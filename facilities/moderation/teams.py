"""Who keeps a listing, as the desk needs to know it."""

import sqlalchemy as sa

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue.models import Listing
from facilities.db import db


def managers_of(listing: Listing) -> list[User]:
    """The active managers of the listing and of all that it belongs to, each once."""
    return keepers_of(listing, OwnerRole.MANAGER)


def keepers_of(listing: Listing, *roles: OwnerRole) -> list[User]:
    """The same of editors and managers, or of those with the `roles` only."""
    holders = [holder.id for holder in listing.lineage()]
    kept = sa.select(Grant.user_id).where(Grant.role.in_(roles or OwnerRole), Grant.listing_id.in_(holders))
    return list(db.session.scalars(sa.select(User).where(User.id.in_(kept), User.active).order_by(User.id)))
