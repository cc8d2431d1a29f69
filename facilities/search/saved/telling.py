"""The letters of saved searches: what became public since the last one, and nothing when that is nothing."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import force_locale

from facilities.catalogue.models import Listing
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.queries.newest import public_since
from facilities.db import db, now, writing
from facilities.outbox.letters import post
from facilities.outbox.models import JobKind
from facilities.outbox.queries import oldest_waiting
from facilities.search.hits import exact_hits
from facilities.search.index import index
from facilities.search.saved.models import Frequency, SavedSearch
from facilities.search.saved.queries import Due, due_before
from facilities.search.saved.said import query_of, said_by

log = logging.getLogger(__name__)

LETTER = "saved_search"
MOST_NAMED = 20
"""Listings that one letter names; its link leads to the others."""

MOST_IN_ROUND = 2000
"""Saved searches that are looked at in one round."""

SETTLED = timedelta(hours=1)
"""After this time every listing that became public is in the database and in the index, however long the transaction
was that published it."""

EARLY = timedelta(minutes=30)
"""Rounds come once an hour: without this a daily letter would come an hour later every day."""

New = list[tuple[int, datetime]]


def send_new_results(at: datetime | None = None) -> int:
    """Write to everybody whose saved search is due and finds what became public since; gives the number of letters.
    Each letter is saved with the mark of what it told, in a transaction of its own, as other workers may be writing and
    owners ending their searches meanwhile."""
    until = _settled(at or now())
    latest = {frequency: until - frequency.period + EARLY for frequency in Frequency}
    due = due_before(latest, MOST_IN_ROUND) if index().exists() else []
    if not due:
        return 0
    new = public_since(min(saved.looked_at for saved in due), until)
    told = {saved: _found_by(saved, new) for saved in due}
    written = sum(write_letter(saved, ids, until) for saved, ids in told.items() if ids)
    _nothing_new([saved.id for saved, ids in told.items() if not ids], until)
    log.info("looked at %s saved searches, wrote %s letters", len(due), written)
    return written


def _settled(at: datetime) -> datetime:
    """Up to when everything that became public can be found."""
    return min(filter(None, (at, oldest_waiting(JobKind.INDEX_LISTING)))) - SETTLED


def _found_by(saved: Due, new: New) -> list[int]:
    """The listings that became public since the search was last looked at and that it finds, newest first."""
    lately = [id_ for id_, moment in new if moment > saved.looked_at]
    if not lately:
        return []
    ids = set(exact_hits(query_of(saved)))
    return [id_ for id_ in lately if id_ in ids]


def write_letter(due: Due, ids: Sequence[int], until: datetime) -> bool:
    """Save one letter with its mark, unless another worker has or the search has ended; whether it was saved."""
    writing()
    marked = _mark(SavedSearch.looked_at == due.looked_at, [due.id], until)
    saved = db.session.get(SavedSearch, due.id, populate_existing=True) if marked else None
    listings = published_by_ids(ids[:MOST_NAMED]) if saved else []
    if saved is None or not listings:
        db.session.rollback()
        return False
    _post(saved, listings, len(ids) - len(listings))
    db.session.commit()
    return True


def _post(saved: SavedSearch, listings: Sequence[Listing], more: int) -> None:
    with force_locale(saved.locale):
        said = said_by(saved)
    url = query_of(saved).sorted_by("updated").url
    post(
        LETTER,
        saved.email,
        locale=saved.locale,
        unsubscribe=saved.end_path,
        saved=saved,
        said=said,
        url=url,
        listings=listings,
        more=more,
    )


def _nothing_new(ids: Sequence[int], until: datetime) -> None:
    if ids:
        writing()
        _mark(SavedSearch.looked_at < until, ids, until)
        db.session.commit()


def _mark(condition: sa.ColumnElement[bool], ids: Sequence[int], until: datetime) -> int:
    """Move the mark of those of these searches on for which the condition holds; gives their number."""
    marked = sa.update(SavedSearch).where(condition, SavedSearch.id.in_(ids)).values(looked_at=until)
    done = db.session.scalars(marked.returning(SavedSearch.id), execution_options={"synchronize_session": False})
    return len(done.all())
