"""Enquiries as pages, letters and limits read them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Contact, Listing, Status
from facilities.db import db
from facilities.enquiries.draft import Draft
from facilities.enquiries.models import TOKEN_FORM, Enquiry, Message, Recipient


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


def enquiry_by_token(token: str) -> Enquiry | None:
    """The enquiry of a private link, with its recipients, their listings, who holds their contacts, and messages."""
    if not TOKEN_FORM.fullmatch(token):
        return None
    return db.session.scalar(
        sa.select(Enquiry)
        .where(Enquiry.token == token)
        .options(
            selectinload(Enquiry.recipients).selectinload(Recipient.listing),
            selectinload(Enquiry.recipients).joinedload(Recipient.contact).joinedload(Contact.listing),
            selectinload(Enquiry.messages),
        )
    )


def enquiry_by_form(form_id: str) -> Enquiry | None:
    """The enquiry that this form has already been sent as."""
    return db.session.scalar(sa.select(Enquiry).where(Enquiry.form_id == form_id))


def same_since(draft: Draft, listing_ids: Collection[int], since: datetime) -> Enquiry | None:
    """The enquiry since then in which the same person asked the same of the same listings."""
    query = (
        sa.select(Enquiry)
        .join(Enquiry.messages)
        .where(
            Enquiry.requester_email == draft.email,
            Enquiry.kind == draft.kind,
            Enquiry.created_at >= since,
            Message.body == draft.message,
        )
        .options(selectinload(Enquiry.recipients))
        .order_by(Enquiry.id.desc())
    )
    asked = (set(listing_ids), _details(draft))
    for enquiry in db.session.scalars(query):
        if ({each.listing_id for each in enquiry.recipients}, _details(enquiry)) == asked:
            return enquiry
    return None


def _details(asked: Enquiry | Draft) -> list[str]:
    dates = sorted(map(str, asked.preferred_dates))
    rest = (asked.duration, asked.samples, asked.deadline_on, asked.budget, asked.participants)
    return [*dates, *map(str, rest)]


def recipients_of_letter(recipient_id: int) -> list[Recipient]:
    """All recipients of one enquiry that share the mailbox of this one, it first: they get one letter together."""
    first = db.session.get(Recipient, recipient_id, options=[joinedload(Recipient.enquiry)])
    if first is None:
        return []
    sharing = [other for other in first.enquiry.recipients if other.mailbox == first.mailbox]
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
    """How many enquiries each of these listings has received since then; those without any are left out."""
    query = (
        sa.select(Recipient.listing_id, sa.func.count(sa.distinct(Recipient.enquiry_id)))
        .join(Enquiry)
        .where(Recipient.listing_id.in_(listing_ids), Enquiry.created_at >= since)
        .group_by(Recipient.listing_id)
    )
    return {listing_id: enquiries for listing_id, enquiries in db.session.execute(query) if listing_id is not None}
