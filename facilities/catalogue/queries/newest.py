"""Listings by the moment they became public."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from facilities.catalogue.ended import STANDING
from facilities.catalogue.models import LISTINGS, Revision, RevisionAct, Status
from facilities.db import db

FEW = 2000
"""Ids that are asked for by number in one statement."""


def public_since(since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(id, moment) of the published listings that became public after `since` and not after `until`, newest first."""
    made = sa.select(Revision.listing_id).where(Revision.act == RevisionAct.PUBLISHED, Revision.made_at > since)
    new = sa.or_(LISTINGS.c.created_at > since, LISTINGS.c.id.in_(made))
    rows = db.session.execute(_by_moment().where(new))
    return [(id_, moment) for id_, moment in rows if since < moment <= until]


def newest(ids: Collection[int], limit: int) -> list[tuple[int, datetime]]:
    """(id, moment) of those published listings among `ids` that became public last, newest first."""
    if len(ids) <= FEW:
        rows = db.session.execute(_by_moment().where(LISTINGS.c.id.in_(ids)).limit(limit))
        return [(id_, moment) for id_, moment in rows]
    wanted, found = set(ids), []
    rows = db.session.execute(_by_moment(), execution_options={"yield_per": FEW})
    for id_, moment in rows:
        if id_ in wanted:
            found.append((id_, moment))
        if len(found) == limit:
            break
    rows.close()
    return found


def last_changes(ids: Collection[int]) -> dict[int, datetime]:
    """When each of these listings last changed."""
    rows = db.session.execute(sa.select(LISTINGS.c.id, LISTINGS.c.updated_at).where(LISTINGS.c.id.in_(ids)))
    return {row.id: row.updated_at for row in rows}


def _by_moment() -> sa.Select[int, datetime]:
    """Published listings, without offers that have ended, with the moment they last became public: when they were
    entered, unless they were published later."""
    published = (
        sa.select(sa.func.max(Revision.made_at))
        .where(Revision.listing_id == LISTINGS.c.id, Revision.act == RevisionAct.PUBLISHED)
        .scalar_subquery()
    )
    moment = sa.func.coalesce(published, LISTINGS.c.created_at, type_=LISTINGS.c.created_at.type).label("moment")
    columns = sa.select(LISTINGS.c.id, moment).where(LISTINGS.c.status == Status.PUBLISHED, STANDING)
    return columns.order_by(moment.desc(), LISTINGS.c.id.desc())
