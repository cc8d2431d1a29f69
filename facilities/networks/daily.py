"""What the calendar brings: memberships that began or ended, networks that closed, applications that wait too long."""

from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from facilities.db import db, now, writing
from facilities.formats import site_today
from facilities.networks.changing import save
from facilities.networks.letters import remind_desk
from facilities.networks.members import today
from facilities.networks.models import Application, ApplicationState, Membership, Network

AT_FIRST = timedelta(days=14)
"""How far back is looked when it is not known when that was."""

REMIND_AFTER = timedelta(days=7)
"""How long an application waits before its desk gets a second letter."""

MOST_IN_ROUND = 200


def follow_the_calendar(*, day: date | None = None) -> int:
    """Have the index look again at organisations whose membership began or ended, or whose network closed, since the
    last time, once a day; gives their number. Doing it twice does no harm."""
    day, stamp = day or today(), Path(current_app.config["INSTANCE_PATH"]) / "memberships-followed"
    last = _read(stamp) or day - AT_FIRST
    if last >= day:
        return 0
    began = sa.and_(Membership.since > last, Membership.since <= day)
    ended = sa.and_(Membership.until >= last, Membership.until < day)
    closed = sa.and_(Network.closed_on > last, Network.closed_on <= day)
    query = sa.select(Membership.organisation_id).join(Membership.network).where(sa.or_(began, ended, closed))
    found = list(db.session.scalars(query.distinct()))
    db.session.rollback()
    if found:
        save(found)
    stamp.write_text(day.isoformat())
    return len(found)


def remind_of_applications(*, at: datetime | None = None) -> int:
    """Write once more to the desks of networks where an application has waited for REMIND_AFTER; gives their number."""
    at = at or now()
    writing()
    waits = (Application.state == ApplicationState.WAITING, Application.applied_at < at - REMIND_AFTER)
    goes_on = Application.network.has(sa.or_(Network.closed_on.is_(None), Network.closed_on > site_today(at)))
    query = sa.select(Application).where(*waits, goes_on, Application.reminded_at.is_(None)).order_by(Application.id)
    found = db.session.scalars(query.limit(MOST_IN_ROUND).with_for_update()).all()
    for application in found:
        application.reminded_at = at
        remind_desk(application)
    db.session.commit()
    return len(found)


def _read(stamp: Path) -> date | None:
    try:
        return date.fromisoformat(stamp.read_text().strip())
    except (OSError, ValueError):
        return None
