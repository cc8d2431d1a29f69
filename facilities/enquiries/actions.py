"""What happens to enquiries."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.booking.events import hold_first, proposed
from facilities.enquiries.draft import Draft
from facilities.enquiries.files import discard, keep
from facilities.enquiries.limits import check_requester, pauses
from facilities.enquiries.models import (
    Author,
    Delivery,
    Enquiry,
    EnquiryStatus,
    Message,
    Recipient,
    Stage,
    Thread,
    new_token,
)
from facilities.enquiries.queries import enquiry_by_form, same_since
from facilities.enquiries.rerouting import lock_threads, reroute_all
from facilities.enquiries.routing import Asked, Receiver, receivers, recipient_of
from facilities.enquiries.spam.holding import note_score
from facilities.enquiries.spam.score import score
from facilities.enquiries.threads.turns import owners_turn
from facilities.outbox import actions as outbox
from facilities.outbox.models import Job, JobKind

SAME_WITHIN = timedelta(hours=1)


def send_enquiry(
    draft: Draft,
    listings: Sequence[Listing],
    *,
    form_id: str,
    desk_email: str,
    at: datetime | None = None,
    took: timedelta | None = None,
    sent_before: Collection[int] = (),
) -> Enquiry:
    """Store an enquiry with its recipients and a job for each letter. The same form sent twice is one enquiry, and so
    is the same question asked again within SAME_WITHIN: somebody went back and sent it once more. That is only looked
    for in `sent_before`, the ids of what the same browser has sent: who else knows all the words, as those who were
    asked do, is not led to the private page.

    Letters about listings that very many ask wait longer; what looks like spam is held for the desk, and no letter
    written. `took` is how long the form was open. Raises TooManyFromRequester.
    """
    at = at or now()
    already = enquiry_by_form(form_id) or same_since(
        draft, [each.id for each in listings], at - SAME_WITHIN, sent_before
    )
    if already is not None:
        return already
    check_requester(draft.email, at=at)
    waits = pauses([listing.id for listing in listings], at=at)
    judged = score(draft, listings, at, took=took)
    enquiry = write_enquiry(draft, listings, form_id=form_id, desk_email=desk_email, at=at)
    note_score(enquiry, judged, at=at)
    return _store_once(enquiry, draft, waits)


def _store_once(enquiry: Enquiry, draft: Draft, waits: Mapping[int, timedelta]) -> Enquiry:
    """Store an enquiry with its files; gives the one that was stored of the same form at the same moment, if one was.
    Files of what is not stored go."""
    form_id = enquiry.form_id
    try:
        _attach(enquiry, draft)
        _store(enquiry, waits)
    except IntegrityError:
        db.session.rollback()
        discard(enquiry.files)
        already = enquiry_by_form(form_id)
        if already is None:
            raise
        return already
    except BaseException:
        discard(enquiry.files)
        raise
    return enquiry


def _attach(enquiry: Enquiry, draft: Draft) -> None:
    """Write the files to disk, each with the first message or with what is held back."""
    for checked in draft.files:
        file = keep(checked)
        enquiry.files.append(file)
        enquiry.messages[-1 if file.withheld else 0].files.append(file)


def write_enquiry(draft: Draft, listings: Iterable[Listing], *, form_id: str, desk_email: str, at: datetime) -> Enquiry:
    """The enquiry as it would be stored, with everyone who would receive it. One to no listing is a need, for which the
    desk chooses whom to ask."""
    listings, asked = list(listings), Asked(draft.kind, at.date(), draft.locale, draft.group)
    enquiry = Enquiry(
        token=new_token(),
        form_id=form_id,
        kind=draft.kind,
        stage=Stage.SENT if listings else Stage.TO_MATCH,
        locale=draft.locale,
        created_at=at,
        requester_name=draft.name,
        requester_email=draft.email,
        requester_organisation=draft.organisation,
        requester_group=draft.group,
        preferred_dates=[day.isoformat() for day in draft.preferred_dates],
        duration=draft.duration,
        samples=draft.samples,
        deadline_on=draft.deadline_on,
        budget=draft.budget,
        participants=draft.participants,
        place=draft.place,
        terms=draft.terms,
        receipt=Delivery.WAITING,
        messages=list(_first_messages(draft, at)),
    )
    for listing in listings:
        open_thread(enquiry, listing, receivers(listing, asked, desk_email=desk_email), at=at)
    return enquiry


def _first_messages(draft: Draft, at: datetime) -> Iterator[Message]:
    """What is said to all, and after it what is held back until the terms are accepted."""
    slots = [proposed(each) for each in draft.times]
    yield Message(author=Author.REQUESTER, author_name=draft.name, body=draft.message, sent_at=at, slots=slots)
    if draft.terms:
        yield Message(author=Author.REQUESTER, author_name=draft.name, body=draft.details, withheld=True, sent_at=at)


def open_thread(enquiry: Enquiry, listing: Listing, routed: Iterable[Receiver], *, at: datetime) -> Thread:
    """Ask one listing: a thread with its recipients. No letter goes out by this."""
    thread = Thread(listing=listing, listing_name=listing.name, status=EnquiryStatus.NEW, asked_at=at)
    thread.last_requester_at = at
    owners_turn(thread, at)
    enquiry.threads.append(thread)
    hold_first(thread, enquiry.messages[0].slots, at=at)
    for who in routed:
        recipient = recipient_of(who)
        thread.recipients.append(recipient)
        enquiry.recipients.append(recipient)
    return thread


def _store(enquiry: Enquiry, waits: Mapping[int, timedelta]) -> None:
    db.session.add(enquiry)
    db.session.flush()
    if enquiry.stage != Stage.HELD:
        post_letters(enquiry, waits, at=enquiry.created_at)
        outbox.add(JobKind.RECEIPT_LETTER, [enquiry.id])
    db.session.commit()


def post_letters(enquiry: Enquiry, waits: Mapping[int, timedelta], *, at: datetime) -> None:
    """Have the first letters to all recipients go out; the caller commits."""
    jobs = list(_letters(enquiry, waits, at))
    if jobs:
        db.session.execute(sa.insert(Job), jobs)


def _letters(enquiry: Enquiry, waits: Mapping[int, timedelta], at: datetime) -> Iterator[dict[str, Any]]:
    """A job for each mailbox, due when the longest of the waits for its listings is over."""
    by_mailbox: dict[str, list[Recipient]] = {}
    for recipient in enquiry.recipients:
        by_mailbox.setdefault(recipient.mailbox, []).append(recipient)
    for sharing in by_mailbox.values():
        wait = max((waits.get(each.listing_id or 0, timedelta()) for each in sharing), default=timedelta())
        yield {"kind": JobKind.ENQUIRY_LETTER, "subject_id": sharing[0].id, "due_at": at + wait}


def note_delivery(recipients: Collection[Recipient], delivery: Delivery, detail: str = "") -> None:
    """Write how far their common letter has come on all these recipients of an enquiry; the caller commits.

    What a letter that has failed for good was about goes to whoever is next in charge. One that a server has given back
    already, while we were about to note that it took it, stays given back.
    """
    if delivery in (Delivery.SENT, Delivery.FAILED):
        lock_threads({recipient.thread_id for recipient in recipients})
        for recipient in recipients:
            db.session.refresh(recipient, ["delivery"])
    recipients = [each for each in recipients if each.delivery != Delivery.BOUNCED]
    for recipient in recipients:
        recipient.delivery, recipient.delivery_detail = delivery, detail[:500]
        if delivery == Delivery.SENT:
            recipient.delivered_at = now()
    if delivery == Delivery.SENT:
        _move_on({recipient.thread_id for recipient in recipients})
    if delivery == Delivery.FAILED:
        reroute_all(recipients, detail, at=now())


def _move_on(thread_ids: Collection[int]) -> None:
    """A new thread is now a delivered one; whoever has already opened or answered it is ahead of us."""
    these = Thread.id.in_(thread_ids)
    new = sa.and_(these, Thread.status == EnquiryStatus.NEW)
    db.session.execute(sa.update(Thread).where(new).values(status=EnquiryStatus.DELIVERED))
    db.session.execute(sa.update(Thread).where(these, Thread.delivered_at.is_(None)).values(delivered_at=now()))


def note_receipt(enquiry: Enquiry, delivery: Delivery, detail: str = "") -> None:
    """Write how far the requester's receipt has come, unless it came back already; the caller commits."""
    if enquiry.receipt != Delivery.BOUNCED:
        enquiry.receipt, enquiry.receipt_detail = delivery, detail[:500]
