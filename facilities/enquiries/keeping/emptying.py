"""Emptying an enquiry: what names a person or was said goes; kind, dates, states, times and counts stay."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from facilities.db import Model, db
from facilities.enquiries.models import (
    Author,
    Enquiry,
    EnquiryFile,
    EnquiryStatus,
    Message,
    Quote,
    Recipient,
    Stage,
    Thread,
)
from facilities.enquiries.threads.turns import nobodys_turn
from facilities.outbox.models import Job, JobKind, JobStatus, StoredLetter

NOBODY = "@emptied.invalid"
"""Ends the addresses of recipients that were emptied: no two of a thread may be the same, and this host is nowhere
(RFC 2606)."""


def empty(enquiry: Enquiry, *, by: Author, at: datetime) -> list[str]:
    """Empty an enquiry that is read for changing; what is still open in it has ended. Gives the names its files have on
    disk, which the caller removes after its commit."""
    for thread in enquiry.threads:
        if not thread.status.ended:
            nobodys_turn(thread, EnquiryStatus.CLOSED, by=by, at=at)
        thread.terms_accepted_by, thread.assigned_to = "", None
    path, email = enquiry.path, enquiry.requester_email
    _empty_row(enquiry, at)
    db.session.flush()
    _empty_letters(enquiry, at)
    blank(_about_no_thread(path, email), at)
    _empty_recipients(enquiry)
    _empty_messages(enquiry)
    return _remove_files(enquiry)


ABOUT_WHOLE = ("new_link", "need_dropped")
"""Letters to the requester that belong to no thread."""

ABOUT_REQUESTER = ("requester_name", "requester_email", "requester_organisation")


def _empty_row(enquiry: Enquiry, at: datetime) -> None:
    enquiry.emptied_at = at
    enquiry.stage = enquiry.stage if enquiry.stage == Stage.SENT else Stage.DROPPED
    for column in (*ABOUT_REQUESTER, "duration", "samples", "budget", "place"):
        setattr(enquiry, column, "")
    enquiry.terms, enquiry.receipt_detail = "", ""
    enquiry.spam_signs, enquiry.preferred_dates, enquiry.deadline_on, enquiry.participants = [], [], None, None


def _empty_recipients(enquiry: Enquiry) -> None:
    email = sa.cast(Recipient.id, sa.String).concat(NOBODY)
    _change(Recipient, Recipient.enquiry_id == enquiry.id, email=email, reason={}, delivery_detail="")


def _empty_messages(enquiry: Enquiry) -> None:
    own = sa.select(Message.id).where(Message.enquiry_id == enquiry.id)
    _change(Quote, Quote.message_id.in_(own), basis="", terms="")
    _change(Message, Message.enquiry_id == enquiry.id, author_name="", body="", user_id=None, mail_id=None)


def _empty_letters(enquiry: Enquiry, at: datetime) -> None:
    """What has been sent about it, and what waits to be: that is not sent any more."""
    threads = sa.select(Thread.id).where(Thread.enquiry_id == enquiry.id)
    blank(StoredLetter.thread_id.in_(threads), at)
    recipients = db.session.scalars(sa.select(Recipient.id).where(Recipient.enquiry_id == enquiry.id)).all()
    _end_jobs(JobKind.ENQUIRY_LETTER, recipients, at)
    _end_jobs(JobKind.RECEIPT_LETTER, [enquiry.id], at)


def _about_no_thread(path: str, email: str) -> sa.ColumnElement[bool]:
    """Letters to the requester about the enquiry as a whole: those that wait tell its private link, those that have
    been sent only whom they went to."""
    named = sa.and_(StoredLetter.thread_id.is_(None), StoredLetter.name.in_(ABOUT_WHOLE), StoredLetter.to == email)
    return sa.and_(named, sa.or_(StoredLetter.sent_at.is_not(None), StoredLetter.text.contains(path, autoescape=True)))


def blank(which: sa.ColumnElement[bool], at: datetime) -> None:
    """Take what they say and whom they went to out of letters; those that wait are not sent. The caller commits."""
    letters = db.session.scalars(sa.select(StoredLetter.id).where(which)).all()
    _end_jobs(JobKind.LETTER, letters, at)
    blank = dict.fromkeys(("to", "subject", "text", "html", "unsubscribe", "problem", "reply_to", "calendar"), "")
    _change(StoredLetter, StoredLetter.id.in_(letters), **blank)


def _end_jobs(kind: JobKind, subjects: Sequence[int], at: datetime) -> None:
    these = sa.and_(Job.kind == kind, Job.subject_id.in_(subjects), Job.status != JobStatus.DONE)
    _change(Job, these, status=JobStatus.DONE, done_at=at, error="")


def _remove_files(enquiry: Enquiry) -> list[str]:
    removed = sa.delete(EnquiryFile).where(EnquiryFile.enquiry_id == enquiry.id).returning(EnquiryFile.stored_as)
    names: Collection[str] = db.session.scalars(removed, execution_options={"synchronize_session": False}).all()
    db.session.expire_all()
    return list(names)


def _change(model: type[Model], which: sa.ColumnElement[bool], **values: Any) -> None:
    change = sa.update(model).where(which).values(**values)
    db.session.execute(change, execution_options={"synchronize_session": False})
