"""Who answers and who leaves people waiting: by facility, or whatever else listings belong to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Kind
from facilities.db import db, now
from facilities.enquiries.models import ENDED, Enquiry, EnquiryStatus, Stage, Thread, Turn
from facilities.enquiries.reminders.answer_times import LEAST, SPAN, usual
from facilities.enquiries.reminders.schedule import days_of_reminders
from facilities.enquiries.reminders.working_days import working_days_between
from facilities.formats import site_zone


@dataclass(slots=True)
class Keeper:
    """A facility, or another listing that answers for itself, with its threads of the last year and those open.

    `waiting` threads wait for it, `oldest` since then. `days` are working days from question to answer; `late` of
    `counted` threads were not answered in time, which is before the first reminder.
    """

    id: int
    kind: Kind
    name: str
    organisation: str
    waiting: int = 0
    oldest: datetime | None = None
    counted: int = 0
    late: int = 0
    days: list[int] = field(default_factory=list)

    @property
    def usual_days(self) -> int | None:
        """Within how many working days it usually answers; None if too few were answered."""
        return usual(self.days) if len(self.days) >= LEAST else None

    @property
    def late_share(self) -> float | None:
        """The share of threads not answered in time, from 0 to 1; None if none has been counted."""
        return self.late / self.counted if self.counted else None


ORDERS: Mapping[str, Callable[[Keeper], Any]] = {
    "oldest": lambda keeper: (keeper.oldest is None, keeper.oldest or 0, keeper.name),
    "waiting": lambda keeper: (-keeper.waiting, keeper.name),
    "usual": lambda keeper: (keeper.usual_days is None, -(keeper.usual_days or 0), keeper.name),
    "late": lambda keeper: (keeper.late_share is None, -(keeper.late_share or 0), -keeper.counted, keeper.name),
    "name": lambda keeper: (keeper.name.casefold(), keeper.id),
}
"""How they can be ordered; the first is how they are if nobody asks."""


def keepers(order: str = "oldest", *, at: datetime | None = None) -> list[Keeper]:
    """All that were asked in the last year, or are waited for, in two SELECTs."""
    at = at or now()
    found: dict[int, Keeper] = {}
    names = _organisations()
    for row in db.session.execute(_threads(at - SPAN)):
        keeper = found.get(row.id) or found.setdefault(
            row.id, Keeper(row.id, row.kind, row.name, names.get(row.organisation_id or 0, ""))
        )
        _count(keeper, row, at)
    return sorted(found.values(), key=ORDERS[order])


def _count(keeper: Keeper, row: Any, at: datetime) -> None:
    if row.turn == Turn.OWNER and row.status not in ENDED:
        keeper.waiting += 1
        since = row.last_requester_at or row.asked_at
        keeper.oldest = min(keeper.oldest or since, since)
    if row.asked_at < at - SPAN:
        return
    days = _days(row.asked_at, row.first_answered_at or at, row.country)
    in_time = days <= days_of_reminders()[0]
    if row.first_answered_at is not None:
        keeper.days.append(days)
    elif in_time or row.status in ENDED:
        return
    keeper.counted += 1
    keeper.late += not in_time


def _days(first: datetime, last: datetime, country: str | None) -> int:
    return working_days_between(first, last, country, site_zone())


def _organisations() -> dict[int, str]:
    """The names of organisations by id."""
    query = sa.select(LISTINGS.c.id, LISTINGS.c.name).where(LISTINGS.c.kind == Kind.ORGANISATION)
    rows: Iterable[Any] = db.session.execute(query)
    return {row.id: row.name for row in rows}


def _threads(since: datetime) -> sa.Select[Any]:
    """Threads with who answers for them: the facility or organisation itself, else what an instrument, service or
    offer belongs to."""
    holder = LISTINGS.alias("holder")
    parts = LISTINGS.c.kind.in_((Kind.INSTRUMENT, Kind.SERVICE, Kind.OFFER)) & LISTINGS.c.parent_id.is_not(None)
    keeper_id = sa.case((parts, LISTINGS.c.parent_id), else_=LISTINGS.c.id)
    still_open = sa.and_(Thread.turn == Turn.OWNER, Thread.status.not_in(ENDED))
    return (
        sa.select(
            holder.c.id,
            holder.c.kind,
            holder.c.name,
            holder.c.organisation_id,
            sa.func.coalesce(LISTINGS.c.country, holder.c.country).label("country"),
            Thread.status,
            Thread.turn,
            Thread.asked_at,
            Thread.last_requester_at,
            Thread.first_answered_at,
        )
        .join(LISTINGS, Thread.listing_id == LISTINGS.c.id)
        .join(holder, holder.c.id == keeper_id)
        .join(Enquiry, Thread.enquiry_id == Enquiry.id)
        .where(Enquiry.stage == Stage.SENT, Thread.status != EnquiryStatus.SPAM)
        .where(sa.or_(Thread.asked_at >= since, still_open))
    )
