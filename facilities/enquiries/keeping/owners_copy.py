"""What was asked of owners' listings, for the owners: a line for each thread as CSV, or everything said as JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from facilities.db import db
from facilities.enquiries.keeping.taking_along import message_data, plain
from facilities.enquiries.models import Author, Enquiry, EnquiryStatus, Message, Stage, Thread
from facilities.exchange.tables.writing import as_csv

BATCH = 200
"""Threads read at a time: a copy of many years takes little memory."""

COLUMNS = (
    "Thread", "Listing ID", "Listing", "Kind", "Status", "Asked", "First answered", "Ended", "Reminders", "Name",
    "E-mail", "Organisation", "User group", "Question", "Last answer", "Amount", "Currency",
)  # fmt: skip
"""Headings are the same in every language, so that files from several visits fit together."""


def threads_csv(ids: sa.Select[int]) -> Iterator[bytes]:
    """The threads about these listings, the newest first; what is held back from owners is left out."""

    def rows() -> Iterator[Sequence[str]]:
        yield COLUMNS
        for thread in _threads(ids):
            yield _cells(thread)

    return as_csv(rows())


def threads_json(ids: sa.Select[int]) -> Iterator[bytes]:
    """The same with everything that was said, a line of JSON for each thread."""
    for thread in _threads(ids):
        yield (json.dumps(_data(thread), ensure_ascii=False, default=plain) + "\n").encode()


def _threads(ids: sa.Select[int]) -> Iterator[Thread]:
    below = None
    while batch := _batch(ids, below):
        yield from batch
        below = batch[-1].id
        db.session.expunge_all()


def _batch(ids: sa.Select[int], below: int | None) -> Sequence[Thread]:
    sent = sa.select(Enquiry.id).where(Enquiry.stage == Stage.SENT)
    query = sa.select(Thread).where(Thread.listing_id.in_(ids), Thread.enquiry_id.in_(sent))
    query = query.where(Thread.status != EnquiryStatus.SPAM).order_by(Thread.id.desc()).limit(BATCH)
    if below is not None:
        query = query.where(Thread.id < below)
    messages = joinedload(Thread.enquiry).selectinload(Enquiry.messages)
    with_messages = (messages.joinedload(Message.quote), messages.selectinload(Message.slots))
    parts = (*with_messages, messages.selectinload(Message.files), selectinload(Thread.own_messages))
    return db.session.scalars(query.options(*parts)).all()


def _cells(thread: Thread) -> Sequence[str]:
    enquiry, quote = thread.enquiry, thread.quote
    group = enquiry.requester_group.value if enquiry.requester_group else ""
    amount, currency = (str(quote.amount), quote.currency) if quote and quote.amount is not None else ("", "")
    said = _readable(thread)
    return (
        str(thread.id), str(thread.listing_id or ""), thread.listing_name, enquiry.kind.value, thread.status.value,
        _time(thread.asked_at), _time(thread.first_answered_at), _time(thread.closed_at), str(thread.reminders),
        enquiry.requester_name, enquiry.requester_email, enquiry.requester_organisation, group,
        _first(said, Author.REQUESTER), _first(reversed(said), Author.OWNER), amount, currency,
    )  # fmt: skip


def _data(thread: Thread) -> dict[str, Any]:
    enquiry = thread.enquiry
    return {
        "thread": thread.id,
        "listing_id": thread.listing_id,
        "listing": thread.listing_name,
        "kind": enquiry.kind,
        "status": thread.status,
        "asked_at": thread.asked_at,
        "first_answered_at": thread.first_answered_at,
        "closed_at": thread.closed_at,
        "reminders": thread.reminders,
        "requester": {
            "name": enquiry.requester_name,
            "email": enquiry.requester_email,
            "organisation": enquiry.requester_organisation,
            "group": enquiry.requester_group,
        },
        "emptied_at": enquiry.emptied_at,
        "messages": [message_data(each) | {"internal": each.internal} for each in _readable(thread)],
    }


def _readable(thread: Thread) -> list[Message]:
    """What the owners may read."""
    return [each for each in thread.messages if thread.shows_withheld or not each.withheld]


def _first(messages: Any, author: Author) -> str:
    return next((each.body for each in messages if each.author == author and not each.internal), "")


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
