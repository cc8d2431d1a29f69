"""The small map of the home page: which part of the world it shows, and a dot for each town."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, pi, radians, sqrt, tan

from facilities.catalogue.queries.home import Spot

# Units per degree of longitude, as in the outline that assets/base_map.mjs draws.
SCALE = 20
# Width of the picture by its height, the least width in degrees, and the share of listings that must be inside.
SHAPE = 11 / 10
LEAST_WIDTH = 8
INSIDE = 0.94
# So many towns have dots of full size.
FEW = 40


@dataclass(frozen=True, slots=True)
class Dot:
    """A town: its middle and radius in units of the picture."""

    x: float
    y: float
    radius: float
    city: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A picture in Mercator's projection. `view_box` is SVG's: left, top, width and height."""

    view_box: str
    dots: list[Dot]
    hairline: float


def overview(spots: Sequence[Spot]) -> Overview | None:
    """The picture that shows where nearly all listings are, largest dots first; None without any place."""
    if not spots:
        return None
    left, top, width, height = _frame(spots)
    radii = _radii([spot.count for spot in spots], width)
    dots = [Dot(*project(s.lat, s.lng), radius, s.city) for s, radius in zip(spots, radii, strict=True)]
    return Overview(f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}", dots, round(width / 500, 2))


def project(lat: float, lng: float) -> tuple[float, float]:
    """Units from the crossing of equator and Greenwich, x to the east and y to the south."""
    north = log(tan(pi / 4 + radians(min(max(lat, -85), 85)) / 2)) * 180 / pi
    return round(lng * SCALE, 1), round(-north * SCALE, 1)


def _frame(spots: Sequence[Spot]) -> tuple[float, float, float, float]:
    """Left, top, width, height around most listings, with a margin, in the picture's shape."""
    points = [(*project(spot.lat, spot.lng), spot.count) for spot in spots]
    west, east = _spread([(x, count) for x, y, count in points])
    north, south = _spread([(y, count) for x, y, count in points])
    width = max(east - west, (south - north) * SHAPE, LEAST_WIDTH * SCALE) * 1.16
    height = width / SHAPE
    return (west + east - width) / 2, (north + south - height) / 2, width, height


def _spread(values: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """The lowest and highest value after as many at both ends were left out as INSIDE allows."""
    ordered = sorted(values)
    spare = sum(count for _, count in ordered) * (1 - INSIDE) / 2
    return _trimmed(ordered, spare), _trimmed(ordered[::-1], spare)


def _trimmed(ordered: Sequence[tuple[float, int]], spare: float) -> float:
    for value, count in ordered:
        spare -= count
        if spare < 0:
            return value
    return ordered[-1][0]


def _radii(counts: Sequence[int], width: float) -> Iterator[float]:
    """Areas grow with the counts; many towns get smaller dots than few."""
    largest, room = max(counts), min(1.0, max(0.5, sqrt(FEW / len(counts))))
    for count in counts:
        yield round(width * room * (0.006 + 0.018 * sqrt(count / largest)), 1)
