"""Closing what nobody goes on with: the requester has been silent for long. A reply opens it again."""

import logging
from datetime import datetime

import sqlalchemy as sa

from facilities.db import db, now
from facilities.enquiries.booking.events import give_up
from facilities.enquiries.booking.letters import tell_of_booking
from facilities.enquiries.models import Author, EnquiryStatus, Thread, Turn
from facilities.enquiries.reminders.letters import tell_closed
from facilities.enquiries.reminders.mailboxes import owners
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speakers import THE_SITE
from facilities.enquiries.threads.speaking import Said, add_message
from facilities.enquiries.threads.turns import nobodys_turn

log = logging.getLogger(__name__)


def close_due(*, at: datetime | None = None) -> int:
    """Close every thread whose time is over, each in a transaction with its letters; gives their number."""
    at = at or now()
    due = sa.select(Thread.id).where(Thread.close_at <= at, Thread.turn == Turn.REQUESTER).order_by(Thread.id)
    return sum(_close_safely(thread_id, at) for thread_id in db.session.scalars(due).all())


def _close_safely(thread_id: int, at: datetime) -> bool:
    """One that cannot be written about keeps no other open: it is tried again in the next round."""
    try:
        return _close(thread_id, at)
    except Exception:
        log.exception("thread %s: not closed", thread_id)
        db.session.rollback()
        return False


def _close(thread_id: int, at: datetime) -> bool:
    """Whether it was still to be closed once it was locked."""
    thread = thread_to_change(thread_id)
    if thread is None or not _is_due(thread, at):
        db.session.rollback()
        return False
    nobodys_turn(thread, EnquiryStatus.CLOSED, by=Author.SITE, at=at)
    if thread.enquiry.emptied_at is None:
        _tell(thread, at)
    db.session.commit()
    return True


def _tell(thread: Thread, at: datetime) -> None:
    """Letters to both sides; a time that was asked for and never agreed goes out of their calendars with them."""
    lapsed = give_up(thread, by=Author.SITE, at=at)
    if lapsed is None:
        tell_closed(thread, owners(thread))
        return
    message = add_message(thread, Said(""), by=THE_SITE, at=at)
    tell_of_booking(thread, message, lapsed, by=THE_SITE)


def _is_due(thread: Thread, at: datetime) -> bool:
    silent = thread.close_at is not None and thread.close_at <= at
    return silent and thread.turn == Turn.REQUESTER and not thread.status.ended
