"""Enquiries as pages, letters and limits read them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Contact, Listing, Status
from facilities.db import db, writing
from facilities.enquiries.draft import Draft
from facilities.enquiries.files import CheckedFile
from facilities.enquiries.models import TOKEN_FORM, Enquiry, EnquiryFile, EnquiryStatus, Message, Recipient, Thread

MOST_LISTED = 200
"""Enquiries on the list of what an account has asked."""


def listings_to_ask(ids: Sequence[int]) -> list[Listing]:
    """The published ones among these listings, in this order, with contacts, parent and organisation."""
    query = (
        sa.select(Listing)
        .where(Listing.id.in_(ids), Listing.status == Status.PUBLISHED)
        .options(
            selectinload(Listing.contacts),
            selectinload(Listing.parent).selectinload(Listing.contacts),
            selectinload(Listing.organisation).selectinload(Listing.contacts),
        )
    )
    found = {listing.id: listing for listing in db.session.scalars(query)}
    return [found[listing_id] for listing_id in ids if listing_id in found]


_SHOWN = (
    selectinload(Enquiry.threads).joinedload(Thread.listing),
    selectinload(Enquiry.threads).joinedload(Thread.booking),
    selectinload(Enquiry.threads).joinedload(Thread.assigned_to),
    selectinload(Enquiry.recipients).joinedload(Recipient.contact).joinedload(Contact.listing),
    selectinload(Enquiry.recipients).joinedload(Recipient.thread),
    selectinload(Enquiry.messages).joinedload(Message.quote),
    selectinload(Enquiry.messages).selectinload(Message.slots),
    selectinload(Enquiry.messages).selectinload(Message.files),
    selectinload(Enquiry.threads).selectinload(Thread.recipients),
)


def enquiry_by_token(token: str) -> Enquiry | None:
    """The enquiry of a private link with all that its page shows: threads, their listings and recipients, messages."""
    if not TOKEN_FORM.fullmatch(token):
        return None
    return db.session.scalar(sa.select(Enquiry).where(Enquiry.token == token).options(*_SHOWN))


def enquiry_to_change(token: str) -> Enquiry | None:
    """The same with all its threads locked and read after the lock: what owners say meanwhile comes before or after.
    A need that has none yet is locked itself, against the desk that decides about it."""
    if not TOKEN_FORM.fullmatch(token):
        return None
    writing()
    of_token = sa.select(Thread.id).join(Thread.enquiry).where(Enquiry.token == token)
    if not db.session.scalars(of_token.order_by(Thread.id).with_for_update(of=Thread)).all():
        db.session.scalar(sa.select(Enquiry.id).where(Enquiry.token == token).with_for_update())
    query = sa.select(Enquiry).where(Enquiry.token == token).options(*_SHOWN)
    return db.session.scalar(query, execution_options={"populate_existing": True})


def enquiries_of(email: str) -> list[Enquiry]:
    """What was asked from an address, however it is capitalised, the newest first; with threads
    and what they are about."""
    query = (
        sa.select(Enquiry)
        .where(sa.func.lower(Enquiry.requester_email) == email.lower(), Enquiry.emptied_at.is_(None))
        .options(selectinload(Enquiry.threads).joinedload(Thread.listing))
        .order_by(Enquiry.id.desc())
        .limit(MOST_LISTED)
    )
    return list(db.session.scalars(query))


def enquiry_by_form(form_id: str) -> Enquiry | None:
    """The enquiry that this form has already been sent as."""
    return db.session.scalar(sa.select(Enquiry).where(Enquiry.form_id == form_id))


def same_since(draft: Draft, listing_ids: Collection[int], since: datetime, among: Collection[int]) -> Enquiry | None:
    """The enquiry since then in which the same person asked the same of the same listings, among those of these ids."""
    if not among:
        return None
    query = (
        sa.select(Enquiry)
        .join(Enquiry.messages)
        .where(
            Enquiry.id.in_(among),
            Enquiry.requester_email == draft.email,
            Enquiry.kind == draft.kind,
            Enquiry.created_at >= since,
            Message.body == draft.message,
        )
        .options(selectinload(Enquiry.threads))
        .order_by(Enquiry.id.desc())
    )
    asked = (set(listing_ids), _details(draft), _held_back(draft), sorted(map(_looks, draft.files)))
    for enquiry in db.session.scalars(query):
        files = sorted(map(_looks, enquiry.files))
        if ({each.listing_id for each in enquiry.threads}, _details(enquiry), _withheld(enquiry), files) == asked:
            return enquiry
    return None


def _held_back(draft: Draft) -> tuple[str, str]:
    return draft.terms, draft.details


def _withheld(enquiry: Enquiry) -> tuple[str, str]:
    return enquiry.terms, next((message.body for message in enquiry.messages if message.withheld), "")


def _looks(file: EnquiryFile | CheckedFile) -> tuple[str, int, bool]:
    size = file.size if isinstance(file, EnquiryFile) else len(file.data)
    return file.name, size, file.withheld


def _details(asked: Enquiry | Draft) -> list[str]:
    dates = sorted([*map(str, asked.preferred_dates), *_times(asked)])
    rest = (asked.duration, asked.samples, asked.deadline_on, asked.budget, asked.participants, asked.place)
    return [*dates, *map(str, rest)]


def _times(asked: Enquiry | Draft) -> list[str]:
    """When each proposed time begins and ends."""
    spans = asked.times if isinstance(asked, Draft) else asked.messages[0].slots
    return [f"{span.starts_at.isoformat()} {span.ends_at.isoformat()}" for span in spans]


def recipients_of_letter(recipient_id: int) -> list[Recipient]:
    """All recipients of one enquiry that share the mailbox of this one, it first: they get one letter together. Who
    takes somebody's place later gets a letter of its own."""
    first = db.session.get(Recipient, recipient_id, options=[joinedload(Recipient.enquiry)])
    if first is None or first.takes_a_place:
        return [first] if first else []
    same = (other for other in first.enquiry.recipients if other.mailbox == first.mailbox)
    sharing = [other for other in same if not other.takes_a_place]
    return sorted(sharing, key=lambda recipient: recipient is not first)


def sent_by_since(email: str, since: datetime) -> int:
    """How many enquiries this requester has sent since then, however the address is capitalised or tagged."""
    mailbox, domain = mailbox_of(email)
    address = sa.func.lower(Enquiry.requester_email)
    tagged = sa.and_(
        address.startswith(f"{mailbox}+", autoescape=True), address.endswith(f"@{domain}", autoescape=True)
    )
    query = sa.select(sa.func.count(Enquiry.id)).where(
        sa.or_(address == f"{mailbox}@{domain}", tagged), Enquiry.created_at >= since
    )
    return db.session.scalar(query) or 0


def mailbox_of(email: str) -> tuple[str, str]:
    """An address as mailbox and domain, in small letters and without the tag after a plus sign."""
    local, _, domain = email.lower().rpartition("@")
    return local.partition("+")[0] or local, domain


def asked_since(listing_ids: Collection[int], since: datetime) -> dict[int, int]:
    """How many enquiries each of these listings has received since then, without those held as spam; those without any
    are left out."""
    query = (
        sa.select(Thread.listing_id, sa.func.count(sa.distinct(Thread.enquiry_id)))
        .where(Thread.listing_id.in_(listing_ids), Thread.asked_at >= since, Thread.status != EnquiryStatus.SPAM)
        .group_by(Thread.listing_id)
    )
    return {listing_id: enquiries for listing_id, enquiries in db.session.execute(query) if listing_id is not None}
