"""Reminding the owner, then the deputy, then the desk of what waits for an answer; the requester hears each time."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import IntEnum

import sqlalchemy as sa

from facilities.db import db, now
from facilities.enquiries.models import ENDED, MOST_REMINDERS, Enquiry, Stage, Thread, Turn
from facilities.enquiries.reminders import letters
from facilities.enquiries.reminders.mailboxes import Mailbox, deputies, present
from facilities.enquiries.reminders.schedule import next_reminder
from facilities.enquiries.threads.queries import thread_to_change

log = logging.getLogger(__name__)


class Step(IntEnum):
    """The number of a reminder: who gets it."""

    OWNER = 1
    DEPUTY = 2
    DESK = 3


def remind(*, at: datetime | None = None) -> int:
    """Send every reminder that is due; gives how many threads were reminded of. The threads of one enquiry that are due
    together are one transaction with their letters, so that nobody gets several letters for one enquiry."""
    at = at or now()
    enquiry_ids = db.session.scalars(sa.select(Thread.enquiry_id).where(*_due(at)).distinct()).all()
    return sum(_remind_safely(enquiry_id, at) for enquiry_id in enquiry_ids)


def _remind_safely(enquiry_id: int, at: datetime) -> int:
    """One enquiry that cannot be written about keeps nobody else waiting: it is tried again in the next round."""
    try:
        return _remind_of(enquiry_id, at)
    except Exception:
        log.exception("enquiry %s: reminder not written", enquiry_id)
        db.session.rollback()
        return 0


def _remind_of(enquiry_id: int, at: datetime) -> int:
    threads = _taken(enquiry_id, at)
    if not threads:
        db.session.rollback()
        return 0
    by_step: dict[Step, list[Thread]] = defaultdict(list)
    for thread in threads:
        by_step[_step_on(thread, at)].append(thread)
    for step, late in by_step.items():
        WRITE[step](late)
    letters.tell_late(threads[0].enquiry, threads)
    db.session.commit()
    return len(threads)


def _taken(enquiry_id: int, at: datetime) -> list[Thread]:
    """The threads of an enquiry that are due, locked one after the other and looked at again after the lock: another
    worker may have been quicker, or the owner."""
    query = sa.select(Thread.id).where(*_due(at), Thread.enquiry_id == enquiry_id).order_by(Thread.id)
    locked = [thread_to_change(thread_id) for thread_id in db.session.scalars(query).all()]
    return [thread for thread in locked if thread is not None and _is_due(thread, at)]


def _step_on(thread: Thread, at: datetime) -> Step:
    due, thread.reminders = thread.remind_at or at, thread.reminders + 1
    thread.remind_at = next_reminder(thread.listing, due=due, at=at, reminders=thread.reminders)
    return Step(thread.reminders)


def _due(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    sent = sa.select(Enquiry.id).where(Enquiry.stage == Stage.SENT, Enquiry.emptied_at.is_(None))
    return (
        Thread.remind_at <= at,
        Thread.turn == Turn.OWNER,
        Thread.status.not_in(ENDED),
        Thread.reminders < MOST_REMINDERS,
        Thread.enquiry_id.in_(sent),
    )


def _is_due(thread: Thread, at: datetime) -> bool:
    """The same as `_due`, of a thread that is locked."""
    enquiry = thread.enquiry
    waits = thread.turn == Turn.OWNER and not thread.status.ended and thread.reminders < MOST_REMINDERS
    sent = enquiry.stage == Stage.SENT and enquiry.emptied_at is None
    return waits and sent and thread.remind_at is not None and thread.remind_at <= at


def _remind_owners(threads: Sequence[Thread]) -> None:
    """Where mail reaches none of them, or all are away, who comes next is asked at once."""
    _write("reminder_owner", [(thread, present(thread) or deputies(thread)) for thread in threads])


def _ask_deputies(threads: Sequence[Thread]) -> None:
    _write("reminder_deputy", [(thread, deputies(thread)) for thread in threads])


def _write(name: str, asked: Sequence[tuple[Thread, Sequence[Mailbox]]]) -> None:
    """Where there is nobody at all the desk hears of it."""
    letters.remind(name, [mailbox for _thread, mailboxes in asked for mailbox in mailboxes])
    letters.tell_desk(thread for thread, mailboxes in asked if not mailboxes)


WRITE: dict[Step, Callable[[Sequence[Thread]], None]] = {
    Step.OWNER: _remind_owners,
    Step.DEPUTY: _ask_deputies,
    Step.DESK: letters.tell_desk,
}
