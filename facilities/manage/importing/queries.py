"""Imports as their pages show them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.accounts.models import User
from facilities.accounts.rights import Level
from facilities.catalogue.models import LISTINGS, Kind, Listing
from facilities.db import db
from facilities.manage.importing.holders import LIVE
from facilities.manage.models import ImportRun
from facilities.manage.queries import below_ids, granted_ids, owned_ids

PER_PAGE = 20
MOST_CHOICES = 300
PLACES = (Kind.ORGANISATION, Kind.FACILITY)


@dataclass(frozen=True, slots=True)
class Holder:
    """An organisation or facility that listings may be imported below."""

    id: int
    name: str
    parent_name: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.parent_name})" if self.parent_name else self.name


def holders_of(user: User, also: int = 0, least: Level = Level.MANAGER) -> list[Holder]:
    """Where the user may import, organisations first; `also` is the id of one that the desk has asked for."""
    wanted: sa.ColumnElement[bool] = LISTINGS.c.id.in_(granted_ids(user, least))
    if also:
        wanted = sa.or_(wanted, sa.and_(LISTINGS.c.id == also, LISTINGS.c.id.in_(owned_ids(user, least))))
    return _holders(wanted)


def holders_below(listing_id: int) -> list[Holder]:
    """The facilities and organisations below a listing."""
    return _holders(LISTINGS.c.id.in_(below_ids(listing_id)))


def _holders(wanted: sa.ColumnElement[bool]) -> list[Holder]:
    parent = LISTINGS.alias("parent")
    query = (
        sa.select(LISTINGS.c.id, LISTINGS.c.name, sa.func.coalesce(parent.c.name, ""))
        .outerjoin(parent, LISTINGS.c.parent_id == parent.c.id)
        .where(wanted, LISTINGS.c.kind.in_(PLACES), LISTINGS.c.status.in_(LIVE))
        .order_by(LISTINGS.c.kind.desc(), LISTINGS.c.name_key, LISTINGS.c.id)
        .limit(MOST_CHOICES)
    )
    return [Holder(*row) for row in db.session.execute(query)]


def runs_of(user: User, page: int) -> list[ImportRun]:
    """A page of the imports below what the user manages, the newest first."""
    query = sa.select(ImportRun).where(ImportRun.listing_id.in_(owned_ids(user, Level.MANAGER)))
    query = query.options(joinedload(ImportRun.listing)).order_by(ImportRun.id.desc())
    return list(db.session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)))


def count_runs(user: User) -> int:
    query = sa.select(sa.func.count(ImportRun.id)).where(ImportRun.listing_id.in_(owned_ids(user, Level.MANAGER)))
    return db.session.scalar(query) or 0


def listings_named(ids: set[int]) -> dict[int, Listing]:
    """Listings by id, with what they belong to."""
    query = sa.select(Listing).where(Listing.id.in_(ids)).options(joinedload(Listing.parent))
    return {listing.id: listing for listing in db.session.scalars(query)}
