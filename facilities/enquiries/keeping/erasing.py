"""Erasing an enquiry because its requester wants it: it is emptied at once, and those who had it are told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from facilities.db import db, now
from facilities.enquiries.booking.calendars import Reader, for_recipient, invitation
from facilities.enquiries.booking.events import call_off
from facilities.enquiries.keeping.emptying import empty
from facilities.enquiries.keeping.sweeping import remove_files
from facilities.enquiries.models import Author, Delivery, Enquiry, Stage, Thread
from facilities.enquiries.queries import enquiry_to_change
from facilities.enquiries.threads.letters import inbox_path
from facilities.outbox.letters import About, post

GOT_IT = (Delivery.SENT, Delivery.DEFERRED)


def erase(enquiry: Enquiry, *, at: datetime | None = None) -> None:
    """Empty an enquiry that is read for changing and write to everybody who had it; nothing brings it back. Its files
    go after the commit."""
    files = _erase(enquiry, at or now())
    db.session.commit()
    remove_files(files)


def erase_all_of(email: str, *, at: datetime | None = None) -> int:
    """The same with every enquiry from an address, however it is capitalised; gives their number."""
    return sum(_erase_by_token(token, at) for token in db.session.scalars(_asked_from(email)).all())


def count_of(email: str) -> int:
    """How many enquiries from an address are not emptied yet."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_asked_from(email).subquery())) or 0


def _erase_by_token(token: str, at: datetime | None) -> bool:
    enquiry = enquiry_to_change(token)
    if enquiry is None or enquiry.emptied_at is not None:
        db.session.rollback()
        return False
    erase(enquiry, at=at)
    return True


def _erase(enquiry: Enquiry, at: datetime) -> list[str]:
    told, asked_at = _told(enquiry, at), enquiry.created_at
    files = empty(enquiry, by=Author.REQUESTER, at=at)
    for each in told:
        about = About(each.thread_id, calendar=each.calendar) if each.calendar else None
        post("erased", each.email, locale=each.locale, about=about, listings=each.listings, asked_at=asked_at)
    return files


@dataclass(slots=True)
class _Told:
    """A letter that says so: to whom, about which listings, and the file that takes a booking out of the calendar."""

    email: str
    locale: str
    thread_id: int
    listings: list[str] = field(default_factory=list)
    calendar: str = ""


def _told(enquiry: Enquiry, at: datetime) -> list[_Told]:
    """One letter to each mailbox that had it, and one for each booking there, which is called off."""
    letters: dict[tuple[str, int], _Told] = {}
    booked = {thread.id for thread in enquiry.threads if call_off(thread, by=Author.REQUESTER, at=at)}
    for thread, reader in _who_had_it(enquiry):
        key = reader.email.lower(), thread.id if thread.id in booked else 0
        letter = letters.setdefault(key, _Told(reader.email, reader.locale, thread.id))
        letter.listings.append(thread.listing_name)
        letter.calendar = invitation(thread, reader) if thread.id in booked else ""
    return list(letters.values())


def _who_had_it(enquiry: Enquiry) -> Iterator[tuple[Thread, Reader]]:
    """Recipients to whom a letter may have come, and colleagues to whom threads were left."""
    for thread in enquiry.threads if enquiry.stage == Stage.SENT else ():
        had = [each for each in thread.recipients if each.delivery in GOT_IT or each.delivered_at is not None]
        yield from ((thread, for_recipient(recipient)) for recipient in had)
        user = thread.assigned_to
        if user is not None and user.email.lower() not in {each.mailbox for each in had}:
            yield thread, Reader(inbox_path(thread), user.locale, user.email)


def _asked_from(email: str) -> sa.Select[str]:
    own = sa.func.lower(Enquiry.requester_email) == email.strip().lower()
    return sa.select(Enquiry.token).where(own, Enquiry.emptied_at.is_(None)).order_by(Enquiry.id)
