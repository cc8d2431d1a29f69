"""The letters of an enquiry as the requester sees them: one line for each, without its address."""

from dataclasses import dataclass

from facilities.catalogue.models import Listing
from facilities.enquiries.models import Delivery, Enquiry, Recipient, Route


@dataclass(frozen=True, slots=True)
class Posted:
    """One letter: the recipients of an enquiry that share a mailbox."""

    recipients: list[Recipient]

    @property
    def receivers(self) -> str:
        """The roles that read it, each with what it answers for: Manager, Light Lab."""
        return "; ".join(dict.fromkeys(map(_receiver, self.recipients)))

    @property
    def about(self) -> list[tuple[str, Listing | None]]:
        """The listings it asks about, each once: (name as sent, the listing if it is still public)."""
        return list(
            {each.listing_name: (each.listing_name, _public(each.listing)) for each in self.recipients}.values()
        )

    @property
    def delivery(self) -> Delivery:
        return self.recipients[0].delivery


def letters_of(enquiry: Enquiry) -> list[Posted]:
    """The letters in the order their first listings were chosen."""
    by_mailbox: dict[str, list[Recipient]] = {}
    for recipient in enquiry.recipients:
        by_mailbox.setdefault(recipient.mailbox, []).append(recipient)
    return [Posted(sharing) for sharing in by_mailbox.values()]


def _receiver(recipient: Recipient) -> str:
    if recipient.route == Route.DESK:
        return recipient.role
    holder = recipient.contact.listing.name if recipient.contact else recipient.listing_name
    return f"{recipient.role}, {holder}"


def _public(listing: Listing | None) -> Listing | None:
    return listing if listing is not None and listing.status == "published" else None
