"""Whose turn it is in a thread, and what happens at which time if they leave it."""

from datetime import datetime, timedelta

from flask import current_app

from facilities.enquiries.models import Author, EnquiryStatus, Thread, Turn
from facilities.enquiries.reminders.schedule import reminder_due


def owners_turn(thread: Thread, at: datetime) -> None:
    """The owner has to say something: they are reminded if they do not."""
    thread.turn, thread.ended_by, thread.closed_at, thread.close_at = Turn.OWNER, None, None, None
    thread.reminders = 0
    thread.remind_at = reminder_due(thread.listing, since=at, reminders=0)


def requesters_turn(thread: Thread, at: datetime) -> None:
    """The requester has to say something: the thread is closed after a long silence."""
    thread.turn, thread.ended_by, thread.closed_at = Turn.REQUESTER, None, None
    thread.reminders, thread.remind_at = 0, None
    thread.close_at = at + timedelta(days=current_app.config["CLOSE_AFTER"])


def nobodys_turn(thread: Thread, status: EnquiryStatus, *, by: Author, at: datetime) -> None:
    """The thread has ended; whoever says something opens it again."""
    thread.status, thread.turn, thread.ended_by, thread.closed_at = status, Turn.NOBODY, by, at
    thread.reminders, thread.remind_at, thread.close_at = 0, None, None
