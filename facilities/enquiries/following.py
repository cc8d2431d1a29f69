"""What enquiries and visits keep at a listing, when it is merged into another, and back again."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.enquiries.models import DailyNumber, NeedMatch
from facilities.enquiries.numbers.writing import Counts, add_counts

Moved = dict[str, Any]


def take_enquiries_along(merged: Listing, kept: Listing) -> Moved:
    """Have what was found for needs point at `kept` where that was not found itself, and its visits be those of `kept`;
    gives the ids and the numbers. The caller commits."""
    known = sa.select(NeedMatch.enquiry_id).where(NeedMatch.listing_id == kept.id)
    matches = _point(kept, NeedMatch.listing_id == merged.id, NeedMatch.enquiry_id.not_in(known))
    numbers = _numbers(merged)
    add_counts(db.session.connection(), {(kept.id, day): counts for day, counts in numbers.items()})
    _forget(merged)
    return {
        "matches": matches,
        "numbers": [[day.isoformat(), each.views, each.found] for day, each in numbers.items()],
    }


def take_enquiries_back(moved: Mapping[str, Any], merged: Listing, kept: Listing) -> int:
    """Have them be those of `merged` again; gives how many matches are no longer there. Visits of days that have been
    forgotten since are not brought back. The caller commits."""
    ids = moved.get("matches", [])
    back = _point(merged, NeedMatch.id.in_(ids), NeedMatch.listing_id == kept.id)
    there = _numbers(kept)
    came = {date.fromisoformat(day): Counts(views, found) for day, views, found in moved.get("numbers", [])}
    counts = {day: each for day, each in came.items() if day in there}
    _take_off(kept, counts)
    add_counts(db.session.connection(), {(merged.id, day): each for day, each in counts.items()})
    return len(ids) - len(back)


def _point(listing: Listing, *which: sa.ColumnElement[bool]) -> list[int]:
    moved = sa.update(NeedMatch).where(*which).values(listing_id=listing.id).returning(NeedMatch.id)
    return sorted(db.session.scalars(moved, execution_options={"synchronize_session": "fetch"}))


def _numbers(listing: Listing) -> dict[date, Counts]:
    return dict(_days(listing))


def _days(listing: Listing) -> Iterator[tuple[date, Counts]]:
    rows = sa.select(DailyNumber.day, DailyNumber.views, DailyNumber.found)
    for day, views, found in db.session.execute(rows.where(DailyNumber.listing_id == listing.id)):
        yield day, Counts(views, found)


def _take_off(listing: Listing, counts: Mapping[date, Counts]) -> None:
    """Take what had been added off again."""
    for day, each in counts.items():
        less = {"views": DailyNumber.views - each.views, "found": DailyNumber.found - each.found}
        row = sa.update(DailyNumber).where(DailyNumber.listing_id == listing.id, DailyNumber.day == day)
        db.session.execute(row.values(less), execution_options={"synchronize_session": False})


def _forget(listing: Listing) -> None:
    db.session.execute(sa.delete(DailyNumber).where(DailyNumber.listing_id == listing.id))
