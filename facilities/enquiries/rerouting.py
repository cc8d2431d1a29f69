"""When a first letter has not arrived: who receives the enquiry instead."""

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Contact, Listing
from facilities.db import db
from facilities.enquiries.models import Delivery, Enquiry, Recipient, Stage, Thread
from facilities.enquiries.routing import Asked, Receiver, Why, desk, receivers, recipient_of
from facilities.outbox import actions as outbox
from facilities.outbox.models import JobKind

LOST = (Delivery.FAILED, Delivery.BOUNCED)
MOST_WORDS = 300
"""Characters of the mail server's words that a reason keeps."""


def reroute(recipient: Recipient, why: str, *, at: datetime) -> list[Recipient]:
    """Send a thread to whoever is next in charge, because this recipient's first letter has failed or come back, or the
    contact has left; the caller commits. `why` is what the mail server said.

    Those who have the thread already are not written to again, and mailboxes that one of its letters has not reached
    are passed over: done twice it adds nobody, and it ends at the desk. Gives the new recipients.
    """
    lock_threads([recipient.thread_id])
    thread = _thread_anew(recipient.thread_id)
    if thread is None or not _is_worth_it(thread):
        return []
    added = [_as_next(receiver, recipient, why) for receiver in _next(thread, recipient, at)]
    for new in added:
        thread.recipients.append(new)
        thread.enquiry.recipients.append(new)
    db.session.flush()
    outbox.add(JobKind.ENQUIRY_LETTER, [new.id for new in added])
    return added


def reroute_all(recipients: Iterable[Recipient], why: str, *, at: datetime) -> list[Recipient]:
    """The same for all recipients of one letter."""
    return [new for recipient in recipients for new in reroute(recipient, why, at=at)]


def lock_threads(thread_ids: Collection[int]) -> None:
    """Have whoever else changes these threads wait, always in the same order. Two letters of one thread that fail at
    the same time would else each count on the other."""
    rows = sa.select(Thread.id).where(Thread.id.in_(thread_ids)).order_by(Thread.id).with_for_update()
    db.session.execute(rows).all()


def _thread_anew(thread_id: int) -> Thread | None:
    """The thread as it is after the lock, with all that routing looks at."""
    query = (
        sa.select(Thread)
        .where(Thread.id == thread_id)
        .options(
            joinedload(Thread.enquiry).selectinload(Enquiry.recipients),
            joinedload(Thread.listing).selectinload(Listing.contacts),
            selectinload(Thread.recipients).joinedload(Recipient.contact).joinedload(Contact.listing),
        )
    )
    return db.session.scalar(query, execution_options={"populate_existing": True})


def _is_worth_it(thread: Thread) -> bool:
    """Whether somebody still waits for an answer."""
    enquiry = thread.enquiry
    return enquiry.stage == Stage.SENT and enquiry.emptied_at is None and not thread.status.ended


def _next(thread: Thread, failed: Recipient, at: datetime) -> list[Receiver]:
    """Who is in charge now that some mailboxes are known not to work, without those who have it already."""
    enquiry, desk_email = thread.enquiry, current_app.config["DESK_EMAIL"]
    asked = Asked(enquiry.kind, at.date(), enquiry.locale, enquiry.requester_group)
    there = {each.mailbox for each in thread.recipients}
    lost = {each.mailbox for each in thread.recipients if each.delivery in LOST} | {failed.mailbox}
    if thread.listing is None:
        chosen = [desk(asked, desk_email)]
    else:
        chosen = receivers(thread.listing, asked, desk_email=desk_email, lost=lost)
    return [each for each in chosen if each.email.lower() not in there]


def _as_next(receiver: Receiver, failed: Recipient, why: str) -> Recipient:
    new = recipient_of(receiver)
    instead = {"role": failed.role, "why": _why(failed).value, "words": why[:MOST_WORDS]}
    new.reason = receiver.reason | {"instead": instead}
    return new


def _why(failed: Recipient) -> Why:
    if failed.has_left:
        return Why.LEFT
    return Why.BOUNCED if failed.delivery == Delivery.BOUNCED else Why.FAILED
