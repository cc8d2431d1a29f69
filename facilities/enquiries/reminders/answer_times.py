"""How soon listings usually answer, once enough enquiries have been answered for that to say anything."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import ngettext

from facilities.catalogue.models import LISTINGS
from facilities.db import db, now
from facilities.enquiries.models import EnquiryStatus, Thread
from facilities.enquiries.reminders.working_days import working_days_between
from facilities.formats import site_zone

LEAST = 5
"""Answered enquiries of a listing without which nothing is said."""

SPAN = timedelta(days=365)
"""How far back enquiries count."""

KEPT = 600.0
"""Seconds that a process goes on using what it read: pages show answer times without asking the database."""

KEY = "answer_times"


@dataclass(frozen=True, slots=True)
class _Kept:
    """Working days by listing id."""

    days: Mapping[int, int]
    read_at: float = field(default_factory=time.monotonic)


def usual_days(listing_id: int) -> int | None:
    """Within how many working days a listing usually answers, at least 1; None if too few enquiries were answered."""
    kept: _Kept | None = current_app.extensions.get(KEY)
    if kept is None or time.monotonic() - kept.read_at > KEPT:
        kept = current_app.extensions[KEY] = _Kept(usual_days_of_all())
    return kept.days.get(listing_id)


def answers_within(listing_id: int) -> str:
    """The same as a sentence; empty if there is nothing to say."""
    days = usual_days(listing_id)
    if days is None:
        return ""
    return ngettext("Usually answers within %(num)d working day", "Usually answers within %(num)d working days", days)


def forget() -> None:
    """Have answer times read again at the next question."""
    current_app.extensions.pop(KEY, None)


def usual_days_of_all(*, at: datetime | None = None) -> dict[int, int]:
    """By listing id, for all that have been asked and have answered often enough, in one SELECT."""
    found: dict[int, list[int]] = {}
    for listing_id, country, asked_at, answered_at in db.session.execute(_answered((at or now()) - SPAN)):
        days = working_days_between(asked_at, answered_at, country, site_zone())
        found.setdefault(listing_id, []).append(days)
    return {listing_id: usual(days) for listing_id, days in found.items()}


def usual(days: Iterable[float]) -> int:
    """The median of numbers of working days, in whole days and at least one."""
    return max(1, ceil(median(days)))


def _answered(since: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Listing, country, time asked and time first answered, of listings with enough of them."""
    holder = LISTINGS.alias("holder")
    counts = (Thread.asked_at >= since, Thread.first_answered_at.is_not(None), Thread.status != EnquiryStatus.SPAM)
    often = sa.select(Thread.listing_id).where(*counts).group_by(Thread.listing_id)
    often = often.having(sa.func.count() >= LEAST)
    return (
        sa.select(
            Thread.listing_id,
            sa.func.coalesce(LISTINGS.c.country, holder.c.country),
            Thread.asked_at,
            Thread.first_answered_at,
        )
        .join(LISTINGS, Thread.listing_id == LISTINGS.c.id)
        .outerjoin(holder, LISTINGS.c.organisation_id == holder.c.id)
        .where(*counts, Thread.listing_id.in_(often))
    )
