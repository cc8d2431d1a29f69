"""What it means that somebody opened a thread's page: its owners have seen it, and the desk is written down."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from facilities.accounts.models import User
from facilities.db import db, now, writing
from facilities.enquiries.models import Thread, ThreadOpening
from facilities.enquiries.threads.ending import note_opened
from facilities.enquiries.threads.queries import thread_to_change

ONE_VISIT = timedelta(minutes=30)
"""Within this time, opening a thread again is the same visit of the desk."""


def note_owner(thread: Thread) -> None:
    """Somebody who answers for the listing has it open; written the first time only."""
    if thread.opened_at is None:
        found = thread_to_change(thread.id)
        if found is not None:
            note_opened(found)


def note_desk(thread: Thread, user: User, *, at: datetime | None = None) -> None:
    """Write down that somebody of the desk reads a thread that is not theirs."""
    at = at or now()
    same = sa.exists().where(
        ThreadOpening.thread_id == thread.id, ThreadOpening.user_id == user.id, ThreadOpening.opened_at > at - ONE_VISIT
    )
    if db.session.scalar(sa.select(same)):
        return
    writing()
    db.session.add(ThreadOpening(thread_id=thread.id, user_id=user.id, who=user.actor.name, opened_at=at))
    db.session.commit()
