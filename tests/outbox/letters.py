"""Letters in the outbox, for tests of how they go out."""

import sqlalchemy as sa

from facilities.db import db
from facilities.outbox import actions as outbox
from facilities.outbox.models import Job, JobKind, JobStatus, StoredLetter


def put(*addresses: str, subject: str = "News") -> list[int]:
    """A letter to each address, saved with its job; gives the ids of the jobs. Needs an application context."""
    letters = [
        StoredLetter(name="news", to=each, subject=subject, text="Hej!", html="<p>Hej!</p>") for each in addresses
    ]
    db.session.add_all(letters)
    db.session.flush()
    outbox.add(JobKind.LETTER, [letter.id for letter in letters])
    db.session.commit()
    return list(db.session.scalars(sa.select(Job.id).order_by(Job.id.desc()).limit(len(letters))))[::-1]


def dead(address: str, why: str = "550 No such mailbox") -> int:
    """A letter that was given up; gives the id of its job."""
    [job_id] = put(address)
    outbox.bury(db.session.get_one(Job, job_id), why)
    db.session.commit()
    return job_id


def deferred(address: str, why: str = "451 Greylisted") -> int:
    """A letter that was tried ten times and waits for hours; gives the id of its job."""
    [job_id] = put(address)
    job = db.session.get_one(Job, job_id)
    job.attempts = 9
    while job.attempts < 10 or (job.due_at - job.created_at) < outbox.LEASE * 2:
        job.attempts = 9
        outbox.put_off(job, why)
    db.session.commit()
    return job_id


def waiting() -> int:
    """How many letters wait."""
    return db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.status == JobStatus.WAITING)) or 0
