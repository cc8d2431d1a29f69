"""Posted needs as the desk's pages read them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from facilities.db import db, writing
from facilities.enquiries.models import Enquiry, NeedMatch, Stage

PER_PAGE = 25


def needs_waiting(page: int) -> list[tuple[Enquiry, int]]:
    """One page of the needs that wait, the oldest first, each with how many listings search found."""
    matches = sa.select(sa.func.count()).where(NeedMatch.enquiry_id == Enquiry.id).scalar_subquery()
    query = (
        sa.select(Enquiry, matches)
        .where(Enquiry.stage == Stage.TO_MATCH)
        .options(selectinload(Enquiry.messages))
        .order_by(Enquiry.created_at, Enquiry.id)
    )
    rows = db.session.execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [(enquiry, number) for enquiry, number in rows]


def need_to_decide(enquiry_id: int, *, to_change: bool = False) -> Enquiry | None:
    """A need that still waits; to change it, locked and read after the lock."""
    options: dict[str, Any] = {}
    if to_change:
        writing()
        db.session.scalar(sa.select(Enquiry.id).where(Enquiry.id == enquiry_id).with_for_update())
        options = {"populate_existing": True}
    query = sa.select(Enquiry).where(Enquiry.id == enquiry_id, Enquiry.stage == Stage.TO_MATCH)
    loads = (selectinload(Enquiry.messages), selectinload(Enquiry.threads), selectinload(Enquiry.recipients))
    return db.session.scalar(query.options(*loads), execution_options=options)


def matches_of(enquiry: Enquiry) -> list[NeedMatch]:
    """What was found or added, in the desk's order."""
    query = sa.select(NeedMatch).where(NeedMatch.enquiry_id == enquiry.id)
    return list(db.session.scalars(query.order_by(NeedMatch.position, NeedMatch.id)))
