"""Jobs as they wait, fail and age."""

from datetime import datetime

import sqlalchemy as sa

from facilities.db import db, now
from facilities.outbox.models import Job, JobKind, JobStatus


def waiting(kind: JobKind, *, due: datetime | None = None, limit: int = 10_000) -> list[Job]:
    """Waiting jobs of a kind, oldest first; with `due`, only those whose time has come."""
    query = sa.select(Job).where(Job.kind == kind, Job.status == JobStatus.WAITING).order_by(Job.id).limit(limit)
    if due is not None:
        query = query.where(Job.due_at <= due)
    return list(db.session.scalars(query))


def oldest_waiting(kind: JobKind) -> datetime | None:
    """Since when the oldest waiting job of a kind waits; None if none does. A letter that is to go out later waits from
    then on."""
    tried_or_due = sa.or_(Job.attempts > 0, Job.due_at <= now())
    planned = sa.case((Job.attempts > 0, Job.created_at), else_=Job.due_at)
    since = Job.created_at if kind == JobKind.INDEX_LISTING else planned
    return db.session.scalar(
        sa.select(sa.func.min(since)).where(Job.kind == kind, Job.status == JobStatus.WAITING, tried_or_due)
    )


def count_by_status() -> dict[tuple[JobKind, JobStatus], int]:
    rows = db.session.execute(sa.select(Job.kind, Job.status, sa.func.count()).group_by(Job.kind, Job.status))
    return {(kind, status): count for kind, status, count in rows}
