"""The listings that a listing page names: what belongs with it, what can do the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import attributes, load_only, with_polymorphic

from facilities.catalogue.ended import STANDING
from facilities.catalogue.models import LISTINGS, Instrument, Kind, Listing, ListingText, Offer, Status, Technique
from facilities.catalogue.models.listing import listing_techniques
from facilities.db import db

MOST_RELATIVES = 24
MOST_SIMILAR = 6
# A listing that shares less than this part of what the closest of its kind shares is not similar.
LEAST_SHARED = 1 / 4

# Nearly all listings are published. Without statistics SQLite would take the index on status before every better one,
# so these reads, which have better ones, ask in a way no index answers.
_PUBLISHED = sa.case((LISTINGS.c.status == Status.PUBLISHED, 1), else_=0) == 1
_THIS = sa.bindparam("listing_id", type_=sa.Integer)
_PARENT = sa.bindparam("parent_id", type_=sa.Integer)
_Line = with_polymorphic(Listing, [Instrument, Offer])
_ONLY = load_only(
    _Line.id, _Line.kind, _Line.language, _Line.name, _Line.abbreviation, _Line.summary, _Line.city,
    _Line.Instrument.manufacturer, _Line.Instrument.model, _Line.Instrument.instrument_status,
    _Line.Offer.offer_kind, _Line.Offer.open_until, _Line.Offer.premises, _Line.Offer.area_min, _Line.Offer.area_max,
    _Line.Offer.room_classes, _Line.Offer.free_from, _Line.Offer.stages, _Line.Offer.amount_min, _Line.Offer.amount_max,
    _Line.Offer.currency,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relatives:
    """Listings of one kind that belong together: the first of them by name, and how many there are."""

    kind: Kind
    listings: list[Listing]
    total: int


@dataclass(frozen=True, slots=True)
class Similar:
    """A listing that can do the same, with the name and city of its organisation."""

    listing: Listing
    owner: str
    city: str


def relatives_of(listing: Listing, language: str) -> list[Relatives]:
    """What a facility or organisation has; for an instrument or service, the others at the same parent;
    for an offer, the other offers there.

    Published ones in alphabetical order, at most MOST_RELATIVES of each kind, in one SELECT. Each comes with what a
    line of a list prints and with its texts in `language`.
    """
    return _read(_RELATIVES[listing.kind], listing, language)


def others_of_owner(listing: Listing, language: str) -> list[Relatives]:
    """What the owner of a withdrawn listing still offers: the others at its parent, or what an organisation had."""
    return _read(_OTHERS if listing.parent_id else _RELATIVES[listing.kind], listing, language)


def similar_to(listing: Listing, language: str, technique_ids: Sequence[int] = ()) -> list[Similar]:
    """Published listings that share techniques with one, by what they share, the same kind first. `technique_ids` are
    used instead of its own.

    A technique counts the less the more listings have it. Those that share little are left out, and so are its own
    parts, its parent and the parent's: the page names them elsewhere.
    """
    given = {
        "ids": technique_ids or [technique.id for technique in listing.techniques],
        "listing_id": listing.id,
        "parent_id": listing.parent_id or 0,
        "organisation_id": listing.organisation_id or 0,
        "kind": listing.kind,
        "language": language,
    }
    found = db.session.execute(_SIMILAR, given)
    return [
        Similar(_line(row), row.owner or "", row[0].city or row.owner_city or "") for row in found if row.is_similar
    ]


def techniques_below(listing_id: int) -> list[int]:
    """The ids of the techniques of what directly belongs to a listing and is published."""
    below = sa.select(LISTINGS.c.id).where(LISTINGS.c.parent_id == listing_id, _PUBLISHED)
    of = listing_techniques.c
    return list(db.session.scalars(sa.select(of.technique_id).where(of.listing_id.in_(below)).distinct()))


def load_techniques(wanted: Sequence[Listing]) -> None:
    """Fill `techniques` of all the listings by one SELECT."""
    found: dict[int, list[Technique]] = {listing.id: [] for listing in wanted}
    for listing_id, technique in db.session.execute(_TECHNIQUES, {"ids": list(found)}):
        found[listing_id].append(technique)
    for listing in wanted:
        attributes.set_committed_value(listing, "techniques", found[listing.id])


def _read(statement: sa.Select[Any], listing: Listing, language: str) -> list[Relatives]:
    given = {"listing_id": listing.id, "parent_id": listing.parent_id, "language": language}
    return list(_by_kind(db.session.execute(statement, given)))


def _by_kind(rows: Iterable[Any]) -> Iterable[Relatives]:
    found = {kind: list(group) for kind, group in groupby(rows, key=lambda row: row[0].kind)}
    for kind in Kind:
        if group := found.get(kind):
            yield Relatives(kind, [_line(row) for row in group], group[0].total)


def _line(row: Any) -> Listing:
    """The listing of a row (listing, its text in the language or None, id, ...) with nothing left to load."""
    listing: Listing = row[0]
    text = row[1]
    # A subclass reads `id` from its own table, which was not joined.
    attributes.set_committed_value(listing, "id", row.listing_id)
    attributes.set_committed_value(listing, "texts", [text] if text else [])
    return listing


def _lines(*more: Any) -> sa.Select[Any]:
    in_language = sa.and_(ListingText.listing_id == LISTINGS.c.id, ListingText.language == sa.bindparam("language"))
    line = sa.select(_Line, ListingText, LISTINGS.c.id.label("listing_id"), *more)
    return line.outerjoin(ListingText, in_language).options(_ONLY)


def _belonging(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Published listings that meet the condition, the first of each kind by name, with the total of the kind."""
    kind = LISTINGS.c.kind
    number = sa.func.row_number().over(partition_by=kind, order_by=(LISTINGS.c.name, LISTINGS.c.id)).label("number")
    total = sa.func.count().over(partition_by=kind).label("total")
    among = sa.select(LISTINGS.c.id, number, total).where(condition, _PUBLISHED, STANDING).subquery()
    lines = _lines(among.c.total).join(among, LISTINGS.c.id == among.c.id)
    return lines.where(among.c.number <= MOST_RELATIVES).order_by(LISTINGS.c.kind, LISTINGS.c.name, LISTINGS.c.id)


def _similar() -> sa.Select[Any]:
    owner, shared = LISTINGS.alias("owner"), _shared()
    elsewhere = sa.func.coalesce(LISTINGS.c.organisation_id, 0) != sa.bindparam("organisation_id")
    same_kind = LISTINGS.c.kind == sa.bindparam("kind", type_=LISTINGS.c.kind.type)
    above = sa.func.coalesce(LISTINGS.c.parent_id, 0)
    enough = shared.c.weight >= sa.func.max(shared.c.weight).over(partition_by=LISTINGS.c.kind) * LEAST_SHARED
    is_similar = sa.case((enough, 1), else_=0).label("is_similar")
    return (
        _lines(owner.c.name.label("owner"), owner.c.city.label("owner_city"), is_similar)
        .join(shared, LISTINGS.c.id == shared.c.listing_id)
        .outerjoin(owner, LISTINGS.c.organisation_id == owner.c.id)
        .where(_PUBLISHED, STANDING, LISTINGS.c.id != _PARENT)
        .where(above != _THIS, sa.or_(above == 0, above != _PARENT))
        .where(sa.func.coalesce(LISTINGS.c.organisation_id, 0) != _THIS)
        .order_by(is_similar.desc(), same_kind.desc(), shared.c.weight.desc(), elsewhere.desc(), LISTINGS.c.id)
        .limit(MOST_SIMILAR)
    )


def _shared() -> sa.Subquery:
    """What each other listing shares with this one: the sum, over the shared techniques, of 1 / listings having it."""
    of = listing_techniques.c
    rarity = (
        sa.select(of.technique_id, (1.0 / sa.func.count()).label("weight"))
        .where(of.technique_id.in_(sa.bindparam("ids", expanding=True)))
        .group_by(of.technique_id)
        .subquery()
    )
    return (
        sa.select(of.listing_id, sa.func.sum(rarity.c.weight).label("weight"))
        .join(rarity, rarity.c.technique_id == of.technique_id)
        .where(of.listing_id != _THIS)
        .group_by(of.listing_id)
        .subquery()
    )


_GATHERED = sa.and_(LISTINGS.c.organisation_id == _THIS, LISTINGS.c.kind.in_((Kind.FACILITY, Kind.SERVICE, Kind.OFFER)))
_OF_ORGANISATION = _belonging(sa.or_(LISTINGS.c.parent_id == _THIS, _GATHERED))
_OTHERS = _belonging(sa.and_(LISTINGS.c.parent_id == _PARENT, LISTINGS.c.id != _THIS))
_AT_PARENT = _belonging(
    sa.and_(
        LISTINGS.c.parent_id == _PARENT,
        LISTINGS.c.id != _THIS,
        LISTINGS.c.kind.in_((Kind.INSTRUMENT, Kind.SERVICE)),
    )
)
_OFFERS_AT_PARENT = _belonging(
    sa.and_(LISTINGS.c.parent_id == _PARENT, LISTINGS.c.id != _THIS, LISTINGS.c.kind == Kind.OFFER)
)
_RELATIVES = {
    Kind.ORGANISATION: _OF_ORGANISATION,
    Kind.FACILITY: _belonging(LISTINGS.c.parent_id == _THIS),
    Kind.INSTRUMENT: _AT_PARENT,
    Kind.SERVICE: _AT_PARENT,
    Kind.OFFER: _OFFERS_AT_PARENT,
}
_SIMILAR = _similar()
_TECHNIQUES = (
    sa.select(listing_techniques.c.listing_id, Technique)
    .join(Technique, Technique.id == listing_techniques.c.technique_id)
    .where(listing_techniques.c.listing_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(Technique.slug)
)
