"""Offers leave the index the day after their last day: the worker sees to it."""

import logging
from datetime import timedelta

import sqlalchemy as sa

from facilities.catalogue.ended import OFFERS
from facilities.catalogue.models import LISTINGS, Status
from facilities.db import db, writing
from facilities.formats import site_today
from facilities.search import index as indexing
from facilities.search.queries import published_count

log = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=31)
"""How long the worker may have been away; after more, the index is built anew anyhow."""


def leave_out_ended_offers() -> int:
    """Take the offers that have ended out of the index, if it holds more than can be found; gives their number."""
    if not indexing.index().exists() or indexing.index().count() <= published_count():
        return 0
    ended = list(db.session.scalars(_ended_lately()))
    if ended:
        writing()
        indexing.mark(ended)
        db.session.commit()
        indexing.follow()
        log.info("%s ended offers left the index", len(ended))
    return len(ended)


def _ended_lately() -> sa.Select[int]:
    today = site_today()
    lately = (OFFERS.c.open_until < today, OFFERS.c.open_until >= today - LOOKED_BACK)
    return (
        sa.select(OFFERS.c.id)
        .join(LISTINGS, LISTINGS.c.id == OFFERS.c.id)
        .where(LISTINGS.c.status == Status.PUBLISHED, *lately)
    )
