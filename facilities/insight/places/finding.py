"""What there is around a place, part by part: found by the index, read in a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from facilities.catalogue.gazetteer import Found
from facilities.catalogue.models import Certificate, Kind, Listing, Offer, OfferKind, OrganisationKind
from facilities.catalogue.queries import published_by_ids
from facilities.db import db
from facilities.formats import site_today
from facilities.insight.places.counting import Counts, around, asked, counts
from facilities.insight.places.towns import km_from
from facilities.networks.models import Hub, in_lists
from facilities.search.labels import labels_of
from facilities.search.query import SearchQuery

MOST_PREMISES = 12
MOST_OFFERS = 6
MOST_LISTED = 6
MOST_VALUES = 12
OFFERS = cast("sa.Table", Offer.__table__)
SUPPORT = (OfferKind.KNOWLEDGE, OfferKind.EDUCATION, OfferKind.PARTNERS)
HOSTS = (OrganisationKind.SCIENCE_PARK, OrganisationKind.CLUSTER, OrganisationKind.AUTHORITY)
"""Whom to ask who settles: those whose work it is to answer."""


@dataclass(frozen=True, slots=True)
class Near:
    """A listing and how many km it is away; `offer` has what an offer says, `certificates` are names."""

    listing: Listing
    km: float | None
    offer: Any = None
    certificates: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Some listings, how many there are in all, and the address of the search that finds them all."""

    shown: list[Near]
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet with its number and the address of the search for it."""

    label: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class HubNear:
    hub: Hub
    km: float


@dataclass(frozen=True)
class Surroundings:
    """All that the page of a place prints."""

    parts: Mapping[str, Part]
    roles: list[Value]
    techniques: list[Value]
    certificates: list[Value]
    networks: list[Value]
    hubs: list[HubNear] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(part.total for part in self.parts.values())


def surroundings(town: Found, radius: int) -> Surroundings:
    """What is within `radius` km of a town."""
    organisations = around(town, radius, kind=(Kind.ORGANISATION.value,))
    services = around(town, radius, kind=(Kind.SERVICE.value,))
    instruments = around(town, radius, kind=(Kind.INSTRUMENT.value,))
    roles, networks = counts(organisations, "role", "network")
    [techniques], [certificates] = counts(instruments, "technique"), counts(services, "certificate")
    return Surroundings(
        parts=_parts(town, radius),
        roles=_values(organisations, "role", roles),
        techniques=_values(instruments, "technique", techniques),
        certificates=_values(services, "certificate", certificates),
        networks=_networks(networks),
        hubs=hubs_near(town, radius),
    )


def _parts(town: Found, radius: int) -> dict[str, Part]:
    """The lists, with all their listings read together."""
    wanted: dict[str, tuple[SearchQuery, int]] = {
        "premises": (around(town, radius, offer=(OfferKind.PREMISES.value,)), MOST_PREMISES),
        "funding": (around(town, radius, offer=(OfferKind.FUNDING.value,)), MOST_OFFERS),
        "support": (around(town, radius, offer=tuple(each.value for each in SUPPORT)), MOST_OFFERS),
        "facilities": (around(town, radius, kind=(Kind.FACILITY.value,)), MOST_LISTED),
        "services": (around(town, radius, kind=(Kind.SERVICE.value,)), MOST_LISTED),
        "hosts": (
            around(town, radius, kind=(Kind.ORGANISATION.value,), organisation_kind=tuple(e.value for e in HOSTS)),
            MOST_LISTED,
        ),
    }
    found = {name: asked(query, limit=most) for name, (query, most) in wanted.items()}
    ids = {id_ for result in found.values() for id_ in result.ids}
    read = _read(ids)
    return {
        name: Part(
            [_at(read[id_], result.distances.get(id_)) for id_ in result.ids if id_ in read],
            result.total,
            wanted[name][0].url,
        )
        for name, result in found.items()
    }


def _at(near: Near, km: float | None) -> Near:
    return Near(near.listing, km, near.offer, near.certificates)


def _read(ids: Collection[int]) -> dict[int, Near]:
    """These listings, with what offers and certificates say: three statements. Offers that can be asked for no more are
    left out."""
    offers = {row.id: row for row in db.session.execute(sa.select(OFFERS).where(OFFERS.c.id.in_(ids)))}
    named = _certificates(ids)
    today = site_today()
    over = {id_ for id_, offer in offers.items() if offer.open_until and offer.open_until < today}
    return {
        listing.id: Near(listing, None, offers.get(listing.id), named.get(listing.id, []))
        for listing in published_by_ids(sorted(set(ids) - over))
    }


def _certificates(ids: Collection[int]) -> dict[int, list[str]]:
    """The names of the certificates of each."""
    query = sa.select(Certificate.listing_id, Certificate.name).where(Certificate.listing_id.in_(ids))
    found: dict[int, list[str]] = {}
    for listing_id, name in db.session.execute(query.order_by(Certificate.position)):
        found.setdefault(listing_id, []).append(name)
    return found


def _values(query: SearchQuery, facet: str, counted: Counts) -> list[Value]:
    """The most frequent values of a facet among a search's results."""
    first = list(counted.items())[:MOST_VALUES]
    labels = labels_of(facet, [value for value, _number in first])
    return [
        Value(labels.get(value, value), number, query.changed(filters={**query.filters, facet: (value,)}).url)
        for value, number in first
    ]


def _networks(counted: Counts) -> list[Value]:
    """Those that have members around, the ones with most first."""
    first = list(counted.items())[:MOST_VALUES]
    labels = labels_of("network", [slug for slug, _number in first])
    return [Value(labels[slug], number, f"/networks/{slug}") for slug, number in first if slug in labels]


def hubs_near(town: Found, radius: int) -> list[HubNear]:
    """The hubs of public networks that lie within `radius` km, or whose own region holds the town; nearest first."""
    query = sa.select(Hub).join(Hub.network).where(in_lists(), Hub.lat.is_not(None))
    hubs = db.session.scalars(query.options(joinedload(Hub.network), joinedload(Hub.organisation)))
    near = (HubNear(hub, km_from(town.lat, town.lng, hub.lat or 0, hub.lng or 0)) for hub in hubs)
    return sorted((each for each in near if each.km <= max(radius, each.hub.radius_km)), key=lambda each: each.km)
