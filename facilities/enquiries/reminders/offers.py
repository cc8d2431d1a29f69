"""What a requester may ask instead of a listing that is late or has said no."""

from facilities.catalogue.models import Listing, UserGroup
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.queries.relatives import similar_to, techniques_below
from facilities.enquiries.models import Thread

MOST_OFFERED = 3


def similar_to_ask(thread: Thread) -> list[Listing]:
    """Published listings that can do the same, that the requester's user group may use as far as is known, and that
    the enquiry has not asked yet; the likest first, at most MOST_OFFERED."""
    listing = thread.listing
    if listing is None:
        return []
    techniques = [each.id for each in listing.techniques] or techniques_below(listing.id)
    if not techniques:
        return []
    asked = {each.listing_id for each in thread.enquiry.threads}
    found = [each.listing.id for each in similar_to(listing, thread.enquiry.locale, techniques)]
    open_ones = [each for each in published_by_ids(found) if is_open_to(each, thread.enquiry.requester_group)]
    return [each for each in open_ones if each.id not in asked][:MOST_OFFERED]


def is_open_to(listing: Listing, group: UserGroup | None) -> bool:
    """Whether a user group may use it; nobody is kept from asking where nothing is stated."""
    terms = listing.terms
    return group is None or terms is None or not terms.groups or group in terms.groups
