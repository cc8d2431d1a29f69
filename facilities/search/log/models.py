"""What was searched for, by text and day."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from facilities.db import Model, now

LONGEST = 120
"""Characters of a search that are kept."""


class LoggedSearch(Model):
    """What became of the searches for a text on one day.

    `searches` counts results pages, `found_nothing` those without a result, `found_partly` those where no listing had
    all the words, and `opened` the listings that were opened from them. `seen_by` and `opened_by` are sketches (see
    `facilities.search.log.sketch`): they tell how many different visitors there were at least, never who.
    """

    __tablename__ = "logged_searches"

    text: Mapped[str] = mapped_column(sa.String(LONGEST), primary_key=True)
    searched_on: Mapped[date] = mapped_column(primary_key=True, index=True)
    searches: Mapped[int] = mapped_column(default=0)
    found_nothing: Mapped[int] = mapped_column(default=0)
    found_partly: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    seen_by: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    opened_by: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class SettledSearch(Model):
    """A text that the desk has seen to: made a synonym of the technique `slug`, or without one set aside for good."""

    __tablename__ = "settled_searches"

    text: Mapped[str] = mapped_column(sa.String(LONGEST), primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), default="")
    settled_by: Mapped[str] = mapped_column(sa.String(120))
    settled_at: Mapped[datetime] = mapped_column(default=now)
