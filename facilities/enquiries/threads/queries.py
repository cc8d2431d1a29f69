"""Threads as pages and letters read them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Contact
from facilities.db import db, writing
from facilities.enquiries.models import TOKEN_FORM, Enquiry, Message, Recipient, Thread

WHOLE: tuple[Any, ...] = (
    joinedload(Thread.listing),
    joinedload(Thread.assigned_to),
    joinedload(Thread.booking),
    joinedload(Thread.enquiry).selectinload(Enquiry.messages).joinedload(Message.quote),
    joinedload(Thread.enquiry).selectinload(Enquiry.messages).selectinload(Message.slots),
    joinedload(Thread.enquiry).selectinload(Enquiry.messages).selectinload(Message.files),
    joinedload(Thread.enquiry).selectinload(Enquiry.files),
    selectinload(Thread.recipients).joinedload(Recipient.contact).joinedload(Contact.listing),
)
"""All that a thread's page shows."""


def thread_to_read(thread_id: int) -> Thread | None:
    return db.session.scalar(sa.select(Thread).where(Thread.id == thread_id).options(*WHOLE))


def thread_to_change(thread_id: int) -> Thread | None:
    """The thread, locked and read after the lock: what others say at the same time comes before or after."""
    writing()
    lock = sa.select(Thread.id).where(Thread.id == thread_id).with_for_update()
    if db.session.scalar(lock) is None:
        return None
    query = sa.select(Thread).where(Thread.id == thread_id).options(*WHOLE)
    return db.session.scalar(query, execution_options={"populate_existing": True})


def recipient_by_token(token: str) -> Recipient | None:
    """The recipient of a link in a letter, with its thread."""
    if not TOKEN_FORM.fullmatch(token):
        return None
    parts = (joinedload(Recipient.thread), joinedload(Recipient.enquiry), joinedload(Recipient.contact))
    return db.session.scalar(sa.select(Recipient).where(Recipient.token == token).options(*parts))
