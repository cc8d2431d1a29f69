"""Where all published listings are, for the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.db import db


@dataclass(frozen=True, slots=True)
class Point:
    """A listing on the map. Coordinates are WGS 84 degrees: its own, else its parent's, else its organisation's."""

    id: int
    kind: Kind
    name: str
    organisation_id: int | None
    organisation: str | None
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class CityCount:
    """How many published listings there are in a city; a city may be unknown."""

    country: str
    city: str
    number: int


def points() -> list[Point]:
    """Every published listing whose place is known, in order of id."""
    parent, owner = aliased(LISTINGS), aliased(LISTINGS)
    lat = sa.func.coalesce(LISTINGS.c.lat, parent.c.lat, owner.c.lat)
    lng = sa.func.coalesce(LISTINGS.c.lng, parent.c.lng, owner.c.lng)
    statement = (
        sa.select(LISTINGS.c.id, LISTINGS.c.kind, LISTINGS.c.name, LISTINGS.c.organisation_id, owner.c.name, lat, lng)
        .join(parent, LISTINGS.c.parent_id == parent.c.id, isouter=True)
        .join(owner, LISTINGS.c.organisation_id == owner.c.id, isouter=True)
        .where(LISTINGS.c.status == Status.PUBLISHED, lat.is_not(None))
        .order_by(LISTINGS.c.id)
    )
    return [Point(*row) for row in db.session.execute(statement)]


def last_change() -> tuple[int, datetime | None]:
    """How many listings are published and when any listing last changed: the same pair means the same map."""
    published = sa.func.count().filter(LISTINGS.c.status == Status.PUBLISHED)
    number, changed_at = db.session.execute(sa.select(published, sa.func.max(LISTINGS.c.updated_at))).one()
    return number, changed_at


def cities() -> Sequence[CityCount]:
    """Published listings by country and city: their own place, else their parent's, else their organisation's."""
    parent, owner = aliased(LISTINGS), aliased(LISTINGS)
    # A row without a country takes city and country together from the first above it that has one.
    country = sa.func.coalesce(LISTINGS.c.country, parent.c.country, owner.c.country)
    city = sa.case(
        (LISTINGS.c.country.is_not(None), LISTINGS.c.city),
        (parent.c.country.is_not(None), parent.c.city),
        else_=owner.c.city,
    )
    statement = (
        sa.select(country, city, sa.func.count())
        .join(parent, LISTINGS.c.parent_id == parent.c.id, isouter=True)
        .join(owner, LISTINGS.c.organisation_id == owner.c.id, isouter=True)
        .where(LISTINGS.c.status == Status.PUBLISHED, country.is_not(None))
        .group_by(country, city)
        .order_by(country, city)
    )
    return [CityCount(*row) for row in db.session.execute(statement)]
