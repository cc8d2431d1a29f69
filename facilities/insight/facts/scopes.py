"""What facts are about: the whole site, a network, one of its hubs, or a place with all that is near it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, hypot, radians
from typing import Any, cast
from urllib.parse import urlencode

import sqlalchemy as sa

from facilities.catalogue.gazetteer import Found, towns_within
from facilities.catalogue.models import LISTINGS, Kind, Status
from facilities.catalogue.models.parts import Site
from facilities.db import db
from facilities.formats import site_today
from facilities.insight.places.towns import path_of, town_at
from facilities.networks.models import Hub, Membership, Network, in_force

RADIUS = 50
"""Kilometres around a place that are counted with it: one number, so that two circles cannot be subtracted."""

KM_PER_DEGREE = 111.195
SITES = cast("sa.Table", Site.__table__)
Ids = sa.Select[int]


@dataclass(frozen=True, slots=True)
class Scope:
    """One of them. `key` is what `Edition.scope` holds, `path` its address below the site's root, `names` {language:
    text}, empty for the site. `filters` are what the index is asked to find its listings."""

    key: str
    path: str
    names: dict[str, Any]
    filters: tuple[tuple[str, str], ...] = ()
    network: Network | None = None
    hub: Hub | None = None
    town: Found | None = None

    @property
    def facts(self) -> str:
        """The address of its facts."""
        return f"{self.path}/facts"

    def search(self, pairs: Iterable[Sequence[str]]) -> str:
        """The address of the search for those of its listings that have these (facet, value)s; of a network that of its
        own part of the site."""
        filters = () if self.network and not self.hub else self.filters
        asked = [*((facet, value) for facet, value in pairs), *filters]
        return f"{self.network.path if self.network else ''}/search?{urlencode(asked)}"

    def organisations(self) -> Ids:
        """The ids of its published organisations."""
        there = LISTINGS.c
        ids = sa.select(there.id).where(there.status == Status.PUBLISHED, there.kind == Kind.ORGANISATION)
        if self.network:
            return ids.where(there.id.in_(members_of(self.network, self.hub)))
        if self.town:
            sites = sa.select(Site.listing_id).where(_near(self.town, SITES.c))
            return ids.where(sa.or_(_near(self.town, there), there.id.in_(sites)))
        return ids

    def listings(self) -> Ids:
        """The ids of its published listings of the other kinds: of its organisations; at a place, of those near it."""
        there = LISTINGS.c
        ids = sa.select(there.id).where(there.status == Status.PUBLISHED, there.kind != Kind.ORGANISATION)
        if self.network:
            return ids.where(there.organisation_id.in_(self.organisations()))
        return _placed_near(self.town) if self.town else ids


SITE = Scope("site", "", {})


def of_network(network: Network) -> Scope:
    return Scope(f"network/{network.slug}", network.path, network.names, (("network", network.slug),), network)


def of_hub(hub: Hub) -> Scope:
    return Scope(f"hub/{hub.key}", hub.path, hub.names, (("hub", hub.key),), hub.network, hub)


def of_place(country: str, slug: str) -> Scope | None:
    """A town of the gazetteer and what is within RADIUS kilometres; None if there is none that is called so."""
    found = town_at(country, slug)
    if found is None:
        return None
    near = (("near", f"{found.lat},{found.lng}"), ("radius", str(RADIUS)))
    path = path_of(found)
    return Scope(f"place{path.removeprefix('/places')}", path, {"en": found.name}, near, town=found)


def members_of(network: Network, hub: Hub | None = None, day: date | None = None) -> Ids:
    """The ids of the organisations that belong to it on a day, today if none is named."""
    on = day or site_today()
    ids = sa.select(Membership.organisation_id).where(Membership.network_id == network.id, in_force(on))
    return ids.where(Membership.hub_id == hub.id) if hub else ids


def listing_count(scope: Scope) -> dict[Kind, int]:
    """How many published listings it has of each kind, in one SELECT."""
    ids = sa.union_all(scope.organisations(), scope.listings())
    of = sa.select(LISTINGS.c.kind, sa.func.count()).where(LISTINGS.c.id.in_(ids)).group_by(LISTINGS.c.kind)
    counted: dict[Kind, int] = dict(db.session.execute(of).all())
    return {kind: counted.get(kind, 0) for kind in Kind}


def _near(town: Found, at: Any) -> sa.ColumnElement[bool]:
    """That a point is within RADIUS of the town, on a flat map around it: right to a thousandth at this distance. What
    has no coordinates is where its town is. `at` gives the columns lat, lng, city and country."""
    north = (at["lat"] - town.lat) * KM_PER_DEGREE
    east = (at["lng"] - town.lng) * (KM_PER_DEGREE * cos(radians(town.lat)))
    inside: sa.ColumnElement[bool] = north * north + east * east <= RADIUS * RADIUS
    named = sa.and_(at["lat"].is_(None), at["country"] == town.country, at["city"].in_(_towns_around(town)))
    return sa.or_(inside, named)


@lru_cache(maxsize=200)
def _towns_around(town: Found) -> tuple[str, ...]:
    """The names of the towns within RADIUS."""
    high = RADIUS / KM_PER_DEGREE
    wide = high / cos(radians(town.lat))
    box = (town.lat - high, town.lng - wide, town.lat + high, town.lng + wide)
    towns = (each for each in towns_within(*box, limit=1000) if each.country == town.country)
    return tuple(sorted({each.name for each in towns if _degrees_apart(each, town, high / wide) <= high}))


def _degrees_apart(one: Found, other: Found, narrower: float) -> float:
    """As degrees of latitude; those of longitude are `narrower` there."""
    return hypot(one.lat - other.lat, (one.lng - other.lng) * narrower)


def _placed_near(town: Found) -> Ids:
    """Listings near a town by their own place, else by that of what they belong to, as `Listing.place` has it."""
    own, above, top = LISTINGS, LISTINGS.alias("above"), LISTINGS.alias("top")
    joined = own.outerjoin(above, own.c.parent_id == above.c.id).outerjoin(top, own.c.organisation_id == top.c.id)
    at = {
        name: sa.case((_placed(own), own.c[name]), (_placed(above), above.c[name]), else_=top.c[name])
        for name in ("lat", "lng", "city", "country")
    }
    ids = sa.select(own.c.id).select_from(joined)
    return ids.where(own.c.status == Status.PUBLISHED, own.c.kind != Kind.ORGANISATION, _near(town, at))


def _placed(of: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.or_(of.c.city != "", of.c.country.is_not(None), of.c.lat.is_not(None))
