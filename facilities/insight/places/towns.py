"""Towns as pages of their own: their addresses, which ones have something, and which are near one another."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from operator import itemgetter

from facilities.catalogue.gazetteer import Found, all_towns, read_address
from facilities.catalogue.models import country_name
from facilities.catalogue.names import slug_of
from facilities.search.having import having

EARTH_KM = 6371.0
APART_KM = 20.0
"""Two places to choose between are at least so far from each other: nearer ones share what they have."""

CITY = 50_000
"""People from which a place is worth comparing with, whatever lies nearer."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country and its towns that have listings, the ones with most first: (town, number of listings)."""

    code: str
    name: str
    towns: list[tuple[Found, int]]

    @property
    def listings(self) -> int:
        return sum(number for _town, number in self.towns)


def path_of(town: Found) -> str:
    """The address of its page: /places/se/uppsala."""
    return f"/places/{town.country.lower()}/{slug_of(town.name)}"


def town_at(country: str, slug: str) -> Found | None:
    """The largest town with that address, None if there is none."""
    return _by_address().get((country.upper(), slug.lower()))


def town_meant(text: str) -> Found | None:
    """The town that "Lund", "Lund, Sweden" or "se/lund" means."""
    country, slash, slug = text.partition("/")
    return town_at(country, slug) if slash else read_address(text).place


def countries() -> list[Country]:
    """The towns that have something, by country; the country with most first."""
    towns: dict[str, list[tuple[Found, int]]] = defaultdict(list)
    for town, number in having().towns.items():
        towns[town.country].append((town, number))
    found = [
        Country(code, country_name(code), sorted(listed, key=lambda each: (-each[1], each[0].name)))
        for code, listed in towns.items()
    ]
    return sorted(found, key=lambda each: (-each.listings, each.name))


@lru_cache(maxsize=1000)
def to_compare(town: Found, most: int) -> tuple[Found, ...]:
    """The nearest larger places; of the largest ones, the nearest cities."""
    away = [(km_between(town, each), each) for each, _names in all_towns()]
    nearest = [each for km, each in sorted(away, key=itemgetter(0)) if km >= APART_KM]
    larger = [each for each in nearest if each.people > town.people]
    cities = [each for each in nearest if each.people >= CITY]
    return tuple(_apart([*larger, *cities], most))


def _apart(towns: Iterable[Found], most: int) -> list[Found]:
    """The first of them that are not next to another one."""
    chosen: list[Found] = []
    for town in towns:
        if len(chosen) < most and all(km_between(town, each) >= APART_KM for each in chosen):
            chosen.append(town)
    return chosen


def km_between(one: Found, other: Found) -> float:
    """Kilometres as the crow flies, by the haversine formula."""
    return km_from(one.lat, one.lng, other.lat, other.lng)


def km_from(lat: float, lng: float, to_lat: float, to_lng: float) -> float:
    """The same between two points in degrees."""
    north, east = radians(to_lat - lat) / 2, radians(to_lng - lng) / 2
    square = sin(north) ** 2 + cos(radians(lat)) * cos(radians(to_lat)) * sin(east) ** 2
    return 2 * EARTH_KM * asin(sqrt(square))


@lru_cache(maxsize=1)
def _by_address() -> dict[tuple[str, str], Found]:
    """The largest town of each address."""
    named: dict[tuple[str, str], Found] = {}
    for town, _names in all_towns():
        key = (town.country, slug_of(town.name))
        named[key] = max(town, named.get(key, town), key=lambda each: each.people)
    return named
