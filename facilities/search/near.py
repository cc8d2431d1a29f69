"""Places in an address: a point to be near to, and a part of the map."""

import re
from dataclasses import dataclass
from functools import lru_cache

from facilities.catalogue.gazetteer import read_address
from search_index import Box

DEGREES = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*")
FARTHEST_NORTH, FARTHEST_EAST = 90, 180
DECIMALS = 4
"""Of degrees in an address: eleven metres."""

RADII = (10, 25, 50, 100, 250, 500)
"""What the page offers, in km; an address may say any whole number up to WIDEST."""

WIDEST = 20_000
"""Kilometres from any place to its opposite on the globe."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point (WGS 84 degrees) and what it is called; a point without a name is called by its degrees."""

    lat: float
    lng: float
    name: str


@lru_cache(maxsize=512)
def spot(text: str) -> Spot | None:
    """The point that "59.86,17.64", "Uppsala" or "Lund, Sweden" names; None if it names none that is known."""
    if degrees := DEGREES.fullmatch(text):
        lat, lng = float(degrees[1]), float(degrees[2])
        return Spot(lat, lng, f"{lat:g}, {lng:g}") if _on_earth(lat, lng) else None
    place = read_address(text).place
    return Spot(place.lat, place.lng, place.name) if place else None


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
