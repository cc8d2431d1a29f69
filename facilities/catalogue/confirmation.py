"""What a listing's last confirmation tells the visitor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from facilities.db import now
from facilities.formats import short_date

OVERDUE_AFTER = timedelta(days=366)


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


def confirmation(confirmed_at: datetime | None, at: datetime | None = None) -> Confirmation:
    """The mark of a listing confirmed at `confirmed_at`, as seen at `at` (the present if not given)."""
    if confirmed_at is None:
        return Confirmation(Freshness.NEVER, _("Not confirmed yet"))
    on = short_date(confirmed_at)
    if (at or now()) - confirmed_at > OVERDUE_AFTER:
        return Confirmation(Freshness.OVERDUE, _("Last confirmed %(on)s, check with the owner", on=on))
    return Confirmation(Freshness.FRESH, _("Confirmed %(on)s", on=on))
