"""Saved searches as they are looked for."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from facilities.db import db
from facilities.search.saved.models import Frequency, SavedSearch


class Due(NamedTuple):
    """A saved search that is due, as it was when that was seen: nothing that a later transaction changes."""

    id: int
    args: str
    looked_at: datetime


def saved_by_token(token: str) -> SavedSearch | None:
    return db.session.scalar(sa.select(SavedSearch).where(SavedSearch.token == token))


def saved_of(email: str) -> list[SavedSearch]:
    """All of one mailbox, however its address was written: small and capital letters are the same."""
    return list(db.session.scalars(sa.select(SavedSearch).where(sa.func.lower(SavedSearch.email) == email.lower())))


def due_before(moments: dict[Frequency, datetime], limit: int) -> list[Due]:
    """Confirmed ones that were last looked at before the moment of their frequency, those that have waited longest
    first."""
    late = [
        sa.and_(SavedSearch.frequency == frequency, SavedSearch.looked_at <= moment)
        for frequency, moment in moments.items()
    ]
    columns = (SavedSearch.id, SavedSearch.args, SavedSearch.looked_at)
    confirmed = sa.select(*columns).where(SavedSearch.confirmed_at.is_not(None), sa.or_(*late))
    rows = db.session.execute(confirmed.order_by(SavedSearch.looked_at, SavedSearch.id).limit(limit))
    return [Due(*row) for row in rows]
