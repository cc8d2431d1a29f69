"""Enquiries as pages, letters and limits read them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from facilities.catalogue.models import Listing, Status
from facilities.db import db
from facilities.enquiries.models import Enquiry, Recipient


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
    """The enquiry of a private link, with its recipients, their listings and messages."""
    return db.session.scalar(
        sa.select(Enquiry)
        .where(Enquiry.token == token)
        .options(
            selectinload(Enquiry.recipients).selectinload(Recipient.listing),
            selectinload(Enquiry.messages),
        )
    )


def enquiry_by_form(form_id: str) -> Enquiry | None:
    """The enquiry that this form has already been sent as."""
    return db.session.scalar(sa.select(Enquiry).where(Enquiry.form_id == form_id))


def recipients_of_letter(recipient_id: int) -> list[Recipient]:
    """All recipients of one enquiry that share the mailbox of this one, it first: they get one letter together."""
    first = db.session.get(Recipient, recipient_id, options=[joinedload(Recipient.enquiry)])
    if first is None:
        return []
    sharing = [other for other in first.enquiry.recipients if other.mailbox == first.mailbox]
    return sorted(sharing, key=lambda recipient: recipient is not first)


def sent_by_since(email: str, since: datetime) -> int:
    """How many enquiries this requester has sent since then, however the address is capitalised."""
    query = sa.select(sa.func.count(Enquiry.id)).where(
        sa.func.lower(Enquiry.requester_email) == email.lower(), Enquiry.created_at >= since
    )
    return db.session.scalar(query) or 0


def busiest_since(listing_ids: Collection[int], since: datetime) -> int:
    """How many enquiries the most asked of these listings has received since then."""
    per_listing = (
        sa.select(sa.func.count(sa.distinct(Recipient.enquiry_id)).label("enquiries"))
        .join(Enquiry)
        .where(Recipient.listing_id.in_(listing_ids), Enquiry.created_at >= since)
        .group_by(Recipient.listing_id)
        .subquery()
    )
    return db.session.scalar(sa.select(sa.func.coalesce(sa.func.max(per_listing.c.enquiries), 0))) or 0
