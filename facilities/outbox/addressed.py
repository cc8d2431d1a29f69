"""Jobs that are letters, with the address that each goes to and what it is about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from facilities.db import db
from facilities.enquiries.models import Enquiry, Recipient, Thread
from facilities.outbox.models import Job, JobKind, JobStatus, StoredLetter

LETTERS = (JobKind.ENQUIRY_LETTER, JobKind.RECEIPT_LETTER, JobKind.LETTER)

ADDRESS = sa.func.coalesce(Recipient.email, Enquiry.requester_email, StoredLetter.to, "")
THREAD_ID = sa.func.coalesce(Recipient.thread_id, StoredLetter.thread_id)

DEAD = Job.status == JobStatus.DEAD
WAITING = Job.status == JobStatus.WAITING
DEFERRED = sa.and_(WAITING, Job.attempts > 0)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter that waits for a sender, and where it goes; no address if what it belongs to has been removed."""

    job_id: int
    address: str

    @property
    def domain(self) -> str:
        """The receiving domain in small letters."""
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter as desk and operators see it. `listing_name` is what its thread is about, if it is about one; `error`
    what the mail server said last."""

    job_id: int
    kind: JobKind
    status: JobStatus
    address: str
    subject: str
    role: str
    listing_name: str
    thread_id: int | None
    attempts: int
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    error: str

    @property
    def dead(self) -> bool:
        """Whether it has been given up."""
        return self.status == JobStatus.DEAD


def due_letters(
    *, at: datetime, but_to: Collection[str] = (), but: Collection[int] = (), limit: int
) -> list[Addressed]:
    """Letters whose time has come, the longest due first, but none to these domains and none of these jobs."""
    query = (
        _with_subjects(sa.select(Job.id, ADDRESS))
        .where(WAITING, Job.due_at <= at, Job.id.not_in(but))
        .where(*(sa.not_(sa.func.lower(ADDRESS).endswith(f"@{domain}", autoescape=True)) for domain in but_to))
        .order_by(Job.due_at, Job.id)
        .limit(limit)
    )
    return [Addressed(*row) for row in db.session.execute(query)]


def letters(*which: sa.ColumnElement[bool], limit: int, offset: int = 0) -> list[Posted]:
    """Some of the letters that are `which`: the dead ones first, then those tried most often, in a fixed order."""
    columns = (
        Job.id,
        Job.kind,
        Job.status,
        ADDRESS,
        sa.func.coalesce(StoredLetter.subject, ""),
        sa.func.coalesce(Recipient.role, ""),
        sa.func.coalesce(Thread.listing_name, ""),
        THREAD_ID,
        Job.attempts,
        Job.created_at,
        Job.due_at,
        Job.done_at,
        Job.error,
    )
    dead_first = sa.case((DEAD, 0), else_=1)
    query = _with_subjects(sa.select(*columns)).outerjoin(Thread, Thread.id == THREAD_ID).where(*which)
    query = query.order_by(dead_first, Job.done_at.desc(), Job.attempts.desc(), Job.due_at, Job.id)
    return [Posted(*row) for row in db.session.execute(query.limit(limit).offset(offset))]


def number_of(*which: sa.ColumnElement[bool]) -> int:
    """How many letters are `which`."""
    return db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind.in_(LETTERS), *which)) or 0


def _with_subjects(query: Any) -> Any:
    """Each letter's job with the one row that it is about."""
    subjects = (
        (JobKind.ENQUIRY_LETTER, Recipient, Recipient.id),
        (JobKind.RECEIPT_LETTER, Enquiry, Enquiry.id),
        (JobKind.LETTER, StoredLetter, StoredLetter.id),
    )
    query = query.select_from(Job).where(Job.kind.in_(LETTERS))
    for kind, model, model_id in subjects:
        query = query.outerjoin(model, sa.and_(Job.kind == kind, Job.subject_id == model_id))
    return query
