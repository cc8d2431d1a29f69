"""Listings that were last confirmed long ago, and the letters that ask for it."""

import re
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from facilities.catalogue.actions import confirm_listing, create_listing
from facilities.catalogue.models import Kind, Listing, Status
from facilities.db import db, now
from facilities.manage.confirmation import ask_for_confirmation, overdue_clause
from facilities.outbox.models import StoredLetter

MONTH = timedelta(days=30)
YEARS = timedelta(days=500)
CONTACT = {"role": "Facility manager", "name": "Kim Contact", "email": "Kim@lumen.example.org"}


def new(
    kind: Kind, name: str, parent: Listing | None = None, *, confirmed: timedelta = YEARS, **fields: Any
) -> Listing:
    """A published listing, last confirmed so long ago."""
    listing = create_listing(kind, {"name": name, **fields}, parent=parent, by="test", status=Status.PUBLISHED)
    confirm_listing(listing, by="test", at=now() - confirmed)
    return listing


def letters(at: datetime | None = None) -> dict[str, StoredLetter]:
    """What a round writes, by mailbox."""
    known = set(db.session.scalars(sa.select(StoredLetter.id)))
    ask_for_confirmation(at)
    written = db.session.scalars(sa.select(StoredLetter)).all()
    if at is not None:
        for letter in written:
            letter.written_at = at if letter.id not in known else letter.written_at
        db.session.commit()
    return {letter.to: letter for letter in written if letter.id not in known}


def link_in(letter: StoredLetter) -> str:
    return re.findall(r"http://catalogue\.test(/confirm-listings/\S+)", letter.text)[0]


def refreshed(listing: Listing) -> Listing:
    return db.session.get_one(Listing, listing.id, populate_existing=True)


def overdue(listing: Listing) -> bool:
    query = sa.select(Listing.id).where(overdue_clause(now()), Listing.id == listing.id)
    return db.session.scalar(query) is not None
