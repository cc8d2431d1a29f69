"""What the worker does now and then: a whole index, and an outbox that does not grow for ever."""

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa

from facilities.db import db, now, writing
from facilities.outbox.models import Job, JobStatus, StoredLetter
from facilities.search import index as indexing

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
KEPT = timedelta(days=30)


def keep_index_whole() -> None:
    """Build the index when it is missing or does not hold as many listings as are published."""
    if not indexing.is_whole():
        log.warning("index missing or incomplete: building it anew")
        log.info("indexed %s listings", indexing.rebuild())


def forget_done_jobs(*, at: datetime | None = None) -> int:
    """Delete jobs done more than KEPT ago; gives their number. Dead ones stay until somebody has seen to them."""
    writing()
    old = sa.delete(Job).where(Job.status == JobStatus.DONE, Job.done_at < (at or now()) - KEPT)
    forgotten = db.session.scalars(old.returning(Job.id)).all()
    db.session.commit()
    return len(forgotten)


def forget_sent_letters(*, at: datetime | None = None) -> int:
    """Delete letters sent more than KEPT ago, which still say whom they went to; gives their number. Those about a
    thread stay with it, and those of the last month are read by who asks owners for confirmation once a month."""
    writing()
    alone = StoredLetter.thread_id.is_(None)
    old = sa.delete(StoredLetter).where(alone, StoredLetter.sent_at < (at or now()) - KEPT)
    forgotten = db.session.scalars(old.returning(StoredLetter.id)).all()
    db.session.commit()
    return len(forgotten)
