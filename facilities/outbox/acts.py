"""What desk and operators do about letters that do not arrive. Each act is one transaction."""

import logging
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from facilities.db import db, now, writing
from facilities.outbox import actions as outbox
from facilities.outbox.addressed import LETTERS
from facilities.outbox.errands import errand
from facilities.outbox.models import Delivery, Job, JobStatus

log = logging.getLogger(__name__)


def retry(job_ids: Collection[int], *, by: str, at: datetime | None = None) -> list[int]:
    """Have letters that are dead, or wait for another attempt, tried now with all attempts before them; gives the ids
    of those that are.

    One that is due within a lease anyway is left alone: a worker may be sending it at this moment.
    """
    at = at or now()
    writing()
    jobs = [job for job in _to_change(job_ids) if job.status == JobStatus.DEAD or job.due_at > at + outbox.LEASE]
    for job in jobs:
        letter = errand(job)
        if letter is not None:
            outbox.revive(job, at=at)
            letter.note(Delivery.DEFERRED, job.error)
    return _done("tried again", [job for job in jobs if job.status == JobStatus.WAITING], by)


def give_up(job_ids: Collection[int], *, by: str, at: datetime | None = None) -> list[int]:
    """Have letters neither tried nor shown any more; gives the ids of those that were. An enquiry whose letter was
    still on its way goes to whoever is next in charge."""
    at = at or now()
    writing()
    jobs = _to_change(job_ids)
    for job in jobs:
        letter = errand(job) if job.status == JobStatus.WAITING else None
        outbox.put_away(job, at=at)
        if letter is not None:
            letter.note(Delivery.FAILED, job.error)
    return _done("given up", jobs, by)


def _to_change(job_ids: Collection[int]) -> list[Job]:
    """Those of these letters that are dead or wait for another attempt, locked."""
    open_ones = sa.or_(Job.status == JobStatus.DEAD, sa.and_(Job.status == JobStatus.WAITING, Job.attempts > 0))
    query = sa.select(Job).where(Job.id.in_(job_ids), Job.kind.in_(LETTERS), open_ones).order_by(Job.id)
    return list(db.session.scalars(query.with_for_update()))


def _done(what: str, jobs: Collection[Job], by: str) -> list[int]:
    ids = [job.id for job in jobs]
    db.session.commit()
    if ids:
        log.info("letters %s %s by %s", ids, what, by)
    return ids
