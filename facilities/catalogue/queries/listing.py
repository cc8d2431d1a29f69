"""What a listing page shows, in a fixed number of SELECTs whatever the size of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, attributes

from facilities.catalogue.models import (
    LISTINGS,
    AccessTerms,
    Attachment,
    Category,
    Certificate,
    Contact,
    Kind,
    Listing,
    ListingText,
    PipelineProject,
    Price,
    Site,
    Source,
    SourceRecord,
    Specification,
    Status,
)
from facilities.catalogue.models.listing import listing_categories
from facilities.catalogue.queries.relatives import (
    Relatives,
    Similar,
    load_techniques,
    relatives_of,
    similar_to,
)
from facilities.db import Model, db

PUBLIC = (Status.PUBLISHED, Status.WITHDRAWN)
# An instrument at a unit of a facility of an organisation has three ancestors; no more than this are looked for.
MOST_ANCESTORS = 10


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported record came from."""

    source: str
    title: str
    url: str
    source_id: str
    licence: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A listing with all that its page prints."""

    listing: Listing
    relatives: list[Relatives] = field(default_factory=list)
    similar: list[Similar] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)


def public_listing(listing_id: int) -> Listing | None:
    """A published or withdrawn listing with its ancestors and their texts; None for any other."""
    lineage = lineage_of(listing_id)
    if not lineage or lineage[0].status not in PUBLIC:
        return None
    # The session holds rows weakly: each listing keeps the parent that it is given here.
    for listing, parent in zip(lineage, [*lineage[1:], None], strict=True):
        attributes.set_committed_value(listing, "parent", parent)
    _load_few(lineage)
    return lineage[0]


def lineage_of(listing_id: int, *, anew: bool = False) -> Sequence[Listing]:
    """The listing of any status, its parent, the parent's parent, upwards, in one SELECT; `anew` reads over what the
    session holds already."""
    options = {"populate_existing": anew}
    return db.session.scalars(_LINEAGE, {"listing_id": listing_id}, execution_options=options).all()


def listing_page(listing: Listing, language: str) -> ListingPage:
    """All that the page of a listing from `public_listing` prints to a reader of `language`."""
    lineage = list(listing.lineage())
    for attribute, statement in _LISTS.items():
        _load_list(lineage, attribute, statement)
    for attribute, statement in _OWN_LISTS[listing.kind].items():
        _load_list([listing], attribute, statement)
    relatives = relatives_of(listing, language)
    load_techniques([listing, *(relative for group in relatives for relative in group.listings)])
    similar = similar_to(listing, language) if listing.techniques else []
    return ListingPage(listing, relatives, similar, origins_of(listing))


def origins_of(listing: Listing) -> list[Origin]:
    """The sources the listing was imported from."""
    return [Origin(*row) for row in db.session.execute(_ORIGINS, {"listing_id": listing.id})]


def _load_few(lineage: Sequence[Listing]) -> None:
    """Fill the parts of which a listing has so few that one SELECT may multiply them."""
    rows = db.session.execute(_FEW, {"ids": [listing.id for listing in lineage]}).all()
    for listing in lineage:
        access, *lists = zip(*(row[1:] for row in rows if row[0] == listing.id), strict=True)
        attributes.set_committed_value(listing, "access", access[0])
        for attribute, parts in zip(("texts", "categories", "certificates"), lists, strict=True):
            attributes.set_committed_value(listing, attribute, list(filter(None, dict.fromkeys(parts))))


def _load_list(owners: Sequence[Listing], attribute: str, statement: sa.Select[Any]) -> None:
    """Fill a list of parts of all the owners by one SELECT."""
    found: dict[int, list[Any]] = {owner.id: [] for owner in owners}
    for part in db.session.scalars(statement, {"ids": list(found)}):
        found[part.listing_id].append(part)
    for owner in owners:
        attributes.set_committed_value(owner, attribute, found[owner.id])


def _lineage() -> sa.Select[Listing]:
    """The listing, its parent, the parent's parent, upwards."""
    this = sa.select(LISTINGS.c.id, LISTINGS.c.parent_id, sa.literal(0).label("depth"))
    chain = this.where(LISTINGS.c.id == sa.bindparam("listing_id")).cte("chain", recursive=True)
    above = sa.select(LISTINGS.c.id, LISTINGS.c.parent_id, chain.c.depth + 1)
    chain = chain.union_all(above.where(LISTINGS.c.id == chain.c.parent_id, chain.c.depth < MOST_ANCESTORS))
    return sa.select(Listing).join(chain, Listing.id == chain.c.id).order_by(chain.c.depth)


def _few() -> sa.Select[Any]:
    return (
        sa.select(LISTINGS.c.id, AccessTerms, ListingText, Category, Certificate)
        .select_from(LISTINGS)
        .outerjoin(AccessTerms, AccessTerms.listing_id == LISTINGS.c.id)
        .outerjoin(ListingText, ListingText.listing_id == LISTINGS.c.id)
        .outerjoin(listing_categories, listing_categories.c.listing_id == LISTINGS.c.id)
        .outerjoin(Category, Category.id == listing_categories.c.category_id)
        .outerjoin(Certificate, Certificate.listing_id == LISTINGS.c.id)
        .where(LISTINGS.c.id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(ListingText.language, Category.position, Certificate.position)
    )


def _parts(
    part: type[Model], owner: InstrumentedAttribute[int], position: InstrumentedAttribute[int]
) -> sa.Select[Any]:
    return sa.select(part).where(owner.in_(sa.bindparam("ids", expanding=True))).order_by(position)


_LINEAGE = _lineage()
_FEW = _few()
_LISTS = {
    "contacts": _parts(Contact, Contact.listing_id, Contact.position),
    "prices": _parts(Price, Price.listing_id, Price.position),
    "attachments": _parts(Attachment, Attachment.listing_id, Attachment.position),
}
_SPECIFICATIONS = {"specifications": _parts(Specification, Specification.listing_id, Specification.position)}
_OF_ORGANISATIONS = {
    "sites": _parts(Site, Site.listing_id, Site.position),
    "pipeline": _parts(PipelineProject, PipelineProject.listing_id, PipelineProject.position),
}
_OWN_LISTS: dict[Kind, dict[str, sa.Select[Any]]] = {
    Kind.ORGANISATION: _OF_ORGANISATIONS,
    Kind.FACILITY: {},
    Kind.INSTRUMENT: _SPECIFICATIONS,
    Kind.SERVICE: _SPECIFICATIONS,
    Kind.OFFER: {},
}
"""Lists of parts that only some kinds have."""

_ORIGINS = (
    sa.select(
        Source.name, Source.title, Source.url, SourceRecord.source_id, SourceRecord.licence, SourceRecord.imported_at
    )
    .join(SourceRecord, SourceRecord.source == Source.name)
    .where(SourceRecord.listing_id == sa.bindparam("listing_id"))
    .order_by(SourceRecord.id)
)
