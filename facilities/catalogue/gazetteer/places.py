"""Towns by the beginning of any of their names. The file holds facts of GeoNames (CC BY 4.0); `assets/gazetteer.py`
makes it."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from pathlib import Path

from facilities.catalogue.models import country_name
from facilities.catalogue.names import fold

FILE = Path(__file__).with_name("places.tsv")
NORDIC = {"AX", "DK", "FI", "FO", "GL", "IS", "NO", "SE", "SJ"}
AFTER_ALL = "\uffff"
SHORTEST = 2
"""Letters from which towns are looked up."""


@dataclass(frozen=True, slots=True)
class Found:
    """A town: its name on the spot, its region where one is known, ISO 3166-1 alpha-2 country, WGS 84 degrees."""

    name: str
    admin: str
    country: str
    lat: float
    lng: float
    people: int

    @property
    def label(self) -> str:
        """The town as people tell it from others: Turku, Varsinais-Suomi, Finland."""
        region = "" if self.admin == self.name else self.admin
        return ", ".join(part for part in (self.name, region, country_name(self.country)) if part)


def find_places(q: str, country: str | None = None, limit: int = 10) -> list[Found]:
    """Towns one of whose names begins with `q`: those called exactly so first, then the larger ones."""
    found = sorted(_named(q, country), key=lambda each: (not each[1], -each[0].people, each[0].name))
    return [place for place, _is_whole_name in found[:limit]]


def towns_within(south: float, west: float, north: float, east: float, limit: int = 20) -> list[Found]:
    """The largest towns between these degrees."""
    inside = (place for place in _towns()[1] if south <= place.lat <= north and west <= place.lng <= east)
    return nlargest(limit, inside, key=lambda place: place.people)


def town(name: str, country: str | None = None) -> Found | None:
    """The largest town that is called so; a Nordic one before others when no country is given."""
    called = [place for place, is_whole_name in _named(name, country) if is_whole_name]
    return min(called, key=lambda place: (place.country not in NORDIC, -place.people), default=None)


def all_towns() -> Iterator[tuple[Found, list[str]]]:
    """Every town with all its names, in small letters without accents."""
    keys, towns = _towns()
    names: list[list[str]] = [[] for _town in towns]
    for key, number in keys:
        names[number].append(key)
    return zip(towns, names, strict=True)


def _named(q: str, country: str | None) -> list[tuple[Found, bool]]:
    """Towns with a name that begins with `q`, and whether `q` is a whole name of theirs."""
    key = fold(q)
    if len(key) < SHORTEST:
        return []
    keys, towns = _towns()
    first, last = bisect_left(keys, (key, 0)), bisect_left(keys, (key + AFTER_ALL, 0))
    numbers: dict[int, bool] = {}
    for name, number in keys[first:last]:
        numbers[number] = numbers.get(number, False) or name == key
    return [(towns[n], whole) for n, whole in numbers.items() if not country or towns[n].country == country]


@lru_cache(maxsize=1)
def _towns() -> tuple[list[tuple[str, int]], list[Found]]:
    """All (folded name, number of the town) in order, and the towns. About 4 MB, read at the first question."""
    keys, towns = [], []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines()):
        name, country, admin, lat, lng, people, names = line.split("\t")
        towns.append(Found(name, admin, country, float(lat), float(lng), int(people)))
        keys += [(key, number) for key in names.split("|")]
    return sorted(keys), towns
