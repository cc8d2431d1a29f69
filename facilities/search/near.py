"""Places in an address: a point to be near to, and a part of the map."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extract

from facilities.catalogue.gazetteer import Found, all_towns, read_address
from facilities.catalogue.names import fold
from search_index import Box

DEGREES = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*")
FARTHEST_NORTH, FARTHEST_EAST = 90, 180
DECIMALS = 4
"""Of degrees in an address: eleven metres."""

RADII = (10, 25, 50, 100, 250, 500)
"""What the page offers, in km; an address may say any whole number up to WIDEST."""

MOST_NEAREST = 3
LIKE_ENOUGH = 0.87
"""Similarity (Jaro-Winkler, which looks at the beginning first) from which a name may be meant by a misspelling."""
AS_LIKE = 0.05
"""How much less than the likest another may be like it, to be offered too."""

WIDEST = 20_000
"""Kilometres from any place to its opposite on the globe."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point (WGS 84 degrees) and what it is called on the spot; one without a name is called by its degrees. `said`
    is what a reader knows it by, who may have written Copenhagen."""

    lat: float
    lng: float
    name: str
    said: str


@lru_cache(maxsize=512)
def spot(text: str) -> Spot | None:
    """The point that "59.86,17.64", "Uppsala" or "Lund, Sweden" names; None if it names none that is known."""
    if degrees := DEGREES.fullmatch(text):
        lat, lng = float(degrees[1]), float(degrees[2])
        name = f"{lat:g}, {lng:g}"
        return Spot(lat, lng, name, name) if _on_earth(lat, lng) else None
    address = read_address(text)
    place = address.place
    return Spot(place.lat, place.lng, place.name, _as_written(address.city, place.name)) if place else None


def nearest_towns(text: str) -> list[str]:
    """Names of towns that look like a text that names none, the likest first."""
    names, like = _by_name(), JaroWinkler.similarity
    found = extract(fold(text), names.keys(), scorer=like, limit=3 * MOST_NEAREST, score_cutoff=LIKE_ENOUGH)
    near_best = [each for each in found if each[1] > found[0][1] - AS_LIKE]
    likest = sorted(near_best, key=lambda each: (-each[1], -names[each[0]].people))
    return list(dict.fromkeys(names[name].name for name, _score, _at in likest))[:MOST_NEAREST]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Found]:
    """The largest town of each name, folded."""
    named: dict[str, Found] = {}
    for town, names in all_towns():
        for name in names:
            named[name] = max(town, named.get(name, town), key=lambda each: each.people)
    return named


def _as_written(city: str, name: str) -> str:
    """The town as its name is written on the spot, or by the other name that somebody knows it by."""
    if fold(city) == fold(name):
        return name
    return city.title() if city.islower() else city


def read_box(text: str) -> Box:
    """The rectangle that "west,south,east,north" names, as maps on the web write it. Raises ValueError."""
    west, south, east, north = (round(float(part), DECIMALS) for part in text.split(","))
    if not (_on_earth(south, west) and _on_earth(north, east) and south < north):
        raise ValueError("not a rectangle on the map")
    return Box(south=south, west=west, north=north, east=east)


def box_text(box: Box) -> str:
    """The box as `read_box` reads it."""
    sides = (f"{side:.{DECIMALS}f}" for side in (box.west, box.south, box.east, box.north))
    return ",".join(side.rstrip("0").rstrip(".") for side in sides)


def _on_earth(lat: float, lng: float) -> bool:
    """False for what is no number, too."""
    return abs(lat) <= FARTHEST_NORTH and abs(lng) <= FARTHEST_EAST
