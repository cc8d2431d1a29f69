"""Saving a search, confirming it, changing how often its letters come, and ending it."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

import sqlalchemy as sa
from flask_babel import force_locale
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
"""Confirmed searches that one address can have; others can be asked for by anybody."""

CONFIRM_WITHIN = timedelta(days=7)
"""How long a search waits to be confirmed before it is forgotten."""


ADDRESS = re.compile(r"://|\bwww\.|@|[\w-][.\u3002\uff0e\uff61][^\W\d_]{2,}", re.IGNORECASE)
"""What a mail program makes a link of: the address of a page, of a mailbox, of a site."""


class TooLong(ValueError):
    """A search whose address is longer than is kept."""


class HoldsAddress(ValueError):
    """A search for what looks like an address, which letters that anybody can have sent do not carry."""


def args_to_keep(query: SearchQuery) -> str:
    """The search as it is kept: without its order and page. Raises TooLong and HoldsAddress."""
    if ADDRESS.search(query.text):
        raise HoldsAddress(query.text[:80])
    args = [(name, value) for name, value in query.args if name not in {"sort", "page", "per_page", "view"}]
    kept = urlencode(args)
    if len(kept) > LONGEST_ARGS:
        raise TooLong(kept[:80])
    return kept


def save_search(email: str, args: str, frequency: Frequency, *, locale: str, at: datetime | None = None) -> None:
    """Keep a search and write to the address for its confirmation. One that waits for that already is asked for anew;
    about a confirmed one the letter only says so. Nothing happens once an address has MOST_OF_ADDRESS confirmed."""
    before = saved_of(email)
    saved = next((each for each in before if each.args == args), None)
    if saved is None:
        if sum(each.confirmed_at is not None for each in before) >= MOST_OF_ADDRESS:
            return
        saved = SavedSearch(args=args)
        db.session.add(saved)
    if saved.confirmed_at is None:
        saved.email, saved.frequency, saved.locale = email, frequency, locale
        saved.created_at = saved.looked_at = at or now()
    try:
        db.session.flush()
    except IntegrityError:
        # Somebody sent the same form twice at once: the other one does it.
        db.session.rollback()
        return
    with force_locale(saved.locale):
        said = said_by(saved)
    post(CONFIRM_LETTER, saved.email, locale=saved.locale, saved=saved, said=said)
    db.session.commit()


def confirm_search(saved: SavedSearch, frequency: Frequency, *, at: datetime | None = None) -> bool:
    """Note that the owner of the mailbox wants the letters so often; whether that was news. The first letter tells what
    is new from now on."""
    is_news = saved.confirmed_at is None
    saved.frequency = frequency
    if is_news:
        saved.confirmed_at = saved.looked_at = at or now()
    db.session.commit()
    return is_news


def end_search(saved: SavedSearch) -> None:
    """Delete a saved search with the letters about it that still wait."""
    _delete(saved)
    db.session.commit()


def end_all_of(email: str) -> None:
    """Delete all searches of a mailbox with the letters about them that still wait; the caller commits."""
    for saved in saved_of(email):
        _delete(saved)


def _delete(saved: SavedSearch) -> None:
    asks = (StoredLetter.name == CONFIRM_LETTER) & StoredLetter.text.contains(saved.path, autoescape=True)
    about = sa.or_(StoredLetter.unsubscribe == saved.end_path, asks)
    db.session.execute(sa.delete(StoredLetter).where(StoredLetter.sent_at.is_(None), about))
    db.session.delete(saved)


def forget_unconfirmed(*, at: datetime | None = None) -> int:
    """Delete searches that nobody confirmed within CONFIRM_WITHIN, and letters about them that could not be sent all
    that time; gives the number of searches."""
    writing()
    oldest = (at or now()) - CONFIRM_WITHIN
    waited = SavedSearch.confirmed_at.is_(None) & (SavedSearch.created_at < oldest)
    forgotten = db.session.scalars(sa.delete(SavedSearch).where(waited).returning(SavedSearch.id)).all()
    unsent = (StoredLetter.name == CONFIRM_LETTER) & StoredLetter.sent_at.is_(None)
    db.session.execute(sa.delete(StoredLetter).where(unsent, StoredLetter.written_at < oldest))
    db.session.commit()
    return len(forgotten)
