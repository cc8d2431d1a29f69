"""Saved searches."""

import re
from datetime import datetime, timedelta
from secrets import token_urlsafe

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from facilities.catalogue.models.terms import Word
from facilities.db import Model, enum_column, now

LONGEST_ARGS = 1500
"""Characters of a search's address that are kept."""


class Frequency(Word):
    """How often somebody wants to hear of new results."""

    DAILY = "daily", _("At most once a day")
    WEEKLY = "weekly", _("At most once a week")

    @property
    def period(self) -> timedelta:
        return timedelta(days=1 if self == Frequency.DAILY else 7)


def new_token() -> str:
    """24 bytes that nobody guesses, as 32 letters."""
    return token_urlsafe(24)


def is_token(text: str) -> bool:
    """Whether a text looks like one of them."""
    return re.fullmatch(r"[\w-]{32}", text, re.ASCII) is not None


class SavedSearch(Model):
    """A search and whom to tell of new results. `token` makes its private address, which whoever has it may use.

    `args` is the search's address after the question mark. Nothing is sent before the owner of the mailbox has
    confirmed it. Listings that became public up to `looked_at` have been dealt with. Ended ones are deleted.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (sa.UniqueConstraint("email", "args"), sa.Index("ix_saved_searches_looked_at", "looked_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(32), default=new_token, unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    args: Mapped[str] = mapped_column(sa.String(LONGEST_ARGS))
    frequency: Mapped[Frequency] = mapped_column(enum_column(Frequency))
    locale: Mapped[str] = mapped_column(sa.String(20))
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    looked_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def path(self) -> str:
        """Its private page."""
        return f"/saved-searches/{self.token}"

    @property
    def end_path(self) -> str:
        """The address that ends it at one POST."""
        return f"{self.path}/end"
