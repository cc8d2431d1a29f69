"""What the home page says about the catalogue."""

from dataclasses import dataclass

import sqlalchemy as sa

from facilities.catalogue.ended import STANDING
from facilities.catalogue.models import Kind, Listing, Status
from facilities.catalogue.queries.cards import published_by_ids
from facilities.db import db

# Counting needs the shared table only; the mapped class would join those of all kinds.
_LISTINGS = Listing.__table__.c


@dataclass(frozen=True, slots=True)
class Spot:
    """A town with listings. Coordinates are the mean of theirs, in WGS 84 degrees."""

    city: str
    lat: float
    lng: float
    count: int


def kind_counts() -> dict[Kind, int]:
    """How many published listings there are of each kind."""
    many = sa.func.count()
    query = sa.select(_LISTINGS.kind, many).where(_LISTINGS.status == Status.PUBLISHED, STANDING)
    found: dict[Kind, int] = dict(db.session.execute(query.group_by(_LISTINGS.kind)).all())
    return {kind: found.get(kind, 0) for kind in Kind}


def recently_confirmed(limit: int) -> list[Listing]:
    """The listings whose owners spoke for them last, ready for cards. Two SELECTs."""
    query = (
        sa.select(_LISTINGS.id)
        .where(_LISTINGS.status == Status.PUBLISHED, _LISTINGS.confirmed_at.is_not(None), STANDING)
        .order_by(_LISTINGS.confirmed_at.desc(), _LISTINGS.id.desc())
        .limit(limit)
    )
    return published_by_ids(list(db.session.scalars(query)))


def spots(limit: int) -> list[Spot]:
    """The towns with most published listings that have coordinates of their own."""
    many = sa.func.count()
    query = (
        sa.select(_LISTINGS.city, sa.func.avg(_LISTINGS.lat), sa.func.avg(_LISTINGS.lng), many)
        .where(_LISTINGS.status == Status.PUBLISHED, _LISTINGS.lat.is_not(None), STANDING)
        .group_by(_LISTINGS.country, _LISTINGS.city)
        .order_by(many.desc(), _LISTINGS.city)
        .limit(limit)
    )
    return [Spot(*row) for row in db.session.execute(query)]
