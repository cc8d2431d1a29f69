"""The numbers of listings, month by month."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS
from facilities.db import db
from facilities.enquiries.models import DailyNumber, Enquiry, EnquiryStatus, Stage, Thread
from facilities.enquiries.reminders.answer_times import usual
from facilities.enquiries.reminders.working_days import working_days_between
from facilities.formats import site_zone

MONTHS = 12
"""Months that the pages show, this one among them."""

Ids = sa.Select[int]


@dataclass(slots=True)
class Month:
    """What happened in the month that begins on `first`. `answers` are the working days until each first answer to an
    enquiry of the month."""

    first: date
    views: int = 0
    found: int = 0
    enquiries: int = 0
    answers: list[int] = field(default_factory=list)

    @property
    def usual_days(self) -> int | None:
        """The median of the working days until the first answer, at least one; None if none was answered."""
        return usual(self.answers) if self.answers else None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Months, the oldest first, and their sums."""

    months: list[Month]

    @property
    def total(self) -> Month:
        """All months as one."""
        return Month(
            self.months[0].first,
            sum(month.views for month in self.months),
            sum(month.found for month in self.months),
            sum(month.enquiries for month in self.months),
            [days for month in self.months for days in month.answers],
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One thread, as numbers see it."""

    listing_id: int
    at: datetime
    answered_at: datetime | None
    country: str | None

    @property
    def month(self) -> date:
        return self.at.astimezone(UTC).date().replace(day=1)

    @property
    def days(self) -> int | None:
        """Working days until the first answer."""
        if self.answered_at is None:
            return None
        return working_days_between(self.at, self.answered_at, self.country, site_zone())


def numbers_of(ids: Ids, today: date, months: int = MONTHS) -> Numbers:
    """The sums over these listings, in two SELECTs."""
    first_days = months_until(today, months)
    found = {first: Month(first) for first in first_days}
    for day, views, shown in db.session.execute(_by_day(ids, first_days[0], today)):
        found[day.replace(day=1)].views += views
        found[day.replace(day=1)].found += shown
    _add_enquiries(found, threads_of(ids, first_days[0]))
    return Numbers(list(found.values()))


def numbers_by_listing(ids: Ids, today: date, months: int = MONTHS) -> dict[int, Numbers]:
    """The same for each listing that has any numbers, in two SELECTs."""
    first_days = months_until(today, months)
    found: defaultdict[int, dict[date, Month]] = defaultdict(lambda: {first: Month(first) for first in first_days})
    for listing_id, year, month, views, shown in db.session.execute(_by_month(ids, first_days[0], today)):
        in_month = found[listing_id][date(int(year), int(month), 1)]
        in_month.views, in_month.found = views, shown
    for listing_id, asked in _by_id(threads_of(ids, first_days[0])).items():
        _add_enquiries(found[listing_id], asked)
    return {listing_id: Numbers(list(by_month.values())) for listing_id, by_month in found.items()}


def months_until(today: date, months: int) -> list[date]:
    """The first days of this month and of those before it, the oldest first."""
    count = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(count - months + 1, count + 1)]


def threads_of(ids: Ids, since: date) -> list[Asked]:
    """The threads of these listings since then that reached them: not what was held back or was spam."""
    holder = LISTINGS.alias("holder")
    query = (
        sa.select(
            Thread.listing_id,
            Thread.asked_at,
            Thread.first_answered_at,
            sa.func.coalesce(LISTINGS.c.country, holder.c.country),
        )
        .join(Enquiry, Thread.enquiry_id == Enquiry.id)
        .join(LISTINGS, Thread.listing_id == LISTINGS.c.id)
        .outerjoin(holder, LISTINGS.c.organisation_id == holder.c.id)
        .where(Thread.listing_id.in_(ids), Thread.asked_at >= datetime.combine(since, time(), UTC))
        .where(Enquiry.stage == Stage.SENT, Thread.status != EnquiryStatus.SPAM)
    )
    return [Asked(*row) for row in db.session.execute(query)]


def _add_enquiries(months: dict[date, Month], asked: Iterable[Asked]) -> None:
    for each in asked:
        month = months.get(each.month)
        if month is not None:
            month.enquiries += 1
            month.answers += [] if each.days is None else [each.days]


def _by_id(asked: Sequence[Asked]) -> dict[int, list[Asked]]:
    found: defaultdict[int, list[Asked]] = defaultdict(list)
    for each in asked:
        found[each.listing_id].append(each)
    return found


def _by_day(ids: Ids, since: date, today: date) -> sa.Select[*tuple[Any, ...]]:
    of = (DailyNumber.day, sa.func.sum(DailyNumber.views), sa.func.sum(DailyNumber.found))
    return _between(sa.select(*of), ids, since, today).group_by(DailyNumber.day)


def _by_month(ids: Ids, since: date, today: date) -> sa.Select[*tuple[Any, ...]]:
    year, month = (sa.extract(part, DailyNumber.day) for part in ("year", "month"))
    of = (DailyNumber.listing_id, year, month, sa.func.sum(DailyNumber.views), sa.func.sum(DailyNumber.found))
    return _between(sa.select(*of), ids, since, today).group_by(DailyNumber.listing_id, year, month)


def _between(query: sa.Select[*tuple[Any, ...]], ids: Ids, since: date, today: date) -> sa.Select[*tuple[Any, ...]]:
    return query.where(DailyNumber.listing_id.in_(ids), DailyNumber.day.between(since, today))
