"""What the worker does about open needs once a day: looks for what is new in the catalogue, and says when one ended."""

import logging
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from facilities.db import db, now, writing
from facilities.formats import site_today
from facilities.needs.letters import post_ended
from facilities.needs.matching import NEEDS, match_need
from facilities.needs.models import NeedState, PublicNeed
from facilities.needs.telling import tell_of_need
from facilities.search.index import index

log = logging.getLogger(__name__)

DAILY = timedelta(hours=23)
MOST_IN_ROUND = 500
OPEN = NEEDS.c.state == NeedState.OPEN


def look_after_needs(at: datetime | None = None) -> int:
    """Match the open needs that were last looked at a day ago, and tell of what is new; gives how many there were.
    Those whose last day has passed are ended: their posters are told once."""
    at = at or now()
    for need_id in _ended(at):
        say_that_it_ended(need_id, at)
    due = _due(at) if index().exists() else []
    for need_id in due:
        match_need(need_id, at)
        tell_of_need(need_id, at)
    return len(due)


def _due(at: datetime) -> list[int]:
    """Open ones that nobody has looked at since yesterday, and any that a crash left without a look."""
    waits = sa.or_(NEEDS.c.matched_at.is_(None), NEEDS.c.matched_at <= at - DAILY)
    states = sa.or_(
        sa.and_(OPEN, NEEDS.c.ends_on >= site_today(at)),
        sa.and_(NEEDS.c.state == NeedState.WAITING, NEEDS.c.matched_at.is_(None)),
    )
    query = sa.select(NEEDS.c.id).where(states, waits).order_by(NEEDS.c.matched_at, NEEDS.c.id)
    return list(db.session.scalars(query.limit(MOST_IN_ROUND)))


def _ended(at: datetime) -> list[int]:
    over = sa.select(NEEDS.c.id).where(OPEN, NEEDS.c.ends_on < _day(at), _not_seen_since_its_end())
    return list(db.session.scalars(over.limit(MOST_IN_ROUND)))


def _day(at: datetime) -> date:
    """The day that has begun both for the site and in UTC, by which the database tells when a need was looked at: with
    the site's alone, a poster would be told again every hour until it has begun there too."""
    return min(site_today(at), at.date())


def _not_seen_since_its_end() -> sa.ColumnElement[bool]:
    """Whether it was last looked at while it went on: one that has ended is looked at once more, to say so."""
    return sa.or_(NEEDS.c.matched_at.is_(None), sa.func.date(NEEDS.c.matched_at) <= NEEDS.c.ends_on)


def say_that_it_ended(need_id: int, at: datetime) -> bool:
    """Tell the poster that its last day has passed, once; whether a letter was written."""
    writing()
    mark = sa.update(NEEDS).where(NEEDS.c.id == need_id, OPEN, NEEDS.c.ends_on < _day(at), _not_seen_since_its_end())
    marked = db.session.scalars(mark.values(matched_at=at).returning(NEEDS.c.id)).all()
    need = db.session.get(PublicNeed, need_id, populate_existing=True) if marked else None
    if need is not None:
        post_ended(need)
    db.session.commit()
    return need is not None
