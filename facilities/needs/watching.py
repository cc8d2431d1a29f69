"""Asking for letters about needs, and ending them."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from facilities.accounts.models import User
from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.needs.models import NeedWatch


def watch_needs(listing: Listing, *, by: User) -> None:
    """Have the user get letters about needs that match what belongs to the listing; doing it twice does no harm."""
    own = sa.select(NeedWatch.id).where(NeedWatch.user_id == by.id, NeedWatch.listing_id == listing.id)
    if db.session.scalar(own) is not None:
        return
    db.session.add(NeedWatch(user_id=by.id, listing_id=listing.id))
    try:
        db.session.commit()
    except IntegrityError:
        # The same button pressed twice at once: the other one does it.
        db.session.rollback()


def stop_watching(listing: Listing, *, by: User) -> None:
    """No more letters about needs that match what belongs to the listing."""
    db.session.execute(sa.delete(NeedWatch).where(NeedWatch.user_id == by.id, NeedWatch.listing_id == listing.id))
    db.session.commit()


def stop_all_letters(user_id: int, made_at: int) -> bool:
    """End all letters about needs of the account that was made at that moment (milliseconds); False if there is no such
    account."""
    user = db.session.get(User, user_id)
    if user is None or round(user.created_at.timestamp() * 1000) != made_at:
        return False
    db.session.execute(sa.delete(NeedWatch).where(NeedWatch.user_id == user_id))
    db.session.commit()
    return True
