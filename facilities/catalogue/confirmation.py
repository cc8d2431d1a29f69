"""What a listing's last confirmation tells the visitor."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _

from facilities.db import now
from facilities.formats import short_date
from facilities.moderation.preferences import confirmation_months


class Freshness(StrEnum):
    FRESH = "fresh"
    OVERDUE = "overdue"
    NEVER = "never"

    @property
    def icon(self) -> str:
        return {"fresh": "confirmed", "overdue": "overdue", "never": "unconfirmed"}[self.value]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The mark on cards and pages: how fresh the last confirmation is, and the words for it."""

    state: Freshness
    text: str

    @property
    def icon(self) -> str:
        return self.state.icon


def overdue_before(at: datetime | None = None) -> datetime:
    """Listings that were last confirmed before this moment, the first of a day (UTC), are overdue: as many months ago
    as the desk has set."""
    return months_before(at or now(), confirmation_months())


def months_before(at: datetime, months: int) -> datetime:
    """The beginning of the same day so many months earlier; of its month's last day if it has no such day."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day, hour=0, minute=0, second=0, microsecond=0)


def confirmation(
    confirmed_at: datetime | None, created_at: datetime | None = None, before: datetime | None = None
) -> Confirmation:
    """The mark of a listing confirmed at `confirmed_at`, or never and added at `created_at`. What was confirmed
    `before` is overdue; by the desk's interval unless given."""
    before = before or overdue_before()
    if confirmed_at is None:
        if created_at is not None and created_at < before:
            return Confirmation(Freshness.OVERDUE, _("Never confirmed, check with the owner"))
        return Confirmation(Freshness.NEVER, _("Not confirmed yet"))
    on = short_date(confirmed_at)
    if confirmed_at < before:
        return Confirmation(Freshness.OVERDUE, _("Last confirmed %(on)s, check with the owner", on=on))
    return Confirmation(Freshness.FRESH, _("Confirmed %(on)s", on=on))
