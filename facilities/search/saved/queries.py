"""Saved searches as they are looked for."""

from datetime import datetime

import sqlalchemy as sa

from facilities.db import db
from facilities.search.saved.models import Frequency, SavedSearch


def saved_by_token(token: str) -> SavedSearch | None:
    return db.session.scalar(sa.select(SavedSearch).where(SavedSearch.token == token))


def saved_of(email: str) -> list[SavedSearch]:
    """All of one address."""
    return list(db.session.scalars(sa.select(SavedSearch).where(SavedSearch.email == email)))


def due_before(moments: dict[Frequency, datetime], limit: int) -> list[SavedSearch]:
    """Confirmed ones that were last looked at before the moment of their frequency, those that have waited longest
    first."""
    late = [
        sa.and_(SavedSearch.frequency == frequency, SavedSearch.looked_at <= moment)
        for frequency, moment in moments.items()
    ]
    confirmed = sa.select(SavedSearch).where(SavedSearch.confirmed_at.is_not(None), sa.or_(*late))
    return list(db.session.scalars(confirmed.order_by(SavedSearch.looked_at, SavedSearch.id).limit(limit)))
