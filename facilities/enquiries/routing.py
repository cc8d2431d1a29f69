"""Who receives an enquiry about a listing: the nearest contacts that take its kind, else the desk."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from facilities.catalogue.models import Contact, Kind, Listing, Status
from facilities.enquiries.models import EnquiryKind, Route

MOST_RECEIVERS = 20
"""Mailboxes that an enquiry to one listing goes to, however many contacts are in charge."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """One mailbox that receives an enquiry about `listing`, and the rule that chose it."""

    listing: Listing
    role: str
    email: str
    route: Route
    contact: Contact | None = None


def receivers(listing: Listing, kind: EnquiryKind, *, desk_email: str) -> list[Receiver]:
    """The first MOST_RECEIVERS contacts in charge, in the owner's order, each mailbox once; never empty."""
    for holder in _holders(listing):
        contacts = [contact for contact in holder.contacts if takes(contact, kind)]
        if contacts:
            route = _route(listing, holder)
            return [
                Receiver(listing, contact.role, contact.email, route, contact)
                for contact in _one_for_each_mailbox(contacts)[:MOST_RECEIVERS]
            ]
    return [Receiver(listing, _("Desk of the catalogue"), desk_email, Route.DESK)]


def _one_for_each_mailbox(contacts: list[Contact]) -> list[Contact]:
    by_mailbox = {contact.email.lower(): contact for contact in reversed(contacts)}
    return [contact for contact in contacts if by_mailbox[contact.email.lower()] is contact]


def takes(contact: Contact, kind: EnquiryKind) -> bool:
    """A contact that names no kinds takes all of them."""
    return bool(contact.email) and (not contact.enquiry_kinds or kind in contact.enquiry_kinds)


def _holders(listing: Listing) -> Iterator[Listing]:
    """The listing, then what it belongs to, nearest first; what is not published receives nothing."""
    lineage = list(listing.lineage())
    if listing.organisation is not None and listing.organisation not in lineage:
        lineage.append(listing.organisation)
    yield from (holder for holder in lineage if holder.status == Status.PUBLISHED)


def _route(listing: Listing, holder: Listing) -> Route:
    if holder is listing:
        return Route.LISTING
    return Route.ORGANISATION if holder.kind == Kind.ORGANISATION else Route.FACILITY
