"""Listings as cards in a list print them: the hot path of every results page."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only, with_polymorphic
from sqlalchemy.orm.attributes import set_committed_value

from facilities.catalogue.models import AccessTerms, Instrument, Listing, ListingText, Offer, Status
from facilities.db import db
from facilities.languages import spoken_now

_Card = with_polymorphic(Listing, [Instrument, Offer])
_KEY = Listing.__table__.c.id
_ONLY = (
    load_only(
        _Card.id,
        _Card.kind,
        _Card.status,
        _Card.parent_id,
        _Card.organisation_id,
        _Card.language,
        _Card.name,
        _Card.summary,
        _Card.address,
        _Card.postal_code,
        _Card.city,
        _Card.region,
        _Card.country,
        _Card.lat,
        _Card.lng,
        _Card.created_at,
        _Card.confirmed_at,
        _Card.Instrument.manufacturer,
        _Card.Instrument.model,
        _Card.Offer.offer_kind,
        _Card.Offer.open_until,
        _Card.Offer.premises,
        _Card.Offer.area_min,
        _Card.Offer.area_max,
        _Card.Offer.room_classes,
        _Card.Offer.free_from,
        _Card.Offer.stages,
        _Card.Offer.amount_min,
        _Card.Offer.amount_max,
        _Card.Offer.currency,
    ),
    joinedload(_Card.access).load_only(AccessTerms.groups, AccessTerms.modes, AccessTerms.price_level),
)


def published_by_ids(ids: Sequence[int]) -> list[Listing]:
    """The published listings among `ids`, in that order, with all that a card prints loaded by one SELECT, and by a
    second one the texts of those that are written in another language than the page.

    Ancestors come in the same rows, so `parent`, `organisation`, `place` and `terms` cost nothing more.
    """
    if not ids:
        return []
    rows = db.session.execute(_WITH_ANCESTORS, {"ids": list(ids)})
    found = {key: listing for listing, key in rows}
    for key, listing in found.items():
        _settle(listing, key, found)
    load_translations(found.values())
    return [found[key] for key in ids if key in found and found[key].status == Status.PUBLISHED]


def _settle(listing: Listing, key: int, found: Mapping[int, Listing]) -> None:
    """Give a listing its id, which a subclass would read from a table that was not joined, and what is above it."""
    set_committed_value(listing, "id", key)
    for name, above in (("parent", listing.parent_id), ("organisation", listing.organisation_id)):
        if above is None or above in found:
            set_committed_value(listing, name, found.get(above or 0))


def load_translations(listings: Iterable[Listing]) -> None:
    """Load the other names and summaries of listings that are written in another language than the page, in at most one
    SELECT, for `card_text`."""
    page = spoken_now()
    foreign = {listing.id: listing for listing in listings if listing.language != page}
    if not foreign:
        return
    query = sa.select(ListingText).where(ListingText.listing_id.in_(foreign)).order_by(ListingText.language)
    texts: dict[int, list[ListingText]] = {key: [] for key in foreign}
    for text in db.session.scalars(query.options(load_only(ListingText.name, ListingText.summary))):
        texts[text.listing_id].append(text)
    for key, listing in foreign.items():
        set_committed_value(listing, "texts", texts[key])


def _with_ancestors() -> sa.Select[Listing, int]:
    """The asked listings and everything above them, each once, with its id. Takes the parameter `ids`."""
    listings = Listing.__table__
    asked = sa.select(listings.c.id, listings.c.parent_id).where(listings.c.id.in_(sa.bindparam("ids", expanding=True)))
    lineage = asked.cte("lineage", recursive=True)
    above = listings.alias("above")
    lineage = lineage.union(sa.select(above.c.id, above.c.parent_id).where(above.c.id == lineage.c.parent_id))
    return sa.select(_Card, _KEY).where(_KEY.in_(sa.select(lineage.c.id))).options(*_ONLY)


_WITH_ANCESTORS = _with_ancestors()
