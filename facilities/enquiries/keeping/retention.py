"""Enquiries are emptied when they have been kept long enough."""

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from facilities.db import db, now
from facilities.enquiries.keeping.emptying import empty
from facilities.enquiries.keeping.sweeping import remove_files
from facilities.enquiries.models import Author, Enquiry, Message
from facilities.enquiries.queries import enquiry_to_change

log = logging.getLogger(__name__)

MONTH = timedelta(days=365.25 / 12)
MOST_IN_ROUND = 500
"""Enquiries of one round: a site that turns this on after years does not hold up its worker."""


def empty_old(*, at: datetime | None = None) -> int:
    """Empty every enquiry whose last word is older than ENQUIRY_MONTHS, each in a transaction of its own; gives their
    number. Files go after the commit: what is left of them by a crash is swept."""
    months = current_app.config["ENQUIRY_MONTHS"]
    if not months:
        return 0
    at = at or now()
    cut = at - months * MONTH
    tokens = db.session.scalars(_silent_since(cut).limit(MOST_IN_ROUND)).all()
    emptied = sum(_empty(token, cut, at) for token in tokens)
    if emptied:
        log.info("emptied %s enquiries without a word for %s months", emptied, months)
    return emptied


def _empty(token: str, cut: datetime, at: datetime) -> bool:
    """Whether it was still to be emptied once it was locked."""
    enquiry = enquiry_to_change(token)
    if enquiry is None or enquiry.emptied_at is not None or any(each.sent_at >= cut for each in enquiry.messages):
        db.session.rollback()
        return False
    files = empty(enquiry, by=Author.SITE, at=at)
    db.session.commit()
    remove_files(files)
    return True


def _silent_since(cut: datetime) -> sa.Select[str]:
    """The tokens of enquiries in which nothing has been said since then."""
    said_since = sa.exists().where(Message.enquiry_id == Enquiry.id, Message.sent_at >= cut)
    silent = (Enquiry.created_at < cut, Enquiry.emptied_at.is_(None), ~said_since)
    return sa.select(Enquiry.token).where(*silent).order_by(Enquiry.id)
