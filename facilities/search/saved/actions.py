"""Saving a search, confirming it, changing how often its letters come, and ending it."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from facilities.db import db, now, writing
from facilities.outbox.letters import post
from facilities.outbox.models import StoredLetter
from facilities.search.query import SearchQuery
from facilities.search.saved.models import LONGEST_ARGS, Frequency, SavedSearch
from facilities.search.saved.queries import saved_of
from facilities.search.saved.said import said_by

CONFIRM_LETTER = "confirm_saved_search"
MOST_OF_ADDRESS = 20
"""Searches that one address can have saved."""

CONFIRM_WITHIN = timedelta(days=7)
"""How long a search waits to be confirmed before it is forgotten."""


class TooLong(ValueError):
    """A search whose address is longer than is kept."""


def args_to_keep(query: SearchQuery) -> str:
    """The search as it is kept: without its order and page. Raises TooLong."""
    args = [(name, value) for name, value in query.args if name not in {"sort", "page", "per_page", "view"}]
    kept = urlencode(args)
    if len(kept) > LONGEST_ARGS:
        raise TooLong(kept[:80])
    return kept


def save_search(email: str, args: str, frequency: Frequency, *, locale: str, at: datetime | None = None) -> None:
    """Keep a search and write to the address for its confirmation; about one that is kept already, only write again.
    Nothing happens once an address has MOST_OF_ADDRESS."""
    before = saved_of(email)
    saved = next((each for each in before if each.args == args), None)
    if saved is None:
        if len(before) >= MOST_OF_ADDRESS:
            return
        at = at or now()
        saved = SavedSearch(
            email=email, args=args, frequency=frequency, locale=locale, created_at=at, looked_at=at
        )  # fmt: skip
        db.session.add(saved)
    try:
        db.session.flush()
    except IntegrityError:
        # Somebody sent the same form twice at once: the other one does it.
        db.session.rollback()
        return
    post(CONFIRM_LETTER, email, locale=saved.locale, saved=saved, said=said_by(saved))
    db.session.commit()


def confirm_search(saved: SavedSearch, *, at: datetime | None = None) -> None:
    """Note that the owner of the mailbox wants the letters; the first tells what is new from now on."""
    if saved.confirmed_at is None:
        saved.confirmed_at = saved.looked_at = at or now()
    db.session.commit()


def change_frequency(saved: SavedSearch, frequency: Frequency) -> None:
    saved.frequency = frequency
    db.session.commit()


def end_search(saved: SavedSearch) -> None:
    """Delete a saved search with the letters about it that still wait."""
    unsent = StoredLetter.sent_at.is_(None) & (StoredLetter.unsubscribe == saved.end_path)
    db.session.execute(sa.delete(StoredLetter).where(unsent))
    db.session.delete(saved)
    db.session.commit()


def forget_unconfirmed(*, at: datetime | None = None) -> int:
    """Delete searches that nobody confirmed within CONFIRM_WITHIN; gives their number."""
    writing()
    waited = SavedSearch.confirmed_at.is_(None) & (SavedSearch.created_at < (at or now()) - CONFIRM_WITHIN)
    forgotten = db.session.scalars(sa.delete(SavedSearch).where(waited).returning(SavedSearch.id)).all()
    db.session.commit()
    return len(forgotten)
