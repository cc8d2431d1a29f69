"""The index follows the calendar: memberships that began, or whose last day has passed, since it was looked at last."""

from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from facilities.db import db
from facilities.networks.changing import save
from facilities.networks.members import today
from facilities.networks.models import Membership

AT_FIRST = timedelta(days=14)
"""How far back is looked when it is not known when that was."""


def follow_the_calendar(*, day: date | None = None) -> int:
    """Have the index look again at organisations whose membership began or ended since the last time, once a day; gives
    their number. Doing it twice does no harm."""
    day, stamp = day or today(), Path(current_app.config["INSTANCE_PATH"]) / "memberships-followed"
    last = _read(stamp) or day - AT_FIRST
    if last >= day:
        return 0
    began = sa.and_(Membership.since > last, Membership.since <= day)
    ended = sa.and_(Membership.until >= last, Membership.until < day)
    query = sa.select(Membership.organisation_id).where(sa.or_(began, ended)).distinct()
    found = list(db.session.scalars(query))
    db.session.rollback()
    if found:
        save(found)
    stamp.write_text(day.isoformat())
    return len(found)


def _read(stamp: Path) -> date | None:
    try:
        return date.fromisoformat(stamp.read_text().strip())
    except (OSError, ValueError):
        return None
