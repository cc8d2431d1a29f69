"""What happens to enquiries."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from facilities.catalogue.models import Listing
from facilities.db import db, now
from facilities.enquiries.draft import Draft
from facilities.enquiries.limits import check_requester, pauses
from facilities.enquiries.models import Author, Delivery, Enquiry, EnquiryStatus, Message, Recipient, new_token
from facilities.enquiries.queries import enquiry_by_form, same_since
from facilities.enquiries.routing import Receiver, receivers
from facilities.outbox import actions as outbox
from facilities.outbox.models import Job, JobKind

SAME_WITHIN = timedelta(hours=1)


def send_enquiry(
    draft: Draft, listings: Sequence[Listing], *, form_id: str, desk_email: str, at: datetime | None = None
) -> Enquiry:
    """Store an enquiry with its recipients and a job for each letter. The same form sent twice is one enquiry, and so
    is the same question asked again within SAME_WITHIN: somebody went back and sent it once more.

    Letters about listings that very many ask wait longer. Raises TooManyFromRequester.
    """
    at = at or now()
    already = enquiry_by_form(form_id) or same_since(draft, [each.id for each in listings], at - SAME_WITHIN)
    if already is not None:
        return already
    check_requester(draft.email, at=at)
    waits = pauses([listing.id for listing in listings], at=at)
    enquiry = write_enquiry(draft, listings, form_id=form_id, desk_email=desk_email, at=at)
    try:
        _store(enquiry, waits)
    except IntegrityError:
        db.session.rollback()
        already = enquiry_by_form(form_id)
        if already is None:
            raise
        return already
    return enquiry


def write_enquiry(draft: Draft, listings: Iterable[Listing], *, form_id: str, desk_email: str, at: datetime) -> Enquiry:
    """The enquiry as it would be stored, with everyone who would receive it."""
    routed = [who for listing in listings for who in receivers(listing, draft.kind, desk_email=desk_email)]
    return Enquiry(
        token=new_token(),
        form_id=form_id,
        kind=draft.kind,
        status=EnquiryStatus.NEW,
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
        receipt=Delivery.WAITING,
        messages=[Message(author=Author.REQUESTER, body=draft.message, sent_at=at)],
        recipients=[_recipient(who) for who in routed],
    )


def _recipient(who: Receiver) -> Recipient:
    return Recipient(
        listing=who.listing,
        listing_name=who.listing.name,
        contact=who.contact,
        role=who.role,
        email=who.email,
        route=who.route,
        delivery=Delivery.WAITING,
    )


def _store(enquiry: Enquiry, waits: Mapping[int, timedelta]) -> None:
    db.session.add(enquiry)
    db.session.flush()
    db.session.execute(sa.insert(Job), list(_letters(enquiry, waits)))
    outbox.add(JobKind.RECEIPT_LETTER, [enquiry.id])
    db.session.commit()


def _letters(enquiry: Enquiry, waits: Mapping[int, timedelta]) -> Iterator[dict[str, Any]]:
    """A job for each mailbox, due when the longest of the waits for its listings is over."""
    by_mailbox: dict[str, list[Recipient]] = {}
    for recipient in enquiry.recipients:
        by_mailbox.setdefault(recipient.mailbox, []).append(recipient)
    for sharing in by_mailbox.values():
        wait = max(waits[recipient.listing_id] for recipient in sharing if recipient.listing_id is not None)
        yield {"kind": JobKind.ENQUIRY_LETTER, "subject_id": sharing[0].id, "due_at": enquiry.created_at + wait}


def note_delivery(recipients: Collection[Recipient], delivery: Delivery, detail: str = "") -> None:
    """Write how far their common letter has come on all these recipients of an enquiry; the caller commits."""
    for recipient in recipients:
        recipient.delivery, recipient.delivery_detail = delivery, detail[:500]
        if delivery == Delivery.SENT:
            recipient.delivered_at = now()
    if delivery == Delivery.SENT:
        _move_on({recipient.enquiry_id for recipient in recipients})


def _move_on(enquiry_ids: Collection[int]) -> None:
    """A new enquiry is now a delivered one; whoever has already opened or answered it is ahead of us."""
    new = sa.and_(Enquiry.id.in_(enquiry_ids), Enquiry.status == EnquiryStatus.NEW)
    db.session.execute(sa.update(Enquiry).where(new).values(status=EnquiryStatus.DELIVERED))


def note_receipt(enquiry: Enquiry, delivery: Delivery, detail: str = "") -> None:
    """Write how far the requester's receipt has come; the caller commits."""
    enquiry.receipt, enquiry.receipt_detail = delivery, detail[:500]
