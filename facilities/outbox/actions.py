"""Saving jobs in the transaction of the change that causes them, and noting how they went."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import SystemRandom

import sqlalchemy as sa

from facilities.db import db, now
from facilities.outbox.models import Job, JobKind, JobStatus

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)

SHORTEST_PAUSE = timedelta(seconds=5)

MOST_ATTEMPTS = 42
"""With these pauses about four days, as long as mail servers try: a weekend's outage loses nothing."""

LEASE = timedelta(minutes=4)
"""How long a claimed job is out of other workers' reach. Longer than a worker spends on one job (`smtp.WHOLE` and the
wait for the database); after a crash, the time until another takes it up."""


def add(kind: JobKind, subject_ids: Iterable[int]) -> None:
    """Save a job for each subject in the current transaction; the caller commits."""
    rows = [{"kind": kind, "subject_id": subject_id} for subject_id in subject_ids]
    if rows:
        db.session.execute(sa.insert(Job), rows)


def claim(job: Job, *, at: datetime | None = None) -> bool:
    """Take a job whose time has come, so that no other worker does it at the same time; the caller commits.

    One conditional UPDATE, which both engines do one after the other: of two workers, one finds nothing to change.
    """
    at = at or now()
    due = sa.and_(Job.id == job.id, Job.status == JobStatus.WAITING, Job.due_at <= at)
    lease = sa.update(Job).where(due).values(due_at=at + LEASE).returning(Job.id)
    return db.session.scalar(lease, execution_options={"synchronize_session": False}) is not None


def finish(jobs: Iterable[Job], *, at: datetime | None = None) -> None:
    """Mark jobs as done; the caller commits."""
    for job in jobs:
        job.status, job.done_at, job.error = JobStatus.DONE, at or now(), ""


def put_off(job: Job, why: str, *, at: datetime | None = None) -> None:
    """Try a job again after a pause that grows; after the last attempt it is dead. The caller commits."""
    at = at or now()
    job.attempts += 1
    job.error = why[:500]
    if job.attempts >= MOST_ATTEMPTS:
        bury(job, why, at=at)
    else:
        job.due_at = at + pause_after(job.attempts)


def bury(job: Job, why: str, *, at: datetime | None = None) -> None:
    """Give a job up for good, keeping the reason; the caller commits."""
    job.status, job.done_at, job.error = JobStatus.DEAD, at or now(), why[:500]


def revive(job: Job, *, at: datetime | None = None) -> None:
    """Try a job that waits or is dead as soon as possible, with all attempts before it; the caller commits."""
    job.status, job.done_at, job.due_at, job.attempts = JobStatus.WAITING, None, at or now(), 0


def put_away(job: Job, *, at: datetime | None = None) -> None:
    """Take note of a dead job, which is forgotten with those that are done; the caller commits."""
    job.status, job.done_at = JobStatus.DONE, at or now()


def longest_pause(attempts: int) -> timedelta:
    """The most that is waited after that many failed attempts: twice as much each time, up to LONGEST_PAUSE."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 30), LONGEST_PAUSE)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: anything up to `longest_pause`, so that letters that failed
    together do not come back together ("full jitter")."""
    return max(SHORTEST_PAUSE, longest_pause(attempts) * SystemRandom().random())
