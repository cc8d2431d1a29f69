"""Listings as the index needs them, and the names behind facet values."""

from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from facilities.catalogue.ended import STANDING
from facilities.catalogue.models import (
    LISTINGS,
    Category,
    Kind,
    Listing,
    SourceRecord,
    Status,
    Technique,
)
from facilities.catalogue.models.vocabulary import label_in
from facilities.db import as_id, db
from facilities.networks.models import Hub, Membership, Network

BATCH = 500
FINDABLE = (LISTINGS.c.status == Status.PUBLISHED, STANDING)
"""What search finds: whatever is published, apart from offers whose last day has passed."""


def published_in_batches(session: Session, ids: Collection[int] | None = None) -> Iterator[Listing]:
    """Findable listings (all, or those of `ids`) with every part the index needs, a batch in memory at a time."""
    for batch in _batches(session, ids):
        query = sa.select(Listing).where(Listing.id.in_(batch)).options(*_parts()).order_by(Listing.id)
        yield from session.scalars(query)
        session.expunge_all()


def _batches(session: Session, ids: Collection[int] | None) -> Iterator[list[int]]:
    """Ids of findable listings, BATCH at a time, so that neither engine meets a statement too long."""
    if ids is not None:
        ordered = sorted(ids)
        for start in range(0, len(ordered), BATCH):
            some = Listing.id.in_(ordered[start : start + BATCH])
            yield list(session.scalars(sa.select(Listing.id).where(*FINDABLE, some)))
        return
    last = 0
    published = sa.select(Listing.id).where(*FINDABLE).order_by(Listing.id).limit(BATCH)
    while batch := list(session.scalars(published.where(Listing.id > last))):
        yield batch
        last = batch[-1]


def _parts() -> tuple[ORMOption, ...]:
    owner = selectinload(Listing.parent)
    membership = (joinedload(Membership.network), joinedload(Membership.hub).joinedload(Hub.network))
    return (
        selectinload(Listing.memberships).options(*membership),
        selectinload(Listing.organisation).selectinload(Listing.memberships).options(*membership),
        selectinload(Listing.texts),
        selectinload(Listing.certificates),
        selectinload(Listing.specifications),
        selectinload(Listing.sites),
        selectinload(Listing.pipeline),
        selectinload(Listing.techniques).selectinload(Technique.terms),
        selectinload(Listing.categories).joinedload(Category.parent),
        joinedload(Listing.access),
        owner.joinedload(Listing.access),
        owner.selectinload(Listing.parent).joinedload(Listing.access),
    )


def listing_and_descendants(ids: Iterable[int]) -> set[int]:
    """The ids of listings and of everything below them: all whose index entry names one of them."""
    tree = sa.select(Listing.id).where(Listing.id.in_(list(ids))).cte("tree", recursive=True)
    tree = tree.union(sa.select(Listing.id).join(tree, Listing.parent_id == tree.c.id))
    return set(db.session.scalars(sa.select(tree.c.id)))


def published_count() -> int:
    """How many listings search can find."""
    query = sa.select(sa.func.count()).select_from(LISTINGS).where(*FINDABLE)
    return db.session.scalar(query) or 0


def category_labels(slugs: Collection[str]) -> dict[str, str]:
    rows = db.session.execute(sa.select(Category.slug, Category.labels).where(Category.slug.in_(slugs)))
    return {slug: label_in(labels) for slug, labels in rows}


def technique_labels(slugs: Collection[str]) -> dict[str, str]:
    rows = db.session.execute(sa.select(Technique.slug, Technique.labels).where(Technique.slug.in_(slugs)))
    return {slug: label_in(labels) for slug, labels in rows}


def organisation_names(ids: Collection[str]) -> dict[str, str]:
    """The names of those of the ids that are published organisations: an address may name any."""
    table = LISTINGS
    public = (table.c.status == Status.PUBLISHED, table.c.kind == Kind.ORGANISATION)
    rows = db.session.execute(sa.select(table.c.id, table.c.name).where(table.c.id.in_(map(as_id, ids)), *public))
    return {str(id_): name for id_, name in rows}


def network_names(slugs: Collection[str]) -> dict[str, str]:
    """The names of those of the networks that are public: an address may name any."""
    public = sa.select(Network.slug, Network.names).where(Network.slug.in_(slugs), Network.published)
    return {slug: label_in(names) for slug, names in db.session.execute(public)}


def hub_names(keys: Collection[str]) -> dict[str, str]:
    """The same of hubs, by network and hub: `stockholm-uppsala/uppsala`."""
    networks, hubs = zip(*(key.partition("/")[::2] for key in keys), strict=True) if keys else ((), ())
    public = (Network.slug.in_(networks), Hub.slug.in_(hubs), Network.published)
    rows = db.session.execute(sa.select(Network.slug, Hub.slug, Hub.names).join(Hub.network).where(*public))
    return {f"{network}/{hub}": label_in(names) for network, hub, names in rows}


def source_ids(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """(source, source_id) of each imported listing; of several sources the first."""
    query = sa.select(SourceRecord.listing_id, SourceRecord.source, SourceRecord.source_id)
    rows = db.session.execute(query.where(SourceRecord.listing_id.in_(ids)).order_by(SourceRecord.id.desc()))
    return {listing_id: (source, source_id) for listing_id, source, source_id in rows}


def names_like(text: str, limit: int, offset: int) -> tuple[list[int], int]:
    """Published listings whose name holds every word of `text`: the search while there is no index. (ids, total)"""
    table = LISTINGS
    found = sa.select(table.c.id).where(*FINDABLE)
    for word in text.split()[:8]:
        found = found.where(table.c.name.icontains(word, autoescape=True))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    return list(db.session.scalars(found.order_by(table.c.name).limit(limit).offset(offset))), total
