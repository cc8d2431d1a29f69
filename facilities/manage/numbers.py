"""The numbers of somebody's listings: a line for each on the page, a row for each month in the file."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Kind
from facilities.db import db
from facilities.enquiries.models import DailyNumber
from facilities.enquiries.numbers.months import Month, Numbers, months_until, numbers_by_listing, threads_of
from facilities.exchange.tables.writing import as_csv

PER_PAGE = 50
HEADINGS = (
    "Listing id", "Listing", "Month", "Views", "Found in search", "Enquiries", "Answered",
    "Usual answer time in working days",
)  # fmt: skip
Ids = sa.Select[int]


@dataclass(frozen=True, slots=True)
class ListingNumbers:
    """A listing with the sums of its months."""

    id: int
    name: str
    kind: Kind
    sums: Month


def listing_lines(ids: Ids, today: date, page: int, months: int = 12) -> tuple[list[ListingNumbers], int]:
    """A page of these listings, those most opened first, and how many there are in all: two SELECTs."""
    since = months_until(today, months)[0]
    rows = db.session.execute(_lines(ids, since, today).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    lines = {row.id: ListingNumbers(row.id, row.name, row.kind, Month(since, row.views, row.found)) for row in rows}
    for asked in threads_of(sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(list(lines))), since):
        sums = lines[asked.listing_id].sums
        sums.enquiries += 1
        sums.answers += [] if asked.days is None else [asked.days]
    return list(lines.values()), rows[0].total if rows else 0


def months_csv(ids: Ids, today: date, *, always: Collection[int] = ()) -> Iterator[bytes]:
    """A row for each listing that has any numbers (and for those named `always`) and month: three SELECTs."""
    found = numbers_by_listing(ids, today)
    empty = Numbers([Month(first) for first in months_until(today, 12)])
    names = dict(db.session.execute(sa.select(LISTINGS.c.id, LISTINGS.c.name).where(LISTINGS.c.id.in_(ids))).all())
    rows = (
        _row(listing_id, name, month)
        for listing_id, name in sorted(names.items())
        if listing_id in found or listing_id in always
        for month in found.get(listing_id, empty).months
    )
    return as_csv([HEADINGS, *rows])


def _row(listing_id: int, name: str, month: Month) -> Sequence[str]:
    days = "" if month.usual_days is None else str(month.usual_days)
    counts = (month.views, month.found, month.enquiries, len(month.answers))
    return (str(listing_id), name, f"{month.first:%Y-%m}", *map(str, counts), days)


def _lines(ids: Ids, since: date, today: date) -> sa.Select[tuple[int, str, Kind, int, int, int]]:
    counted = (
        sa.select(
            DailyNumber.listing_id,
            sa.func.sum(DailyNumber.views).label("views"),
            sa.func.sum(DailyNumber.found).label("found"),
        )
        .where(DailyNumber.day.between(since, today), DailyNumber.listing_id.in_(ids))
        .group_by(DailyNumber.listing_id)
        .subquery()
    )
    views, found = (sa.func.coalesce(counted.c[name], 0).label(name) for name in ("views", "found"))
    total = sa.func.count().over().label("total")
    query = sa.select(LISTINGS.c.id, LISTINGS.c.name, LISTINGS.c.kind, views, found, total)
    query = query.outerjoin(counted, counted.c.listing_id == LISTINGS.c.id).where(LISTINGS.c.id.in_(ids))
    return query.order_by(views.desc(), found.desc(), LISTINGS.c.id)
