"""What a visitor reads of the listings at one mark: organisation by organisation, each before what belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from facilities.catalogue.models import Kind, Listing
from facilities.catalogue.queries import published_by_ids
from facilities.insight.map.columns import KINDS, columns
from facilities.insight.map.grouping import Numbers, marks_of, pixels
from facilities.insight.map.places import Found

LONGEST = 100
"""Listings on a card; the rest are a search away."""
AS_FAR = 2.0
"""Pixels that a mark may lie from where it is said to be."""


@dataclass(frozen=True, slots=True)
class Owned:
    """Listings of one organisation: its own, if it is among them, and those below it by kind and name."""

    organisation: Listing | None
    name: str
    listings: Sequence[Listing]


@dataclass(frozen=True, slots=True)
class Card:
    """The listings at one mark, `number` of them in all; `box` (west, south, east, north) holds their places."""

    number: int
    city: str
    owners: Sequence[Owned]
    box: tuple[float, float, float, float]

    @property
    def shown(self) -> int:
        return sum(len(each.listings) + bool(each.organisation) for each in self.owners)


def card_at(found: Found, lat: float, lng: float, zoom: float) -> Card | None:
    """The card of the mark at a point; None if there is none, which may be so after a change."""
    if not len(found.ids):
        return None
    marks = marks_of(found.places, zoom)
    xy = pixels(found.places.points[marks.centre], zoom)
    away = np.hypot(*(xy - pixels(np.array([[lat, lng]]), zoom)).T)
    nearest = int(away.argmin())
    if not away[nearest] <= AS_FAR:  # What is no number is not near, either.
        return None
    ids = found.at(marks.of == nearest)
    points = found.places.points[marks.of == nearest]
    (south, west), (north, east) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    listings = published_by_ids(_organisations_first(ids)[:LONGEST])
    cities = {each.place.city for each in listings}
    return Card(len(ids), cities.pop() if len(cities) == 1 else "", _by_owner(listings), (west, south, east, north))


def _organisations_first(ids: Numbers) -> list[int]:
    """By kind, each kind in the order of the search."""
    return [int(id_) for id_ in ids[np.argsort(columns().kinds_of(ids), kind="stable")]]


def _by_owner(listings: Sequence[Listing]) -> list[Owned]:
    ordered = sorted(listings, key=lambda each: (_owner(each).casefold(), KINDS.index(each.kind), each.name.casefold()))
    return [_owned(name, list(group)) for name, group in groupby(ordered, key=_owner)]


def _owned(name: str, listings: list[Listing]) -> Owned:
    if listings[0].kind == Kind.ORGANISATION:
        return Owned(listings[0], name, listings[1:])
    return Owned(None, name, listings)


def _owner(listing: Listing) -> str:
    if listing.kind == Kind.ORGANISATION:
        return listing.name
    return listing.organisation.name if listing.organisation else ""
